/**
 * `npm run bench [-- RUNS]`: the lab's times and memory, median of RUNS (5), as a table and as build/bench.json. Times of proofs are
 * taken off where the bound says so: they belong to the workload. It uses a stack of its own and leaves nothing.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseVerdict, type Verdict } from "../../core/verdict.ts";
import { execInMachine } from "../../providers/lab/machine/exec.ts";
import type { NodeStatus } from "../../providers/lab/pool/status.ts";
import { machineDescription } from "../claims/report.ts";
import { Lab } from "../support/lab.ts";
import { configureVariant } from "../support/pins.ts";
import { type Run, repository } from "../support/stack.ts";
import { workloadVariant } from "../support/workload-variant.ts";
import { programPeakMiB } from "./memory.ts";

interface Figure {
  readonly name: string;
  readonly bound: number;
  readonly unit: "s" | "MiB";
  readonly values: number[];
}

/** Checks of the gate whose time belongs to the workload's proofs. */
const proofChecks: readonly string[] = ["proofs", "axioms", "coqchk"];

const runs = Number(process.argv[2] ?? "5");
if (!Number.isInteger(runs) || runs < 1) {
  console.error(`"${process.argv[2]}" is not a number of runs. Give a whole number from 1.`);
  process.exitCode = 2;
} else await main();

async function main(): Promise<void> {
  const figures = {
    baked: figure("up with a cached base, nothing baked, to 3 proven nodes", 90, "s"),
    up: figure("up with the image baked, to 3 proven nodes", 20, "s"),
    grow: figure("3 to 6 proven nodes, beyond the proofs' own time", 10, "s"),
    noop: figure("up that changes nothing, with the policy pack", 4, "s"),
    preview: figure("preview that changes nothing, with the policy pack", 3.5, "s"),
    destroy: figure("destroy of 6 nodes", 10, "s"),
    memory: figure("memory of the program, peak", 250, "MiB"),
    boot: figure("node boot to registered, gate included, beyond the proofs' own time", 8, "s"),
  };
  const lab = new Lab("bench", "10.83.20.0/24");
  await lab.init();
  try {
    for (let run = 1; run <= runs; run += 1) {
      console.error(`run ${run} of ${runs}`);
      await oneRun(lab, run, figures);
      const last = Object.entries(figures).map(([name, { values }]) => `${name} ${values.at(-1)?.toFixed(1)}`);
      console.error(`  ${last.join(", ")}`);
    }
  } finally {
    await lab.end();
  }
  print(Object.values(figures));
}

type Figures = Readonly<Record<"baked" | "up" | "grow" | "noop" | "preview" | "destroy" | "memory" | "boot", Figure>>;

/** A commit of its own in each run, so that its image cannot stand yet. */
async function oneRun(lab: Lab, run: number, figures: Figures): Promise<void> {
  const variant = workloadVariant((folder) =>
    writeFileSync(join(folder, "README.md"), `Run ${run} of a benchmark, ${Date.now()}\n`),
  );
  try {
    const settings = configureVariant(lab, variant);
    figures.baked.values.push(must(await lab.up()).seconds);
    must(await lab.stack.destroy());

    figures.up.values.push(must(await lab.up()).seconds);
    const first = await lab.readyNodes();
    for (const node of first) figures.boot.values.push(secondsToReady(node) - proofSeconds(await verdictOf(lab, node)));

    figures.noop.values.push(must(await lab.up()).seconds);
    figures.preview.values.push(must(await lab.stack.preview()).seconds);
    figures.memory.values.push(await peakOfPreview(lab));

    lab.configure(...settings, "  logos:pool:", "    min: 6");
    const grow = must(await lab.up()).seconds;
    const added = (await lab.readyNodes()).filter(({ name }) => !first.some((node) => node.name === name));
    const proofs = await Promise.all(added.map(async (node) => proofSeconds(await verdictOf(lab, node))));
    figures.grow.values.push(grow - Math.max(...proofs));

    figures.destroy.values.push(must(await lab.stack.destroy()).seconds);
  } finally {
    variant.remove();
  }
}

function figure(name: string, bound: number, unit: Figure["unit"]): Figure {
  return { name, bound, unit, values: [] };
}

function must(run: Run): Run {
  if (run.code !== 0) throw new Error(`A run failed:\n${run.output.slice(-4000)}`);
  return run;
}

async function verdictOf(lab: Lab, node: NodeStatus): Promise<Verdict> {
  return parseVerdict(await execInMachine(lab.labId, node.name, ["/bin/cat", "/run/logos/verdict.json"]), node.name);
}

function proofSeconds(verdict: Verdict): number {
  return verdict.checks.filter(({ id }) => proofChecks.includes(id)).reduce((sum, { seconds }) => sum + seconds, 0);
}

function secondsToReady(node: NodeStatus): number {
  if (node.readyAt === undefined) throw new Error(`${node.name} is ready and does not say since when`);
  return (Date.parse(node.readyAt) - Date.parse(node.launchedAt)) / 1000;
}

async function peakOfPreview(lab: Lab): Promise<number> {
  const running = lab.stack.start(["preview"]);
  let peak = 0;
  let done = false;
  void running.done.then(() => {
    done = true;
  });
  while (!done) {
    peak = Math.max(peak, programPeakMiB(running.process.pid ?? 0) ?? 0);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  must(await running.done);
  return peak;
}

function print(figures: readonly Figure[]): void {
  const rows = figures.map(({ name, bound, unit, values }) => {
    const sorted = values.toSorted((a, b) => a - b);
    const median = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
    return { name, unit, bound, median, min: sorted[0], max: sorted.at(-1), reached: median <= bound, values };
  });
  const commit = readFileSync(join(repository, ".git/HEAD"), "utf8").trim();
  mkdirSync(join(repository, "build"), { recursive: true });
  const page = { date: new Date().toISOString(), machine: machineDescription(), runs, commit, figures: rows };
  writeFileSync(join(repository, "build/bench.json"), `${JSON.stringify(page, null, 2)}\n`);
  for (const row of rows) {
    const range = `${row.min?.toFixed(1)} to ${row.max?.toFixed(1)}`;
    console.log(
      `${row.reached ? "reached" : "MISSED "} ${row.median.toFixed(1).padStart(6)} ${row.unit.padEnd(3)} (bound ${row.bound}, ${range})  ${row.name}`,
    );
  }
  console.log(`Median of ${runs} on ${machineDescription()}; also in build/bench.json`);
}
