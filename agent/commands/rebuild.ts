import { parseArgs } from "node:util";
import { exitCode } from "../../core/verdict.ts";
import { runGate } from "../gate/gate.ts";
import { systemPath } from "../io/process.ts";
import { withScratch } from "../io/scratch.ts";
import { cloneWorkload, slotsOfThisJob } from "../jobs/checkout.ts";
import { machinePaths } from "../paths.ts";
import { agentVersion } from "../version.ts";
import { report, slotsOfThisMachine } from "./gate.ts";

/**
 * `logos-agent rebuild [--commit C]`: for any user, in a Slurm job or by hand. Rebuilds and checks the proofs in a clean clone
 * of its own, at the image's commit or another of its history, prints the verdict, and leaves nothing behind. Exit codes as
 * for the gate.
 */
export async function rebuildCommand(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: { commit: { type: "string" } } });
  return withScratch(undefined, async (scratch) => {
    const { folder, commit } = await cloneWorkload(scratch, values.commit);
    const { verdict } = await runGate({
      kind: "rebuild",
      checkout: folder,
      commit,
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
