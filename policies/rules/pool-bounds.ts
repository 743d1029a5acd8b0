import { poolBounds as bounds, fewestNodes, pilotMin } from "../../core/guardrails.ts";
import { resourceRule, type Subject, type Violations } from "../rule.ts";
import type { View } from "../view.ts";

const component = "logos:substrate:NodePool";

/** Capacity targets of the expansion plan: a pool of three nodes, a burst of six, a pilot of one. */
export const poolBounds = resourceRule({
  name: "pool-bounds",
  description: `A pool keeps ${bounds.min} to ${bounds.max} nodes; a pilot may keep ${pilotMin}.`,
  checks: {
    [component]: function* ({ props }) {
      const pilot = props.boolean("pilot");
      if (pilot === undefined) yield 'does not say whether it is a pilot. Set "pilot" to true or false.';
      yield* checkBounds(props, fewestNodes(pilot === true));
    },
    "lab:index:NodePool": function* (subject) {
      yield* requireComponent(subject);
      yield* checkBounds(subject.props, pilotMin);
    },
  },
});

/** The component is what states whether a pool is a pilot, and is checked for it; a pool beside it would evade that. */
function* requireComponent({ types }: Subject): Violations {
  if (!types.includes(component)) yield `stands outside a ${component}. Declare it through that component.`;
}

function* checkBounds(props: View, fewest: number): Violations {
  const min = props.number("min");
  const max = props.number("max");
  if (min === undefined || max === undefined) {
    yield 'has no bounds. Set both "min" and "max".';
    return;
  }
  const whole = Number.isInteger(min) && Number.isInteger(max);
  if (whole && min >= fewest && min <= max && max <= bounds.max) return;
  yield `would keep ${min} to ${max} nodes, allowed is ${fewest} <= min <= max <= ${bounds.max}. ` +
    "Set logos:pool.min and logos:pool.max within that.";
}
