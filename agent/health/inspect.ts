import { lstatSync } from "node:fs";
import { compare } from "../gate/check-manifest.ts";
import { stampOf, type VerifiedFile } from "../io/files.ts";

/** Every file is read again at least once in this many runs; at a run each 30 s that is 10 minutes. */
export const runsForAll = 20;

/**
 * Looks for files that are no longer as the gate verified them. Reading all would load the disk at each run, so a file is
 * read only when its state changed or when its turn has come.
 * @param turn number of this run, counted from 0.
 * @returns what is wrong, in words; empty when nothing is.
 */
export function inspect(files: ReadonlyMap<string, VerifiedFile>, turn: number): readonly string[] {
  return [...files].flatMap(([path, file], index) => {
    if (index % runsForAll !== turn % runsForAll && isUntouched(path, file)) return [];
    const found = compare(path, file.sha256);
    return typeof found === "string" ? [found] : [];
  });
}

function isUntouched(path: string, { stamp }: VerifiedFile): boolean {
  const stats = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  if (stats === undefined) return false;
  const now = stampOf(stats);
  return (
    now.size === stamp.size &&
    now.inode === stamp.inode &&
    now.modified === stamp.modified &&
    now.changed === stamp.changed
  );
}
