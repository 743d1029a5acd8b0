import { poolBounds as bounds, fewestNodes, pilotMin } from "../../../core/guardrails.ts";
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
      yield* attempt(function* () {
        const pilot = props.boolean("pilot");
        if (pilot === undefined) {
          yield {
            at: "pilot",
            found: "does not say whether it is a pilot",
            mend: 'Set "pilot" to true or false.',
          };
        }
        yield* checkBounds(props, fewestNodes(pilot === true));
      });
    },
    "lab:index:NodePool": function* (subject) {
      yield* requireComponent(subject);
      yield* checkBounds(subject.props, pilotMin);
    },
  },
};

/** The component is what states whether a pool is a pilot, and is checked for it; a pool beside it would evade that. */
function* requireComponent({ types }: Subject): Generator<Outcome> {
  if (!types.includes(component)) {
    yield { found: `stands outside a ${component}`, mend: "Declare it through that component." };
  }
}

/** The least number that a pool may keep, as `min`, and the most, as `max`. */
export function* checkBounds(props: View, fewest: number): Generator<Outcome> {
  const [min, max] = [props.number("min"), props.number("max")];
  if (min === undefined || max === undefined) {
    yield { found: "has no bounds", mend: 'Set both "min" and "max".' };
    return;
  }
  yield* requireWithin(min, max, fewest);
}

export function* requireWithin(min: number, max: number, fewest: number): Generator<Outcome> {
  const whole = Number.isInteger(min) && Number.isInteger(max);
  if (whole && min >= fewest && min <= max && max <= bounds.max) return;
  yield { found: `would keep ${min} to ${max} nodes`, expected: `${fewest} <= min <= max <= ${bounds.max}` };
}
