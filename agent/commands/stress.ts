import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Finding } from "../../core/jobs/record.ts";
import { systemPath } from "../io/process.ts";
import { withScratch } from "../io/scratch.ts";
import { cloneWorkload } from "../jobs/checkout.ts";
import { runLive } from "../jobs/live.ts";

const script = "scripts/stress_sop_runtime.py";

/**
 * `logos-agent stress [--commit C]`: runs the workload's stress harness in a clean checkout and says what it said. Its
 * workloads are stubs upstream, and a commit need not have it at all: then the verdict is SKIPPED or NOT RUN, never a PASS.
 * Exit code: the harness's own, 2 when there is none.
 */
export async function stressCommand(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: { commit: { type: "string" } } });
  return withScratch(undefined, async (scratch) => {
    const { folder, commit } = await cloneWorkload(scratch, values.commit);
    if (!existsSync(join(folder, script)))
      return say({ verdict: "NOT RUN", reason: `commit ${commit} has no ${script}`, commit }, 2);
    const report = join(scratch, "stress.json");
    const code = await runLive(["python3", script, "--output", report], folder, {
      PATH: systemPath,
      HOME: scratch,
      LANG: "C.UTF-8",
      LOGOS_STATE_DIR: join(scratch, "state"),
      PYTHONDONTWRITEBYTECODE: "1",
    });
    if (code !== 0) return say({ verdict: "FAIL", reason: `${script} ended with exit code ${code}`, commit }, code);
    const skipped = skippedReason(existsSync(report) ? readFileSync(report, "utf8") : "");
    if (skipped !== undefined) return say({ verdict: "SKIPPED", reason: skipped, commit }, 0);
    return say({ verdict: "PASS", commit }, 0);
  });
}

/** Why the harness's report shows no work done; undefined when it does show some. */
export function skippedReason(report: string): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(report);
  } catch {
    return "it left no report";
  }
  const workloads = typeof value === "object" && value !== null && "workloads" in value ? value.workloads : undefined;
  if (typeof workloads !== "object" || workloads === null || !("skipped" in workloads))
    return "its report names no workloads";
  if (workloads.skipped === false) return undefined;
  const reason = "reason" in workloads && typeof workloads.reason === "string" ? `: ${workloads.reason}` : "";
  return `its workloads are stubs and did nothing${reason}`;
}

function say(finding: Finding, code: number): number {
  process.stdout.write(`${JSON.stringify(finding)}\n`);
  return code;
}
