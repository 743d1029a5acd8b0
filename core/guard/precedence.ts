import { type IntervalSet, intersect, isEmpty, subtract } from "./intervals.ts";

/** What a list of rules lets through once those that come first are heeded. No I/O. */

/** Traffic as the product of its axes (peers, destinations, protocols, ports), each a set; all boxes have the same axes. */
export type Box = readonly IntervalSet[];

export interface Rule {
  readonly allow: boolean;
  /** The lowest number is heeded first: NSG and GCP priorities, numbers of a network ACL. */
  readonly priority: number;
  readonly traffic: Box;
}

/** Which of two rules of the same priority is heeded: GCP says deny; where the cloud says nothing, assume allow. */
export type Tie = "allow" | "deny";

/**
 * For each rule that allows, in the order given, what of it no earlier rule denies: an empty list when it is wholly
 * behind denials.
 */
export function effective(rules: readonly Rule[], tie: Tie): ReadonlyMap<Rule, readonly Box[]> {
  const result = new Map<Rule, readonly Box[]>();
  for (const rule of rules) {
    if (!rule.allow) continue;
    const before = rules.filter((other) => !other.allow && precedes(other.priority, rule.priority, tie));
    result.set(rule, before.reduce(without, boxes(rule.traffic)));
  }
  return result;
}

function precedes(denied: number, allowed: number, tie: Tie): boolean {
  return tie === "deny" ? denied <= allowed : denied < allowed;
}

function without(traffic: readonly Box[], denied: Rule): readonly Box[] {
  return traffic.flatMap((box) => subtractBox(box, denied.traffic));
}

function boxes(box: Box): readonly Box[] {
  return box.some(isEmpty) ? [] : [box];
}

/** `from` without `what`, axis by axis: what lies beside it on the first axis, then, of what lies within, on the next. */
function subtractBox(from: Box, what: Box): readonly Box[] {
  const left: Box[] = [];
  for (const [axis, set] of from.entries()) {
    const shared = from.slice(0, axis).map((other, index) => intersect(other, what[index] ?? []));
    left.push(...boxes([...shared, subtract(set, what[axis] ?? []), ...from.slice(axis + 1)]));
  }
  return left;
}
