import { existsSync, mkdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname } from "node:path";
import { parseArgs } from "node:util";
import { exitCode, type Verdict } from "../../core/verdict.ts";
import { renderSlurmdEnvironment } from "../boot/render.ts";
import { Refusal } from "../failure.ts";
import { type GateAnswer, runGate } from "../gate/gate.ts";
import { proposePins } from "../gate/propose.ts";
import { renderVerified } from "../health/verified.ts";
import { writeAtomically } from "../io/files.ts";
import { systemPath } from "../io/process.ts";
import { readMachineRecord } from "../machine.ts";
import { checkoutPath, machinePaths } from "../paths.ts";
import { agentVersion } from "../version.ts";

/** Long enough for a rebuild in progress to end, short enough for a boot. */
const lockWaitSeconds = 120;

/** `logos-agent gate`: decides whether this machine may take work. Exit code 0 admitted, 1 refused, 2 could not be decided. */
export async function gateCommand(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: { bake: { type: "boolean" }, propose: { type: "boolean" }, checkout: { type: "string" } },
  });
  const checkout = values.checkout ?? checkoutPath;
  if (values.propose === true) {
    process.stdout.write(await proposePins(checkout));
    return 0;
  }
  if (process.getuid?.() !== 0)
    throw new Refusal(
      "The gate writes the machine's verdict and must run as root. A clone of your own is checked by: logos-agent rebuild",
    );
  const answer = await runGate({
    kind: values.bake === true ? "bake" : "boot",
    checkout,
    paths: machinePaths,
    slots: slotsOfThisMachine(),
    lockWaitSeconds,
    searchPath: systemPath,
    agentVersion: agentVersion(),
    progress: (line) => process.stderr.write(`${line}\n`),
  });
  report(answer.verdict);
  keep(answer);
  return exitCode(answer.verdict);
}

/** CPUs by the machine's record; on a machine that has none, such as a builder, what the kernel allows this process. */
export function slotsOfThisMachine(): number {
  return existsSync(machinePaths.machine) ? readMachineRecord(machinePaths.machine).cpus : availableParallelism();
}

/** The verdict to standard output, on one line, and for people the first failure to standard error. */
export function report(verdict: Verdict): void {
  process.stdout.write(`${JSON.stringify(verdict)}\n`);
  const { firstFailure } = verdict;
  if (firstFailure === undefined) {
    process.stderr.write(`PASS: ${verdict.checks.length} checks in ${verdict.seconds} s\n`);
    return;
  }
  const output =
    firstFailure.outputTail === "" ? "" : `\nThe end of its output:\n${firstFailure.outputTail.trimEnd()}\n`;
  process.stderr.write(`FAIL at "${firstFailure.id}": ${firstFailure.message}${output}\n`);
}

/**
 * The verdict, and what hangs on it: the list for the health check and, after a PASS at boot, what slurmd needs to register.
 * Without a PASS there is no such file (logos-smoke.service removed it), and slurmd does not start. The verdict goes last:
 * who reads a PASS finds the rest.
 */
function keep({ verdict, facts }: GateAnswer): void {
  mkdirSync(dirname(machinePaths.verdict), { recursive: true, mode: 0o755 });
  if (facts.verified !== undefined) writeAtomically(machinePaths.verified, renderVerified(facts.verified));
  if (verdict.kind === "boot" && verdict.result === "PASS" && existsSync(machinePaths.machine))
    writeAtomically(
      machinePaths.slurmdEnvironment,
      renderSlurmdEnvironment(readMachineRecord(machinePaths.machine), verdict),
    );
  writeAtomically(machinePaths.verdict, `${JSON.stringify(verdict, null, 2)}\n`);
}
