import { poolBounds as bounds, fewestNodes, pilotMin } from "../../../core/guardrails.ts";
import { requireWithin } from "../../require.ts";
import { attempt, type Outcome, type Rule, type Subject } from "../../rule.ts";
import type { View } from "../../view.ts";

const component = "logos:substrate:NodePool";

/** Capacity targets of the expansion plan: a pool of three nodes, a burst of six, a pilot of one. */
export const poolBounds: Rule = {
  id: "Q01",
  name: "pool-bounds",
  title: `A pool keeps ${bounds.min} to ${bounds.max} nodes; a pilot may keep ${pilotMin}.`,
  family: "sizing",
  severity: "high",
  reason: "Fewer nodes than three leave proofs waiting when one dies; more than six spend what nobody granted.",
  remediation: "Set logos:pool.min and logos:pool.max within that.",
  upstream: [],
  checks: {
    [component]: function* ({ props }) {
      const pilot = props.at("pilot");
      yield* attempt(function* () {
        if (pilot.boolean() === undefined) {
          yield {
            at: pilot,
            found: "does not say whether it is a pilot",
            mend: 'Set "pilot" to true or false.',
          };
        }
      });
      // What is wrong for a pilot is wrong for every pool, and is told even while nobody knows which it is.
      const fewest = fewestNodes(pilot.unknown || pilot.boolean() === true);
      yield* requireBounds(props.at("min"), props.at("max"), fewest);
    },
    "lab:index:NodePool": function* (subject) {
      yield* requireInPool(subject);
      yield* requireBounds(subject.props.at("min"), subject.props.at("max"), pilotMin);
    },
  },
};

/** The component is what states whether a pool is a pilot, and is checked for it; a pool beside it would evade that. */
export function* requireInPool({ types }: Subject): Generator<Outcome> {
  if (!types.includes(component))
    yield { found: `stands outside a ${component}`, mend: "Declare it through that component." };
}

/** The least number that a pool may keep and the most; each by itself, so that one not known yet hides nothing of the other. */
export function* requireBounds(min: View, max: View, fewest: number): Generator<Outcome> {
  yield* requireWithin(min, fewest, bounds.max);
  yield* requireWithin(max, fewest, bounds.max);
  yield* attempt(function* () {
    const [least, most] = [Number(min.text()), Number(max.text())];
    if (least > most) yield { at: max, found: `is ${most}, less than the minimum ${least}` };
  });
}
