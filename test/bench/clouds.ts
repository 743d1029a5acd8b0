import { must } from "../engine/stack.ts";
import type { Subject } from "../engine/subject.ts";
import { subjects } from "../engine/subjects.ts";
import { Workloads } from "../engine/workloads.ts";
import { World } from "../engine/world.ts";
import { changes } from "../support/stack.ts";
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
  for await (const { guarded, plain } of pairs(subject, workloads, runs)) {
    whole.values.push(guarded.seconds);
    share.values.push(guarded.seconds - plain.seconds);
    memory.values.push(guarded.peakMiB);
    console.error(
      `${subject.name} ${whole.values.length} of ${runs}: ${guarded.seconds.toFixed(1)} s, ${plain.seconds.toFixed(1)} s without the pack`,
    );
  }
  return [whole, share, memory];
}

/** Seconds that the policy pack adds to a warm preview of a cloud's whole stack, and that stack's resources. */
export async function packShare(
  cloud: "aws" | "gcp" | "azure",
  runs: number,
): Promise<{ readonly seconds: readonly number[]; readonly resources: number }> {
  const subject = await subjects[cloud]?.();
  if (subject === undefined) throw new Error(`There is no target ${cloud}`);
  const workloads = new Workloads();
  const seconds: number[] = [];
  let resources = 0;
  try {
    for await (const { guarded, plain } of pairs(subject, workloads, runs)) {
      seconds.push(guarded.seconds - plain.seconds);
      resources = guarded.resources;
    }
  } finally {
    workloads.remove();
  }
  return { seconds, resources };
}

interface Previewed {
  readonly seconds: number;
  readonly peakMiB: number;
  readonly resources: number;
}

/** Previews with the pack and without, in turn; the first pair of all fills the caches, and is not given. */
async function* pairs(
  subject: Subject,
  workloads: Workloads,
  runs: number,
): AsyncGenerator<{ readonly guarded: Previewed; readonly plain: Previewed }> {
  const guarded = new World(subject, "bench", workloads);
  const plain = new World({ ...subject, unguarded: true }, "bench-plain", workloads);
  try {
    for (const world of [guarded, plain]) await world.init();
    for (let run = 0; run <= runs; run += 1) {
      const pair = { guarded: await preview(guarded), plain: await preview(plain) };
      if (run > 0) yield pair;
    }
  } finally {
    for (const world of [guarded, plain]) world.remove();
  }
}

async function preview({ stack }: World): Promise<Previewed> {
  const running = stack.on(["preview"]);
  const peakMiB = await peakDuring(running);
  const run = must(await running.done, "preview");
  return { seconds: run.seconds, peakMiB, resources: changes(run).created };
}
