import { changes } from "../../support/stack.ts";
import { must } from "../stack.ts";
import { hold } from "../world.ts";
import type { Scenario } from "./scenario.ts";

/** A stack comes to be, and stays as it is. */
export const standing: readonly Scenario[] = [
  {
    name: "preview",
    shows: "a preview with the guardrails plans everything, and touches nothing",
    needs: "nothing",
    leaves: "nothing",
    async run({ stack, subject }) {
      const run = must(await stack.preview(), "preview");
      const { created, updated, replaced, deleted } = changes(run);
      hold(created > 0 && updated + replaced + deleted === 0, `it would not only create:\n${run.output.slice(-3000)}`);
      hold(subject.unguarded === true || /logos-guardrails/.test(run.output), "it ran without the guardrails");
      hold(stack.cloud.operations() === 0, `it asked the cloud to ${stack.cloud.operationsSince(0).join(", ")}`);
      return `${created} to create, ${run.seconds.toFixed(1)} s`;
    },
  },
  {
    name: "up",
    shows: "up makes what the preview planned",
    needs: "nothing",
    leaves: "up",
    async run(world) {
      const run = await world.up();
      await world.holdSame("after up");
      return `${changes(run).created} created, ${run.seconds.toFixed(1)} s`;
    },
  },
  {
    name: "up-again",
    shows: "up again changes nothing",
    needs: "up",
    leaves: "up",
    async run(world) {
      const run = await world.changesNothing("up", () => world.stack.up());
      return `0 changes, ${run.seconds.toFixed(1)} s`;
    },
  },
  {
    name: "refresh",
    shows: "refresh finds the cloud as the stack has it",
    needs: "up",
    leaves: "up",
    async run(world) {
      const run = await world.changesNothing("refresh", () => world.stack.refresh());
      return `0 changes, ${run.seconds.toFixed(1)} s`;
    },
  },
];
