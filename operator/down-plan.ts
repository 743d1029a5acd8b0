import { parseArgs } from "node:util";
import { messageOf } from "../core/errors.ts";
import { Complaint } from "./complaint.ts";

/** What `npm run down` was asked for. */
export interface DownRequest {
  readonly stack: string;
  /** Also the stores and the keys that a plain destroy leaves. */
  readonly data: boolean;
}

/**
 * Reads `[STACK] [--data --yes]`. Kept data goes only when both flags are there.
 * @throws Complaint for anything else
 */
export function parseDown(args: readonly string[]): DownRequest {
  const { values, positionals } = parsed(args);
  const [stack = "dev", ...more] = positionals;
  if (more.length > 0) throw new Complaint(`One stack at a time, not ${positionals.join(" and ")}. ${usage}`);
  if (values.data === true && values.yes !== true)
    throw new Complaint(
      `This would remove the stores and the keys of "${stack}" with all that they hold: caches, archives, and everything that is ` +
        `encrypted with those keys. Nothing was done. If you mean it: npm run down -- ${stack} --data --yes`,
    );
  if (values.yes === true && values.data !== true) throw new Complaint(`--yes is for --data alone. ${usage}`);
  return { stack, data: values.data === true };
}

/**
 * The Pulumi command that does it. Protection is passed over for this one run, not taken off: what a run that fails leaves is
 * protected as before.
 */
export function downCommand({ stack, data }: DownRequest): readonly string[] {
  return ["destroy", "--yes", "--stack", stack, ...(data ? ["--ignore-protect"] : [])];
}

const usage = "Usage: npm run down -- [STACK] [--data --yes]";

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { data: { type: "boolean" }, yes: { type: "boolean" } },
    });
  } catch (error) {
    throw new Complaint(`${messageOf(error)}. ${usage}`);
  }
}
