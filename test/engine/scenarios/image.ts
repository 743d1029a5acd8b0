import { hold, type World } from "../world.ts";
import type { Scenario } from "./scenario.ts";

const verdict = "Overall status: FAIL (proofs: Modal.v does not compile)";

/** The way of a change to the machines: a new image, or none. */
export const image: readonly Scenario[] = [
  {
    name: "image",
    shows: "another recipe bakes another image and replaces the pool's machines one by one; the old image stays",
    needs: "up",
    leaves: "up",
    ofGroups: true,
    run: (world) => rolledOut(world, () => world.set({ recipe: world.variation.recipe + 1 })),
  },
  {
    name: "commit",
    shows: "another commit of the workload goes the same way",
    needs: "up",
    leaves: "up",
    ofGroups: true,
    run: (world) => rolledOut(world, () => world.set({ commit: world.variation.commit + 1 })),
  },
  {
    name: "failed-smoke",
    shows: "a smoke rebuild that fails leaves the pool and the image as they were; the next up goes on",
    needs: "up",
    leaves: "up",
    ofGroups: true,
    async run(world) {
      const before = { members: world.members, images: world.images.map(({ id }) => id) };
      world.set({ recipe: world.variation.recipe + 1 });
      world.stack.cloud.addFault({
        type: "command:remote:Command",
        name: "*smoke",
        operation: "run",
        kind: "text",
        text: verdict,
        times: 1,
      });
      const failed = await world.stack.up();
      hold(failed.code !== 0, "up succeeded though the smoke rebuild failed");
      hold(failed.output.includes(verdict), `up does not show the verdict:\n${failed.output.slice(-3000)}`);
      hold(same(world.members, before.members), "the pool's machines are not those from before");
      const images = world.images.map(({ id }) => id);
      hold(same(images, before.images), `the images were ${before.images.join(", ")}, now ${images.join(", ")}`);
      await world.up();
      world.holdFresh();
      hold(world.images.length > before.images.length, "the next up made no image");
      return "pool and image intact, then through";
    },
  },
];

async function rolledOut(world: World, change: () => void): Promise<string> {
  const { cloud } = world.stack;
  const before = { members: world.members, images: world.images };
  const mark = cloud.sizeMark();
  change();
  await world.up();
  const { min } = world.variation.pool;
  const { group } = world.pool;
  const least = Math.min(before.members.length, ...cloud.sizes(group.key, mark));
  hold(least >= min, `the pool had ${least} machines on the way, less than its minimum ${min}`);
  world.holdFresh();
  const kept = world.members.filter(({ id }) => before.members.some((member) => member.id === id));
  hold(kept.length === 0, `${kept.length} machines were not replaced`);
  const gone = before.images.filter(({ key }) => cloud.byKey(key) === undefined);
  hold(gone.length === 0, `old images went: ${gone.map(({ id }) => id).join(", ")}`);
  hold(world.images.length > before.images.length, "there is no new image");
  await world.changesNothing("up after it", () => world.stack.up());
  return `${before.members.length} machines replaced, never below ${least}, ${world.images.length} images`;
}

function same(a: readonly unknown[], b: readonly unknown[]): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
