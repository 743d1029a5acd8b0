import { hold, type World } from "../world.ts";
import type { Scenario } from "./scenario.ts";

/** The number of machines: Pulumi owns the bounds, the cloud owns the number. */
export const pool: readonly Scenario[] = [
  {
    name: "scale",
    shows: "another minimum, 3 to 6 and back, changes the group's bounds and nothing else",
    needs: "up",
    leaves: "up",
    ofGroups: true,
    async run(world) {
      const { min, max } = world.variation.pool;
      await onlyBounds(world, max);
      hold(world.members.length === max, `with min ${max} there are ${world.members.length} machines`);
      await onlyBounds(world, min);
      hold(world.members.length === max, `lowering the minimum ended ${max - world.members.length} machines`);
      world.autoscale(min);
      return `${min} to ${max} to ${min}`;
    },
  },
  {
    name: "autoscaled",
    shows: "a number that the autoscaler chose is left alone by up and by refresh",
    needs: "up",
    leaves: "up",
    ofGroups: true,
    async run(world) {
      world.autoscale(5);
      await world.changesNothing("up", () => world.stack.up());
      hold(world.members.length === 5, `up made 5 machines ${world.members.length}`);
      await world.stack.refresh();
      await world.changesNothing("up after a refresh", () => world.stack.up());
      hold(world.members.length === 5, `up after a refresh made 5 machines ${world.members.length}`);
      world.autoscale(3);
      return "still 5, 0 changes, also after a refresh";
    },
  },
];

async function onlyBounds(world: World, min: number): Promise<void> {
  const { rule, group } = world.pool;
  const allowed = [group.type, ...(rule.bounds ?? [])];
  const before = world.stack.cloud.operations();
  world.set({ pool: { ...world.variation.pool, min } });
  await world.up();
  const asked = world.stack.cloud.operationsSince(before);
  const others = asked.filter((line) => !allowed.some((type) => line.startsWith(`update ${type} `)));
  hold(asked.length > 0, `min ${min} changed nothing`);
  hold(others.length === 0, `min ${min} also did: ${others.join(", ")}`);
}
