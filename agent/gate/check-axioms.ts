import { CheckFailure } from "../failure.ts";
import { compareAxioms } from "./assumptions.ts";
import type { Check } from "./context.ts";
import { assumptionsOf, readCoqProject } from "./coq.ts";

/** Each pinned theorem exists and rests on exactly the pinned axioms. The workload's own gate does not prove this. */
export const axiomsCheck: Check = {
  id: "axioms",
  title: "axioms of the pinned theorems",
  async run(context) {
    const { theorems } = context.pins;
    const found = await assumptionsOf(context, readCoqProject(context.checkout), [...theorems.keys()]);
    const differences = [...theorems]
      .map(([theorem, pinned]) => compareAxioms(theorem, pinned, found.get(theorem) ?? []))
      .filter((difference) => difference !== "");
    if (differences.length > 0)
      throw new CheckFailure(`The axioms differ from the pinned ones: ${differences.join("; ")}`);
    return {};
  },
};
