import { readFileSync } from "node:fs";
import { parseVerdict } from "../../core/verdict.ts";
import { renderSlurmdEnvironment } from "../boot/render.ts";
import { errorCode, Refusal } from "../failure.ts";
import { writeAtomically } from "../io/files.ts";
import { readMachineRecord } from "../machine.ts";
import { machinePaths } from "../paths.ts";

/** `logos-agent slurmd-env`: after a PASS, what slurmd needs to register. Without a PASS there is no such file, and slurmd does not start. */
export async function slurmdEnvironmentCommand(): Promise<number> {
  let verdict: string;
  try {
    verdict = readFileSync(machinePaths.verdict, "utf8");
  } catch (error) {
    throw new Refusal(
      `${machinePaths.verdict} cannot be read (${errorCode(error) ?? "unknown"}): the gate has given no verdict`,
    );
  }
  const environment = renderSlurmdEnvironment(
    readMachineRecord(machinePaths.machine),
    parseVerdict(verdict, machinePaths.verdict),
  );
  writeAtomically(machinePaths.slurmdEnvironment, environment);
  return 0;
}
