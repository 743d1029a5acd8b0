/** How soon after a ring the queue is looked at, in milliseconds: a job is in the queue a moment after its submission rang. */
export const afterRing = [30, 300, 1500] as const;

/** The longest between two looks: what repairs a ring that was lost. */
export const pollMs = 5000;

/** Moments of one clock, in milliseconds. */
export interface Looks {
  /** The last look. */
  readonly lookedAt: number;
  /** The first ring since then, if there was one. */
  readonly rungAt?: number | undefined;
  /** The last ring of all. */
  readonly lastRungAt?: number | undefined;
}

/** When to look at the queue next. */
export function nextLook({ lookedAt, rungAt, lastRungAt }: Looks): number {
  const [first] = afterRing;
  const due = afterRing.map((delay) => (lastRungAt ?? Number.NEGATIVE_INFINITY) + delay).filter((at) => at > lookedAt);
  return Math.min(lookedAt + pollMs, ...due, ...(rungAt === undefined ? [] : [Math.max(lookedAt, rungAt) + first]));
}
