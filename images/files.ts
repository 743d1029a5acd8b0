import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { sha256Hex } from "../core/digest.ts";

/** The folder whose subfolders mirror / on a machine: `common` for all, then one for each role. */
export const filesFolder = join(import.meta.dirname, "files");

export interface InstalledFile {
  /** Absolute path on the machine. */
  readonly path: string;
  /** Permission bits; the owner is always root. */
  readonly mode: number;
  readonly sha256: string;
}

/**
 * Permission bits of an installed file, by its path alone: neither an archive nor a checkout keeps them reliably.
 * `files/common/usr/lib/logos/install-files` follows the same rule on the machine.
 */
export function modeOf(path: string): number {
  if (path.startsWith("/usr/lib/logos/") || path.startsWith("/usr/bin/")) return 0o755;
  if (path.startsWith("/etc/sudoers.d/")) return 0o440;
  return 0o644;
}

/** The files of one tree under {@link filesFolder}, sorted by path. Throws when the tree is missing or holds anything but files. */
export function listFiles(tree: string): readonly InstalledFile[] {
  const root = join(filesFolder, tree);
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => {
      const source = join(entry.parentPath, entry.name);
      if (!entry.isFile()) throw new Error(`${source} is not a plain file: a tree holds nothing else`);
      const path = `/${relative(root, source)}`;
      return { path, mode: modeOf(path), sha256: sha256Hex(readFileSync(source)) };
    })
    .sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

/** One digest over trees in the order they are installed: a later one replaces files of an earlier one. */
export function filesDigest(trees: readonly string[]): string {
  return sha256Hex(
    JSON.stringify(trees.map((tree) => listFiles(tree).map(({ path, mode, sha256 }) => [path, mode, sha256]))),
  );
}
