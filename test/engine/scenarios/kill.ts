import { familyOf } from "../../support/processes.ts";
import type { Run, Running } from "../../support/stack.ts";
import { type CrashPhase, crashPhases } from "../cloud/store.ts";
import { must } from "../stack.ts";
import { hold, type World } from "../world.ts";
import { nothingLeft } from "./end.ts";
import type { Scenario } from "./scenario.ts";

const killsOfUp = 12;
const killsOfDestroy = 8;

/** A killed run is finished by the same command. */
export const kill: readonly Scenario[] = [
  {
    name: "kill",
    shows: `kill -9 at ${killsOfUp + killsOfDestroy} random points of up and destroy: the same command converges, nothing is double`,
    needs: "nothing",
    leaves: "nothing",
    async run(world) {
      const seed = Number(process.env.LOGOS_ENGINE_SEED ?? "1");
      const random = generator(seed);
      world.set({ keep: false });
      const up = await killedOften(world, () => world.stack.on(["up", "--yes", "--skip-preview"]), killsOfUp, random);
      await world.holdSame(`after ${up.length} kills of up`);
      await world.changesNothing("up after that", () => world.stack.up());
      const destroy = await killedOften(
        world,
        () => world.stack.on(["destroy", "--yes", "--skip-preview"]),
        killsOfDestroy,
        random,
      );
      await nothingLeft(world);
      world.set({ keep: true });
      return `${up.length} of up and ${destroy.length} of destroy, seed ${seed}`;
    },
  },
];

/**
 * Runs a command again and again, killed each time at its next few operations, and at last lets it through. Where within an operation
 * is chosen too: before the cloud did it, when it did and the engine does not know, and while the engine writes that down.
 */
async function killedOften(
  world: World,
  command: () => Running,
  kills: number,
  random: () => number,
): Promise<readonly string[]> {
  const { cloud } = world.stack;
  const killed: string[] = [];
  let last: Run | undefined;
  while (killed.length < kills) {
    const at = cloud.operations() + 1 + Math.floor(random() * 3);
    const phase = crashPhases[Math.floor(random() * crashPhases.length)] ?? "before";
    cloud.planCrash({ at, phase });
    const reached = await killAt(world, command(), at, phase, random);
    cloud.clearCrashes();
    if (typeof reached === "string") killed.push(reached);
    else {
      must(reached, `the command after ${killed.length} kills (${killed.at(-1)})`);
      last = reached;
      // It came through before its time: fewer operations were left than were to be waited for.
      break;
    }
  }
  last ??= await command().done;
  must(last, `the command after ${killed.length} kills, the last one ${killed.at(-1)}`);
  hold(killed.length > 0, "it was never killed");
  return killed;
}

/** @returns what the run was doing when it was killed, or how it ended when it did before that. */
async function killAt(
  { stack }: World,
  running: Running,
  at: number,
  phase: CrashPhase,
  random: () => number,
): Promise<string | Run> {
  let ended: Run | undefined;
  void running.done.then((run) => {
    ended = run;
  });
  for (;;) {
    const reached = stack.cloud.crashReached(at);
    if (reached !== undefined) {
      // Told: the engine is now about to write its state, or writing it.
      if (phase === "told") await pause(random() * 20);
      killAll(running);
      await running.done;
      return reached;
    }
    if (ended !== undefined) return ended;
    await pause(5);
  }
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
