import type { World } from "../world.ts";

/** One thing that has to be shown of every target, on its stack. */
export interface Scenario {
  /** Lower case with hyphens: `npm run engine -- TARGET --scenario NAME`. */
  readonly name: string;
  readonly shows: string;
  /** What has to stand before: nothing, or a stack that is up with its plain settings. */
  readonly needs: "nothing" | "up";
  /** Needs a group of machines, which fixed servers are not. */
  readonly ofGroups?: true;
  /** @returns what was seen, in a few words; throws NotShown when it does not hold. Leaves the stack as `leaves` says. */
  run(world: World): Promise<string>;
  readonly leaves: "nothing" | "up";
}
