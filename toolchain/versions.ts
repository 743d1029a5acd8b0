/**
 * The version of each tool that does not come from npm. What npm installs, Node among it, is pinned in package.json and
 * package-lock.json; the oldest Go that will do is the `go` line of the module that is compiled.
 */
export const versions = {
  /** Pulumi CLI: the last release whose Go modules are published, so that it can be compiled where it cannot be had. */
  pulumi: "3.259.0",
  /** Node.js language host to compile when the CLI's own cannot be had: the last one inside the `sdk/v3` module. */
  languageHostFallback: "3.68.0",
  /**
   * Plugin of `@pulumi/command`, and exactly this one: the 4.5.0 on npm is an older program under a wrong number
   * (https://github.com/pulumi/pulumi-command/issues/183).
   */
  commandPlugin: "1.2.1",
} as const;
