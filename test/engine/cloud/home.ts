import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { placesFor } from "../../../toolchain/places.ts";
import { sdkVersion } from "./shape.ts";
import { cloudPackages } from "./tables.ts";

/**
 * Makes a Pulumi home in which the engine finds the pinned CLI and, in place of the providers' plugins, the simulated ones: by the
 * versions that the SDKs ask for, in the places where the real ones would be.
 */
export function makePulumiHome(home: string): void {
  mkdirSync(join(home, "plugins"), { recursive: true });
  const versions = dirname(dirname(placesFor(process.env).cli));
  symlinkSync(versions, join(home, "versions"));
  for (const name of [...cloudPackages, "command"]) {
    const folder = join(home, "plugins", `resource-${name}-v${sdkVersion(name)}`);
    mkdirSync(folder);
    writeFileSync(join(folder, `pulumi-resource-${name}`), start(name), { mode: 0o755 });
  }
}

function start(name: string): string {
  const repository = join(import.meta.dirname, "../../..");
  return `#!/bin/sh
# A test's stand-in for the provider ${name}; see test/engine/README.md of the repository that made it.
export NODE_COMPILE_CACHE=${repository}/node_modules/.cache/engine
exec ${repository}/node_modules/.bin/node ${join(import.meta.dirname, "plugin.ts")} ${name} "$@"
`;
}
