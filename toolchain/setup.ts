import { rmSync } from "node:fs";
import { commandPlugin } from "./command-plugin.ts";
import { ensureLabPackages } from "./lab-packages.ts";
import { placesFor } from "./places.ts";
import { pulumiCli } from "./pulumi-cli.ts";
import { SetupError, say } from "./report.ts";
import { ensureTool } from "./tool.ts";

/**
 * The part of the set-up that needs Node 24: `setup.sh` starts it with the lock held. With the argument `lab` a host on
 * which the lab cannot run is an error; without, it is a remark. `test` adds what the tests need.
 */
async function main(args: readonly string[]): Promise<void> {
  const places = placesFor(process.env);
  // Nobody else works in there while the lock is ours: what lies there was left by a set-up that was killed.
  rmSync(places.staging, { recursive: true, force: true });
  await ensureTool(pulumiCli(places), places.staging);
  await ensureTool(commandPlugin(places), places.staging);
  try {
    ensureLabPackages(undefined, args.includes("test"));
  } catch (error) {
    if (args.includes("lab") || !(error instanceof SetupError)) throw error;
    say(`the lab cannot run on this host. ${error.message}`);
  } finally {
    rmSync(places.staging, { recursive: true, force: true });
  }
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  process.stderr.write(`set-up failed. ${error.message}\n`);
  process.exitCode = 1;
}
