const stem = "n-";
const stamp = /^n-([0-9a-z]{8})$/;

/**
 * A node name that was never used: the time in milliseconds, base 36, always later than `last`. Slurm keeps the jobs of a
 * name that comes back on a new machine as if they still ran there, so a name must never come back; and names sort by age.
 */
export function nextNodeName(last: string | undefined, nowMs: number): string {
  const previous = last === undefined ? 0 : parseInt(stamp.exec(last)?.[1] ?? "0", 36);
  return (
    stem +
    Math.max(nowMs, previous + 1)
      .toString(36)
      .padStart(8, "0")
  );
}

export function isNodeName(name: string): boolean {
  return stamp.test(name);
}
