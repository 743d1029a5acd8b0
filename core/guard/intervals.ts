/** Sets of whole numbers as closed intervals: what addresses, ports and protocols are judged by. No I/O. */

/** All numbers from `first` to `last`, both included. */
export interface Interval {
  readonly first: bigint;
  readonly last: bigint;
}

/** Sorted, disjoint and never touching, so that equal sets have equal lists. */
export type IntervalSet = readonly Interval[];

export const empty: IntervalSet = [];

/** The set of one interval; empty when `last` lies before `first`. */
export function interval(first: bigint, last: bigint): IntervalSet {
  return first > last ? empty : [{ first, last }];
}

export function union(...sets: readonly IntervalSet[]): IntervalSet {
  const sorted = sets.flat().sort((a, b) => Number(a.first - b.first));
  const joined: Interval[] = [];
  for (const next of sorted) {
    const last = joined.at(-1);
    if (last === undefined || next.first > last.last + 1n) joined.push(next);
    else joined[joined.length - 1] = { first: last.first, last: max(last.last, next.last) };
  }
  return joined;
}

export function intersect(a: IntervalSet, b: IntervalSet): IntervalSet {
  return union(...a.map((x) => b.flatMap((y) => interval(max(x.first, y.first), min(x.last, y.last)))));
}

export function subtract(from: IntervalSet, what: IntervalSet): IntervalSet {
  let left = from;
  for (const hole of what) {
    left = left.flatMap((one) => [
      ...interval(one.first, min(one.last, hole.first - 1n)),
      ...interval(max(one.first, hole.last + 1n), one.last),
    ]);
  }
  return left;
}

export function isEmpty(set: IntervalSet): boolean {
  return set.length === 0;
}

/** True when every number of `inner` is in `outer`; also for an empty `inner`. */
export function covers(outer: IntervalSet, inner: IntervalSet): boolean {
  return isEmpty(subtract(inner, outer));
}

export function meets(a: IntervalSet, b: IntervalSet): boolean {
  return !isEmpty(intersect(a, b));
}

/** How many numbers are in the set. */
export function count(set: IntervalSet): bigint {
  return set.reduce((sum, { first, last }) => sum + last - first + 1n, 0n);
}

function max(a: bigint, b: bigint): bigint {
  // Stryker disable next-line EqualityOperator: of two that are equal either will do
  return a > b ? a : b;
}

function min(a: bigint, b: bigint): bigint {
  // Stryker disable next-line EqualityOperator: of two that are equal either will do
  return a < b ? a : b;
}
