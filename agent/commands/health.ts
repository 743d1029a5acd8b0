import { readFileSync } from "node:fs";
import { messageOf } from "../../core/errors.ts";
import { readJson } from "../../core/json.ts";
import { healthReason } from "../../core/slurm/reasons.ts";
import { parseVerdict } from "../../core/verdict.ts";
import { Refusal } from "../failure.ts";
import { inspect } from "../health/inspect.ts";
import { parseVerified } from "../health/verified.ts";
import { writeAtomically } from "../io/files.ts";
import { run, systemPath } from "../io/process.ts";
import { readMachineRecord } from "../machine.ts";
import { machinePaths, type Paths } from "../paths.ts";

/**
 * `logos-agent health`: Slurm's health check. A node whose files are no longer the verified ones, or that has no verdict,
 * is drained with the reason. Exit code 0 sound, 1 drained, 2 could not be drained.
 */
export async function healthCommand(): Promise<number> {
  const finding = examine(machinePaths);
  if (finding === undefined) return 0;
  // The pool manager knows by this beginning that no person set the reason, and replaces the node.
  const reason = `${healthReason} ${finding}`;
  const { name } = readMachineRecord(machinePaths.machine);
  process.stderr.write(`${reason}\n`);
  const argv = ["scontrol", "update", `nodename=${name}`, "state=drain", `reason=${reason}`] as const;
  const finished = await run({ argv, cwd: "/", env: { PATH: systemPath }, timeoutSeconds: 20 });
  if (finished.code === 0) return 1;
  throw new Refusal(`${name} should be drained (${reason}), but scontrol refused: ${finished.tail.trim()}`);
}

/** Why this machine must not get work, in words; undefined when it may. What cannot be looked at is a reason. */
export function examine(paths: Paths): string | undefined {
  try {
    const verdict = parseVerdict(readFileSync(paths.verdict, "utf8"), paths.verdict);
    if (verdict.result !== "PASS" || verdict.kind !== "boot")
      return `gate: the ${verdict.kind} verdict is ${verdict.result}${verdict.firstFailure === undefined ? "" : ` at ${verdict.firstFailure.id}`}`;
    const turn = nextTurn(paths.healthCursor);
    const wrong = inspect(parseVerified(readFileSync(paths.verified, "utf8"), paths.verified), turn);
    if (wrong.length === 0) return undefined;
    return `image changed: ${wrong.slice(0, 3).join(", ")}${wrong.length > 3 ? ` and ${wrong.length - 3} more` : ""}`;
  } catch (error) {
    return `could not be checked: ${messageOf(error)}`;
  }
}

/** Counts the runs since boot, so that each reads another share. A lost or broken count starts again. */
function nextTurn(path: string): number {
  let turn = 0;
  try {
    turn = readJson(readFileSync(path, "utf8"), path, (fields) => fields.integer("turn", 0)) + 1;
  } catch {
    // The first run, or a count cut off by a crash: which share is read first does not matter.
  }
  writeAtomically(path, JSON.stringify({ turn }));
  return turn;
}
