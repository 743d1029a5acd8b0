import { existsSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { placesFor } from "../places.ts";
import { withPolicyPack } from "./arguments.ts";
import { removeDeadLocks } from "./locks.ts";
import { ensurePassphrase } from "./passphrase.ts";

/** Becomes the Pulumi CLI: the same process, so that signals, terminal and exit code are the CLI's own. */
function main(args: readonly string[]): never {
  if (process.execve === undefined) throw new Error("This Node cannot replace itself by another program.");
  const places = placesFor(process.env);
  const pack = join(places.root, "policies/run");
  const environment: Record<string, string> = {
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // Each run loads the SDK twice, for the program and for the guardrails; compiled code is kept from run to run.
    NODE_COMPILE_CACHE: join(places.root, "node_modules/.cache/node"),
    // The program allocates much and keeps little: left to itself, V8 takes 320 MB for 60 MB of live objects, with 8 MiB
    // of young generation 235 MB at a tenth more time.
    NODE_OPTIONS: "--max-semi-space-size=8",
    ...definedOnly(process.env),
    // Node 24 for the program and the guardrails. The CLI's own folder comes before that of another Pulumi, whose
    // language host would otherwise be taken.
    PATH: [join(places.root, "node_modules/.bin"), places.cli, process.env.PATH ?? ""].join(delimiter),
  };
  if (environment.PULUMI_CONFIG_PASSPHRASE === undefined && environment.PULUMI_CONFIG_PASSPHRASE_FILE === undefined) {
    ensurePassphrase(places.passphrase);
    environment.PULUMI_CONFIG_PASSPHRASE_FILE = places.passphrase;
  }
  removeDeadLocks(environment.PULUMI_BACKEND_URL ?? projectBackend(places.root));
  const guarded = existsSync(pack) ? withPolicyPack(args, pack) : args;
  return process.execve(join(places.cli, "pulumi"), ["pulumi", ...guarded], environment);
}

/** The backend that Pulumi.yaml names: a line `url: …`, which nothing else in that file has. */
function projectBackend(root: string): string {
  return /^ {2}url: (?<url>\S+)$/m.exec(readFileSync(join(root, "Pulumi.yaml"), "utf8"))?.groups?.url ?? "";
}

function definedOnly(environment: NodeJS.ProcessEnv): Record<string, string> {
  const defined: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) if (value !== undefined) defined[name] = value;
  return defined;
}

main(process.argv.slice(2));
