import { clamp } from "../demand/demand.ts";

/**
 * The number of nodes that should take work. The demand decides within the pool's bounds; while there is none to follow,
 * the number stays what it was: a pool that does not know what is wanted neither grows nor ends anything.
 */
export function nextDesired(
  current: number | undefined,
  nodesWanted: number | undefined,
  bounds: { readonly min: number; readonly max: number },
): number {
  return clamp(nodesWanted ?? current ?? bounds.min, bounds);
}
