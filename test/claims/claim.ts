/**
 * A promise that this project makes to its users, with the check that shows whether it holds on this machine.
 * README and docs state nothing that is not in the table.
 */
export interface Claim {
  /** Short name, unique, lower case with hyphens: `npm run claims -- NAME`. */
  readonly name: string;
  /** Part of the system: `npm run claims -- --tag TAG`. */
  readonly tag: "lab" | "toolchain" | "gate" | "workload" | "policy" | "guardrails" | "pool" | "engine";
  /** The promise in one sentence. */
  readonly statement: string;
  /** How long the check takes on 2 cores with warm caches, in seconds: told to whoever starts it. */
  readonly seconds: number;
  /**
   * Runs the check for real.
   * @returns the figure that was measured, one line
   * @throws ClaimBroken with what was seen instead
   */
  readonly check: (progress: (line: string) => void) => Promise<string>;
}

/** The promise did not hold; the message says what was seen. */
export class ClaimBroken extends Error {}

/** Throws ClaimBroken with `seen` unless `condition` holds. */
export function hold(condition: boolean, seen: string): asserts condition {
  if (!condition) throw new ClaimBroken(seen);
}
