import { table } from "../aws/table.ts";
import type { Subject } from "../subject.ts";

/** Mistakes that the sample makes on request, so that the scenarios can be seen to find them. */
export type Mistake =
  | "drifts"
  | "fixes the number"
  | "lets old images go"
  | "captures before the smoke"
  | "leaves machines as they are"
  | "protects nothing";

/** The harness's own program, on the simulated AWS. */
export function sample(mistake?: Mistake): Subject {
  return {
    name: "sample",
    project: import.meta.dirname,
    // It has no more than the scenarios need, and the guardrails ask for much more.
    unguarded: true,
    table,
    settings: ({ pool, recipe, commit }) => ({
      "aws:region": "eu-central-1",
      "sample:pool": pool,
      "sample:recipe": `r${recipe}c${commit}`,
      ...(mistake === undefined ? {} : { "sample:mistake": mistake }),
    }),
  };
}
