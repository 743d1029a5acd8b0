/** Runs of a claim whose number is the issue's. `LOGOS_CLAIM_RUNS` shortens it, and the figure says so. */
export interface Runs {
  readonly count: number;
  /** `500`, or `5 of 500`. */
  readonly text: string;
}

export function runs(whole: number): Runs {
  const asked = Number(process.env.LOGOS_CLAIM_RUNS ?? whole);
  const count = Number.isInteger(asked) && asked > 0 ? Math.min(asked, whole) : whole;
  return { count, text: count === whole ? `${whole}` : `${count} of ${whole}` };
}

/** The value that `share` (0 to 1) of all do not exceed, by the nearest rank. @throws RangeError for no values */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const found = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (found === undefined) throw new RangeError("a quantile of nothing");
  return found;
}

/** `p50 0.42, p95 0.80, p99 0.91, max 0.95 s (n = 100)`. */
export function spread(seconds: readonly number[]): string {
  const parts = [0.5, 0.95, 0.99].map((share) => `p${share * 100} ${quantile(seconds, share).toFixed(2)}`);
  return `${parts.join(", ")}, max ${Math.max(...seconds).toFixed(2)} s (n = ${seconds.length})`;
}

/** Random choices that a seed repeats (mulberry32). `LOGOS_CLAIM_SEED` gives the seed, else it is new; whoever uses it prints it. */
export class Dice {
  readonly seed: number;
  #state: number;

  constructor(seed = Number(process.env.LOGOS_CLAIM_SEED ?? Date.now() % 2 ** 31)) {
    this.seed = seed;
    this.#state = seed >>> 0;
  }

  /** 0 to just below 1. */
  roll(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  between(least: number, most: number): number {
    return least + this.roll() * (most - least);
  }

  pick<T>(from: readonly T[]): T | undefined {
    return from[Math.floor(this.roll() * from.length)];
  }
}
