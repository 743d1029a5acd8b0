import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { commitPattern } from "../../core/digest.ts";
import { parseWorkloadRecord } from "../../core/manifest.ts";
import { Refusal } from "../failure.ts";
import { type Command, run, systemPath } from "../io/process.ts";
import { checkoutPath, machinePaths } from "../paths.ts";

export interface Checkout {
  readonly folder: string;
  readonly commit: string;
}

/**
 * Clones the image's workload into `scratch`, at its own commit or at another of its history: nothing of another run is in it.
 * @throws Refusal when the image does not hold the commit, or git fails.
 */
export async function cloneWorkload(scratch: string, asked?: string): Promise<Checkout> {
  if (asked !== undefined && !commitPattern.test(asked)) throw new Refusal(`"${asked}" is not a full commit id`);
  const commit =
    asked ?? parseWorkloadRecord(readFileSync(machinePaths.workload, "utf8"), machinePaths.workload).commit;
  const folder = join(scratch, "workload");
  const config = join(scratch, "gitconfig");
  // The source belongs to the user logos. Only a file is honoured here: git drops such settings from the environment when it
  // starts the program that reads the source.
  writeFileSync(config, `[safe]\n\tdirectory = ${checkoutPath}\n\tdirectory = ${checkoutPath}/.git\n`);
  for (const args of [
    ["clone", "--quiet", "--no-hardlinks", "--no-checkout", checkoutPath, folder],
    ["-C", folder, "checkout", "--quiet", "--detach", commit],
  ]) {
    const command: Command = {
      argv: ["git", ...args],
      cwd: scratch,
      env: { PATH: systemPath, HOME: scratch, LANG: "C.UTF-8", GIT_CONFIG_GLOBAL: config, GIT_CONFIG_NOSYSTEM: "1" },
      timeoutSeconds: 120,
    };
    const finished = await run(command);
    if (finished.code !== 0) throw new Refusal(`git ${args[0]} of ${checkoutPath} failed: ${finished.tail.trim()}`);
  }
  return { folder, commit };
}

/** CPUs that Slurm gave this job on this node; no bound outside of a job. */
export function slotsOfThisJob(): number {
  const given = process.env.SLURM_CPUS_ON_NODE;
  return given !== undefined && /^[1-9]\d*$/.test(given) ? Number(given) : Number.POSITIVE_INFINITY;
}
