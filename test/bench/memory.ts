import { readFileSync } from "node:fs";
import { familyOf } from "../support/processes.ts";
import type { Running } from "../support/stack.ts";

const everyMs = 50;

/**
 * Peak resident memory, in MiB, of the Pulumi program that a running CLI started, as the kernel counts it (VmHWM); 0 when there was
 * none. It looks until the CLI ends, at little cost to what it measures: once the program is found, at it alone.
 */
export async function peakDuring(running: Running): Promise<number> {
  let peak = 0;
  let program: number | undefined;
  let done = false;
  void running.done.then(() => {
    done = true;
  });
  while (!done) {
    program ??= programOf(running.process.pid ?? 0);
    if (program !== undefined) peak = Math.max(peak, peakOf(program));
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
  return peak;
}

function programOf(cli: number): number | undefined {
  return familyOf(cli).find(
    ({ commandLine }) => commandLine.includes("@pulumi/pulumi/cmd/run/") && !commandLine.includes("run-policy-pack"),
  )?.pid;
}

function peakOf(pid: number): number {
  try {
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024;
  } catch {
    // It has ended.
    return 0;
  }
}
