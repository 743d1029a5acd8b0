import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseVerdict, type Verdict } from "../../core/verdict.ts";
import { execInMachine } from "../../providers/lab/machine/exec.ts";
import type { NodeStatus } from "../../providers/lab/pool/status.ts";
import { Lab } from "../support/lab.ts";
import { configureVariant } from "../support/pins.ts";
import type { Run } from "../support/stack.ts";
import { workloadVariant } from "../support/workload-variant.ts";
import { type Figure, figure, publish } from "./figures.ts";
import { peakDuring } from "./memory.ts";

/** Checks of the gate whose time belongs to the workload's proofs. */
const proofChecks: readonly string[] = ["proofs", "axioms", "coqchk"];

/** Times and memory of the lab. It uses a stack of its own and leaves nothing. Proofs' time is taken off where the bound says so. */
export async function benchLab(runs: number): Promise<void> {
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
  publish(Object.values(figures), runs, "bench-lab.json");
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
  const peak = await peakDuring(running);
  must(await running.done);
  return peak;
}
