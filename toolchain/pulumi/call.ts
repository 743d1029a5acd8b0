import { existsSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { placesFor } from "../places.ts";
import { keepingProtected, withPolicyPack } from "./arguments.ts";
import { ensurePassphrase } from "./passphrase.ts";

/** How the pinned CLI is started for a command line of the user's. */
export interface Call {
  readonly program: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** URL of the backend that the CLI will use, as far as it can be told from here; empty where it cannot. */
  readonly backend: string;
}

/** Finds the CLI, adds guardrails and what protects data, and makes a passphrase where the user has set none. */
export function callOf(args: readonly string[], given: NodeJS.ProcessEnv): Call {
  const places = placesFor(given);
  const pack = join(places.root, "policies/run");
  const environment: Record<string, string> = {
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // Each run loads the SDK twice, for the program and for the guardrails; compiled code is kept from run to run.
    NODE_COMPILE_CACHE: join(places.root, "node_modules/.cache/node"),
    // The program allocates much and keeps little: left to itself, V8 takes 320 MB for 60 MB of live objects, with 8 MiB
    // of young generation 235 MB at a tenth more time.
    NODE_OPTIONS: "--max-semi-space-size=8",
    ...definedOnly(given),
    // Node 24 for the program and the guardrails. The CLI's own folder comes before that of another Pulumi, whose
    // language host would otherwise be taken.
    PATH: [join(places.root, "node_modules/.bin"), places.cli, given.PATH ?? ""].join(delimiter),
  };
  if (environment.PULUMI_CONFIG_PASSPHRASE === undefined && environment.PULUMI_CONFIG_PASSPHRASE_FILE === undefined) {
    ensurePassphrase(places.passphrase);
    environment.PULUMI_CONFIG_PASSPHRASE_FILE = places.passphrase;
  }
  return {
    program: join(places.cli, "pulumi"),
    args: keepingProtected(existsSync(pack) ? withPolicyPack(args, pack) : args),
    environment,
    backend: environment.PULUMI_BACKEND_URL ?? projectBackend(places.root),
  };
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
