import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseWorkloadRecord } from "../../core/manifest.ts";
import { exitCode } from "../../core/verdict.ts";
import { Refusal } from "../failure.ts";
import { runGate } from "../gate/gate.ts";
import { type Command, run, systemPath } from "../io/process.ts";
import { withScratch } from "../io/scratch.ts";
import { checkoutPath, machinePaths } from "../paths.ts";
import { agentVersion } from "../version.ts";
import { report, slotsOfThisMachine } from "./gate.ts";

/**
 * `logos-agent rebuild`: for any user, in a Slurm job or by hand. Rebuilds and checks the proofs in a clean clone of its
 * own, prints the verdict, and leaves nothing behind. Exit codes as for the gate.
 */
export async function rebuildCommand(): Promise<number> {
  return withScratch(undefined, async (scratch) => {
    const checkout = await cloneWorkload(scratch);
    const { verdict } = await runGate({
      kind: "rebuild",
      checkout,
      paths: machinePaths,
      slots: Math.min(slotsOfThisMachine(), slotsOfThisJob()),
      lockWaitSeconds: 0,
      searchPath: systemPath,
      agentVersion: agentVersion(),
      progress: (line) => process.stderr.write(`${line}\n`),
    });
    report(verdict);
    return exitCode(verdict);
  });
}

/** CPUs that Slurm gave this job on this node; no bound outside of a job. */
function slotsOfThisJob(): number {
  const given = process.env.SLURM_CPUS_ON_NODE;
  return given !== undefined && /^[1-9]\d*$/.test(given) ? Number(given) : Number.POSITIVE_INFINITY;
}

async function cloneWorkload(scratch: string): Promise<string> {
  const { commit } = parseWorkloadRecord(readFileSync(machinePaths.workload, "utf8"), machinePaths.workload);
  const checkout = join(scratch, "workload");
  const config = join(scratch, "gitconfig");
  // The source belongs to the user logos. Only a file is honoured here: git drops such settings from the environment when it
  // starts the program that reads the source.
  writeFileSync(config, `[safe]\n\tdirectory = ${checkoutPath}\n\tdirectory = ${checkoutPath}/.git\n`);
  for (const args of [
    ["clone", "--quiet", "--no-hardlinks", "--no-checkout", checkoutPath, checkout],
    ["-C", checkout, "checkout", "--quiet", "--detach", commit],
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
  return checkout;
}
