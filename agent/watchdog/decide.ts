/**
 * What a look at the controller showed.
 * - `known`: it answers, and this node is its.
 * - `given-up`: it answers, and has called this node down: its jobs start elsewhere.
 * - `unknown`: it answers, and has no record of this node.
 * - `stopped`: its machine answers that nothing listens there, so nobody starts jobs anywhere.
 * - `silent`: no answer, from this node at least.
 */
export type Sight = "known" | "given-up" | "unknown" | "stopped" | "silent";

export interface Watch {
  /** When the last question that was answered had been asked: seconds of a clock that runs on while the machine sleeps. */
  readonly heardAt: number;
  /** How often in a row the controller did not know this node. */
  readonly unknown: number;
  /** Jobs were ended for this silence already. */
  readonly isolated: boolean;
}

/** `isolate`: end everything that jobs run here. `register`: make slurmd register anew. */
export type Deed = "none" | "isolate" | "register";

/** Looks in a row that find the node unknown, a few seconds apart: a node that is being removed has long gone by then. */
export const unknownLooks = 3;

/** What to make of a look that was begun at `askedAt`. */
export function afterLook(watch: Watch, sight: Sight, askedAt: number): { readonly watch: Watch; readonly deed: Deed } {
  const heard: Watch = { heardAt: Math.max(watch.heardAt, askedAt), unknown: 0, isolated: false };
  switch (sight) {
    case "known":
    case "stopped":
      return { watch: heard, deed: "none" };
    case "given-up":
      return { watch: { ...heard, isolated: true }, deed: watch.isolated ? "none" : "isolate" };
    case "unknown": {
      const unknown = watch.unknown + 1;
      const due = unknown >= unknownLooks;
      return { watch: { ...heard, unknown: due ? 0 : unknown }, deed: due ? "register" : "none" };
    }
    case "silent":
      return { watch, deed: "none" };
  }
}

/** What the passing of time alone asks for: a node that hears nothing for too long ends its own jobs, once. */
export function afterTime(
  watch: Watch,
  now: number,
  isolationSeconds: number,
): { readonly watch: Watch; readonly deed: Deed } {
  if (watch.isolated || now - watch.heardAt <= isolationSeconds) return { watch, deed: "none" };
  return { watch: { ...watch, isolated: true }, deed: "isolate" };
}
