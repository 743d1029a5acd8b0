import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, normalize } from "node:path";

const trees = join(import.meta.dirname, "../../images/files");

/** True when a tree of images/files holds this very text at this path of a machine. */
export function isRepositoryFile(path = "", text = ""): boolean {
  if (normalize(path) !== path) return false;
  const files = readdirSync(trees).map((tree) => join(trees, tree, path));
  return files.some((file) => existsSync(file) && readFileSync(file, "utf8") === text);
}
