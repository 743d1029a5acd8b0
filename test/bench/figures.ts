import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { machineDescription } from "../claims/report.ts";
import { repository } from "../support/stack.ts";

export interface Figure {
  readonly name: string;
  readonly bound: number;
  readonly unit: "s" | "MiB";
  readonly values: number[];
}

export function figure(name: string, bound: number, unit: Figure["unit"]): Figure {
  return { name, bound, unit, values: [] };
}

/** Prints the median of each figure beside its bound, and writes all values into `build/FILE`. */
export function publish(figures: readonly Figure[], runs: number, file: string): void {
  const rows = figures.map(({ name, bound, unit, values }) => {
    const sorted = values.toSorted((a, b) => a - b);
    const median = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
    return { name, unit, bound, median, min: sorted[0], max: sorted.at(-1), reached: median <= bound, values };
  });
  const commit = execFileSync("git", ["-C", repository, "rev-parse", "HEAD"], { encoding: "utf8" }).trim();
  mkdirSync(join(repository, "build"), { recursive: true });
  const page = { date: new Date().toISOString(), machine: machineDescription(), runs, commit, figures: rows };
  writeFileSync(join(repository, "build", file), `${JSON.stringify(page, null, 2)}\n`);
  for (const row of rows) {
    const range = `${row.min?.toFixed(1)} to ${row.max?.toFixed(1)}`;
    console.log(
      `${row.reached ? "reached" : "MISSED "} ${row.median.toFixed(1).padStart(6)} ${row.unit.padEnd(3)} (bound ${row.bound}, ${range})  ${row.name}`,
    );
  }
  console.log(`Median of ${runs} on ${machineDescription()}; also in build/${file}`);
}
