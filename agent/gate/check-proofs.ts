import { existsSync } from "node:fs";
import { join } from "node:path";
import { messageOf } from "../../core/errors.ts";
import { CheckFailure } from "../failure.ts";
import { findProgram } from "../io/process.ts";
import { causeOf } from "./cause.ts";
import { type Check, mustSucceed, runAsWorkload } from "./context.ts";
import { coqVersion } from "./coq.ts";

const script = "test_lem_discharge.py";
const marker = "Overall status: PASS";
/** The compute plan's bound for one rebuild: 15 minutes. A rebuild takes seconds. */
const timeoutSeconds = 900;

/** The workload's own gate rebuilds every proof from its source and says PASS. */
export const proofsCheck: Check = {
  id: "proofs",
  title: "rebuild of every proof",
  async run(context) {
    if (!existsSync(join(context.checkout, script)))
      throw new CheckFailure(`${script} is missing from ${context.checkout}`, { couldNotRun: true });
    for (const program of ["python3", "make", "git", "coqc", "coq_makefile", "coqtop", "coqchk"]) {
      try {
        findProgram(program, context.searchPath);
      } catch (error) {
        throw new CheckFailure(messageOf(error), { couldNotRun: true });
      }
    }
    const version = await coqVersion(context);
    const finished = await runAsWorkload(context, ["python3", script], timeoutSeconds);
    const cause = finished.code === 0 ? "" : causeOf(`${finished.stdout}\n${finished.stderr}`);
    mustSucceed(cause === "" ? `python3 ${script}` : `${cause}. python3 ${script}`, finished, timeoutSeconds);
    if (!finished.stdout.split("\n").includes(marker))
      throw new CheckFailure(`python3 ${script} ended with exit code 0 but did not print the line "${marker}"`, {
        outputTail: finished.tail,
      });
    return { coqVersion: version };
  },
};
