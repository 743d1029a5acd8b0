/**
 * How long the queue must have asked for fewer nodes before fewer are wanted: a node that ended is a rebuild of every
 * proof to have again, about as long as this.
 */
export const scaleInAfterMs = 60_000;

/** What was wanted at one moment; milliseconds of a clock that never goes back. */
export interface Sample {
  readonly at: number;
  readonly nodes: number;
}

/**
 * More nodes are wanted at once, fewer only when no moment of the window asked for more: the largest of the window.
 * The history is what the next call takes.
 */
export function hold(
  history: readonly Sample[],
  sample: Sample,
  windowMs: number = scaleInAfterMs,
): { readonly nodes: number; readonly history: readonly Sample[] } {
  const recent = [...history.filter(({ at }) => at > sample.at - windowMs), sample];
  // A sample that a later one is not below says nothing any more.
  const kept = recent.filter(({ nodes }, index) => recent.slice(index + 1).every((later) => later.nodes < nodes));
  return { nodes: Math.max(...kept.map(({ nodes }) => nodes)), history: kept };
}
