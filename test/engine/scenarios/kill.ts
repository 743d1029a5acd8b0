import { familyOf } from "../../support/processes.ts";
import type { Run, Running } from "../../support/stack.ts";
import type { CrashPhase, ReachedCrash } from "../cloud/faults.ts";
import { must } from "../stack.ts";
import { hold, type World } from "../world.ts";
import { nothingLeft } from "./end.ts";
import type { Scenario } from "./scenario.ts";

const killsOfUp = 12;
const killsOfDestroy = 8;

/** One operation at a time, so that where a run is killed is known. */
const oneByOne = ["--yes", "--skip-preview", "--parallel", "1"];

/**
 * A killed run is finished by the same command. Not among the points: the moment in which the cloud has made something and the engine
 * has not written that down. No engine can tell then, and Pulumi asks a person; see README.md.
 */
export const kill: readonly Scenario[] = [
  {
    name: "kill",
    shows: `kill -9 at ${killsOfUp + killsOfDestroy} random points of up and destroy: the same command converges, nothing is double`,
    needs: "nothing",
    leaves: "nothing",
    async run(world) {
      const seed = Number(process.env.LOGOS_ENGINE_SEED ?? "1");
      const random = generator(seed);
      const up = await killedOften(world, ["up", ...oneByOne], ["before", "told"], killsOfUp, random);
      await world.holdSame(`after ${up} kills of up`);
      await world.changesNothing("up after that", () => world.stack.up());
      // What is deleted twice is gone; so here every moment counts.
      const destroy = await killedOften(
        world,
        ["destroy", ...oneByOne, "--ignore-protect"],
        ["before", "done", "told"],
        killsOfDestroy,
        random,
      );
      await nothingLeft(world);
      return `${up} of up and ${destroy} of destroy, seed ${seed}`;
    },
  },
];

/**
 * Runs a command again and again, killed each time at one of its next operations, and at last lets it through.
 * @returns how often it was killed
 */
async function killedOften(
  world: World,
  command: readonly string[],
  phases: readonly CrashPhase[],
  kills: number,
  random: () => number,
): Promise<number> {
  const { cloud } = world.stack;
  const killed: string[] = [];
  for (;;) {
    if (killed.length < kills) {
      const phase = phases[Math.floor(random() * phases.length)] ?? "before";
      cloud.planCrash({ at: cloud.operations() + 1 + Math.floor(random() * 2), phase });
    }
    const ended = await killedOrDone(world, world.stack.on(command), random);
    cloud.clearCrashes();
    if (typeof ended === "string") killed.push(ended);
    else {
      must(ended, `the command after ${killed.length} kills, the last one ${killed.at(-1)}`);
      hold(killed.length > 0, "it was never killed");
      return killed.length;
    }
  }
}

/** @returns what the run was doing when it was killed, or how it ended when nothing stopped it. */
async function killedOrDone({ stack }: World, running: Running, random: () => number): Promise<string | Run> {
  let ended: Run | undefined;
  void running.done.then((run) => {
    ended = run;
  });
  for (;;) {
    const reached = stack.cloud.crashReached();
    if (reached !== undefined) {
      if (reached.phase === "told" && reached.kind === "create") await written(stack, reached);
      // The engine is writing its next record, or about to.
      if (reached.phase === "told") await pause(random() * 20);
      killAll(running);
      await running.done;
      return `${reached.phase} ${reached.kind} of ${reached.logicalName}`;
    }
    if (ended !== undefined) return ended;
    await pause(5);
  }
}

/** Waits until the engine has a new resource in its record. */
async function written(stack: World["stack"], { type, logicalName }: ReachedCrash): Promise<void> {
  for (let tries = 0; tries < 2_000; tries += 1) {
    if (stack.recorded().some(({ urn, id }) => id !== undefined && urn.endsWith(`${type}::${logicalName}`))) return;
    await pause(5);
  }
  throw new Error(`The engine did not write down ${logicalName} within 10 s`);
}

/** The CLI, and what it has started: plugins have process groups of their own. */
function killAll({ process: { pid } }: Running): void {
  if (pid === undefined) throw new Error("The CLI has no process number");
  for (const relative of familyOf(pid)) {
    try {
      process.kill(relative.pid, "SIGKILL");
    } catch {
      // It has ended by itself.
    }
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Numbers from 0 to 1 that follow from the seed (mulberry32), so that a run can be repeated. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
