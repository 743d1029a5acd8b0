import { must } from "../engine/stack.ts";
import type { Subject } from "../engine/subject.ts";
import { subjects } from "../engine/subjects.ts";
import { Workloads } from "../engine/workloads.ts";
import { World } from "../engine/world.ts";
import { type Figure, figure, publish } from "./figures.ts";
import { peakDuring } from "./memory.ts";

/**
 * A warm preview of each cloud's whole stack, from nothing, on the simulated cloud: with the policy pack and without, in turn, so that
 * both meet the same noise.
 */
export async function benchClouds(runs: number): Promise<void> {
  const workloads = new Workloads();
  const figures: Figure[] = [];
  try {
    for (const name of ["aws", "gcp", "azure"]) {
      const subject = await subjects[name]?.();
      if (subject === undefined) throw new Error(`There is no target ${name}`);
      figures.push(...(await previews(subject, workloads, runs)));
    }
  } finally {
    workloads.remove();
  }
  publish(figures, runs, "bench-clouds.json");
}

async function previews(subject: Subject, workloads: Workloads, runs: number): Promise<readonly Figure[]> {
  const whole = figure(`${subject.name}: preview of the whole stack, with the policy pack`, 6, "s");
  const share = figure(`${subject.name}: what the policy pack adds to it`, 2, "s");
  const memory = figure(`${subject.name}: memory of the program, peak`, 300, "MiB");
  const guarded = new World(subject, "bench", workloads);
  const plain = new World({ ...subject, unguarded: true }, "bench-plain", workloads);
  try {
    for (const world of [guarded, plain]) await world.init();
    // The first run of all fills the caches, and is not counted.
    for (let run = 0; run <= runs; run += 1) {
      const { seconds, peakMiB } = await preview(guarded);
      const without = await preview(plain);
      if (run === 0) continue;
      whole.values.push(seconds);
      share.values.push(seconds - without.seconds);
      memory.values.push(peakMiB);
      console.error(
        `${subject.name} ${run} of ${runs}: ${seconds.toFixed(1)} s, ${without.seconds.toFixed(1)} s without the pack`,
      );
    }
  } finally {
    for (const world of [guarded, plain]) world.remove();
  }
  return [whole, share, memory];
}

async function preview({ stack }: World): Promise<{ readonly seconds: number; readonly peakMiB: number }> {
  const running = stack.on(["preview"]);
  const peakMiB = await peakDuring(running);
  return { seconds: must(await running.done, "preview").seconds, peakMiB };
}
