import { isNodeName } from "./names.ts";

/** How long something must have been nobody's before it is ended, in milliseconds: a launch that is being written down takes less than one. */
export const strayGrace = 10_000;

/** When each was first seen without an owner, in milliseconds. */
export type Sightings = ReadonlyMap<string, number>;

/**
 * Nodes that exist, as a machine or as a record in Slurm, and that no pool has written down. One sighting proves nothing:
 * `confirmed` are those that were strays at every look since {@link strayGrace}. Whoever ends one looks a last time.
 */
export function strays(
  before: Sightings,
  existing: readonly string[],
  known: ReadonlySet<string>,
  now: number,
): { readonly sightings: Sightings; readonly confirmed: readonly string[] } {
  const unknown = existing.filter((name) => isNodeName(name) && !known.has(name));
  const sightings = new Map(unknown.map((name) => [name, before.get(name) ?? now]));
  return { sightings, confirmed: [...sightings].filter(([, at]) => now - at >= strayGrace).map(([name]) => name) };
}
