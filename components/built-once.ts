import { existsSync, globSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { sha256Hex } from "../core/digest.ts";

export interface BuiltOnce {
  /** Folder that the patterns start from. */
  readonly root: string;
  /** What the result depends on, as glob patterns. */
  readonly sources: readonly string[];
  /** Folder for results; this function owns it. */
  readonly folder: string;
  /** Writes the result to a path, whole or not at all. */
  readonly build: (file: string) => Promise<unknown>;
}

/** A file that is built when its sources are new, and taken as it stands when they are not: each program run needs it at once. */
export async function builtOnce({
  root,
  sources,
  folder,
  build,
}: BuiltOnce): Promise<{ file: string; sha256: string }> {
  const paths = globSync([...sources], { cwd: root }).toSorted();
  const digest = sha256Hex(JSON.stringify(paths.map((path) => [path, sha256Hex(readFileSync(join(root, path)))])));
  const name = `${digest.slice(0, 16)}.mjs`;
  const file = join(folder, name);
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true });
    await build(file);
    for (const old of readdirSync(folder)) if (old !== name) rmSync(join(folder, old), { force: true });
  }
  return { file, sha256: sha256Hex(readFileSync(file)) };
}
