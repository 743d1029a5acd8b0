import { sha256Hex } from "../core/digest.ts";
import type { WorkloadRecord } from "../core/manifest.ts";

/** Everything that decides what an image is. Two equal recipes give one image; any difference gives another. */
export interface Recipe {
  /** Digest of the base image: release, packages, customize script. */
  readonly baseDigest: string;
  /** Digest over the file trees that are installed (`filesDigest`). */
  readonly filesDigest: string;
  readonly agentSha256: string;
  readonly workload: WorkloadRecord;
  readonly pinsSha256: string;
  /** Texts of the bake's steps, in order. */
  readonly steps: readonly string[];
}

/** The image's name: sha256 over the recipe, 64 hex. The order of fields is fixed here, whatever order the caller used. */
export function recipeDigest(recipe: Recipe): string {
  return sha256Hex(
    JSON.stringify([
      recipe.baseDigest,
      recipe.filesDigest,
      recipe.agentSha256,
      recipe.workload.repository,
      recipe.workload.commit,
      recipe.pinsSha256,
      recipe.steps,
    ]),
  );
}
