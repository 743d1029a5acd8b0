import { join } from "node:path";
import { compileGo } from "./go.ts";
import type { Places } from "./places.ts";
import { goArchitecture } from "./platform.ts";
import type { Tool } from "./tool.ts";
import { versions } from "./versions.ts";

/** The provider behind `@pulumi/command`. The one that is compiled is ours, and says so on every run. */
export function commandPlugin(places: Places): Tool {
  const release = `https://github.com/pulumi/pulumi-command/releases/download/v${versions.commandPlugin}`;
  const standIn = join(places.root, "toolchain/command-plugin");
  const program = "pulumi-resource-command";
  return {
    name: `Plugin command ${versions.commandPlugin}`,
    directory: places.commandPlugin,
    programs: [program],
    official: {
      url: `${release}/${program}-v${versions.commandPlugin}-linux-${goArchitecture()}.tar.gz`,
      checksumsUrl: `${release}/pulumi-command_${versions.commandPlugin}_checksums.txt`,
      folder: ".",
    },
    sources: [standIn],
    compile: (into) => compileGo({ module: standIn, package: ".", output: join(into, program) }),
  };
}
