import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { versions } from "./versions.ts";

/** Where a tool lies, and where it is prepared. All of it is Pulumi's own layout, except what is named `logos-…`. */
export interface Places {
  /** The checkout. */
  readonly root: string;
  /** Folder of the Pulumi CLI and its language host; `npx pulumi` and the Automation API look in the same one. */
  readonly cli: string;
  /** Folder of the `command` plugin, as the CLI's plugin cache names it. */
  readonly commandPlugin: string;
  /** Folder for downloads and builds. On the same file system as the places above, so that a rename publishes them. */
  readonly staging: string;
  /** Passphrase of stacks whose user has set none. */
  readonly passphrase: string;
}

/** The places for one user's environment; `PULUMI_HOME` moves them as it moves Pulumi itself. */
export function placesFor(environment: NodeJS.ProcessEnv): Places {
  const home = environment.PULUMI_HOME || join(homedir(), ".pulumi");
  return {
    root: dirname(import.meta.dirname),
    cli: join(home, "versions", versions.pulumi, "bin"),
    commandPlugin: join(home, "plugins", `resource-command-v${versions.commandPlugin}`),
    staging: join(home, "logos-staging"),
    passphrase: join(home, "logos-passphrase"),
  };
}
