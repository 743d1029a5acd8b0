import { end } from "./scenarios/end.ts";
import { image } from "./scenarios/image.ts";
import { kill } from "./scenarios/kill.ts";
import { pool } from "./scenarios/pool.ts";
import type { Scenario } from "./scenarios/scenario.ts";
import { standing } from "./scenarios/standing.ts";
import type { Subject } from "./subject.ts";
import type { Workloads } from "./workloads.ts";
import { NotShown, World } from "./world.ts";

/** Scenarios by the stack that they share, each in its order. The stacks of a subject run side by side. */
export const lanes: Readonly<Record<string, readonly Scenario[]>> = {
  life: [...standing, ...pool, ...image, ...end],
  kill,
};

export const scenarios: readonly Scenario[] = Object.values(lanes).flat();

export interface Outcome {
  readonly subject: string;
  readonly scenario: Scenario;
  /** What was seen; what did not hold; why it does not apply. */
  readonly seen: string;
  readonly state: "passed" | "failed" | "not for it";
  readonly seconds: number;
}

/**
 * Runs the scenarios of one lane that are wanted, and what they need to stand before. After one that fails its stack is made anew.
 * @param tell is told each outcome as it comes
 */
export async function runLane(
  subject: Subject,
  lane: string,
  wanted: (scenario: Scenario) => boolean,
  workloads: Workloads,
  tell: (outcome: Outcome) => void,
): Promise<void> {
  let world: World | undefined;
  let stands = false;
  try {
    for (const scenario of (lanes[lane] ?? []).filter(wanted)) {
      if (scenario.ofGroups === true && subject.table === undefined) {
        tell({ subject: subject.name, scenario, seen: "its machines are fixed", state: "not for it", seconds: 0 });
        continue;
      }
      const start = performance.now();
      const outcome = (state: Outcome["state"], seen: string): Outcome => ({
        subject: subject.name,
        scenario,
        seen,
        state,
        seconds: (performance.now() - start) / 1000,
      });
      try {
        world ??= await begin(subject, lane, workloads);
        if (scenario.needs === "up" && !stands) await world.up();
        if (scenario.needs === "nothing" && stands) {
          world.remove();
          world = await begin(subject, lane, workloads);
        }
        tell(outcome("passed", await scenario.run(world)));
        stands = scenario.leaves === "up";
      } catch (error) {
        tell(outcome("failed", error instanceof NotShown || error instanceof Error ? error.message : String(error)));
        world?.remove();
        world = undefined;
        stands = false;
      }
    }
  } finally {
    world?.remove();
  }
}

async function begin(subject: Subject, lane: string, workloads: Workloads): Promise<World> {
  // Whether the guardrails let the program through is shown by the other lane, and each start of theirs is a third of a run.
  const world = new World(lane === "kill" ? { ...subject, unguarded: true } : subject, lane, workloads);
  await world.init();
  return world;
}
