import { readdirSync, readFileSync } from "node:fs";

/**
 * Peak resident memory, in MiB, of the Node process that runs the Pulumi program below `ancestor`, as the kernel counts it (VmHWM).
 * Undefined while there is none.
 */
export function programPeakMiB(ancestor: number): number | undefined {
  const parents = new Map<number, number>();
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    const parent = /^PPid:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1];
    if (parent !== undefined) parents.set(Number(pid), Number(parent));
  }
  const isBelow = (pid: number): boolean => {
    const parent = parents.get(pid);
    return parent !== undefined && (parent === ancestor || isBelow(parent));
  };
  for (const pid of parents.keys()) {
    if (!read(`/proc/${pid}/cmdline`).includes("@pulumi/pulumi/cmd/run") || !isBelow(pid)) continue;
    if (read(`/proc/${pid}/cmdline`).includes("run-policy-pack")) continue;
    const peak = /^VmHWM:\s+(\d+) kB/m.exec(read(`/proc/${pid}/status`))?.[1];
    if (peak !== undefined) return Number(peak) / 1024;
  }
  return undefined;
}

/** A process may end between two looks at it; then there is nothing to read. */
function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
