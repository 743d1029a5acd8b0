import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { auditId, type Finding } from "../../core/jobs/record.ts";
import { Refusal } from "../failure.ts";
import { takeLock } from "../io/lock.ts";
import { systemPath } from "../io/process.ts";
import { withScratch } from "../io/scratch.ts";
import { cloneWorkload } from "../jobs/checkout.ts";
import { runLive } from "../jobs/live.ts";
import { stateFolder } from "../paths.ts";

const auditLog = join(stateFolder, "alignment_LOGOS-AGENT-OMEGA.json");
/** A boot takes seconds; Slurm lets one boot run at a time, and another may be started by hand. */
const lockWaitSeconds = 300;

/**
 * `logos-agent boot [--commit C]`: boots the aligned agent in a clean checkout, as the user logos, with the node's state
 * folder. Ends with one line of JSON: ALIGNED or SANDBOXED, and the id of the audit entry that was added. The exit code is
 * the workload's own.
 */
export async function bootCommand(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: { commit: { type: "string" } } });
  if (process.getuid?.() === 0)
    throw new Refusal("The workload's code must not run as root: sudo -u logos logos-agent boot");
  mkdirSync(stateFolder, { recursive: true });
  const lock = takeLock(join(stateFolder, ".boot.lock"), "a boot", lockWaitSeconds);
  try {
    return await withScratch(undefined, async (scratch) => {
      const { folder, commit } = await cloneWorkload(scratch, values.commit);
      const before = readEntries();
      const code = await runLive(["python3", "scripts/boot_aligned_agent.py"], folder, {
        PATH: systemPath,
        HOME: scratch,
        LANG: "C.UTF-8",
        LOGOS_STATE_DIR: stateFolder,
        PYTHONDONTWRITEBYTECODE: "1",
      });
      const entries = readEntries();
      const added = entries.length > before.length ? entries.at(-1) : undefined;
      const finding: Finding = {
        verdict: code === 0 ? "ALIGNED" : "SANDBOXED",
        commit,
        ...(added === undefined ? { reason: "no entry was added to the audit log" } : { auditId: auditId(added) }),
      };
      process.stdout.write(`${JSON.stringify(finding)}\n`);
      // An agent that is called aligned without a record of it is not.
      return code === 0 && added === undefined ? 1 : code;
    });
  } finally {
    lock.release();
  }
}

function readEntries(): readonly unknown[] {
  if (!existsSync(auditLog)) return [];
  try {
    const entries: unknown = JSON.parse(readFileSync(auditLog, "utf8"));
    if (Array.isArray(entries)) return entries;
  } catch {
    // Told below.
  }
  throw new Refusal(`${auditLog} is not a JSON array: restore it from the audit store`);
}
