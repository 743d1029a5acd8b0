import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { backendFolder } from "./locks.ts";

/**
 * Removes attribute files of a file backend that a killed CLI left half written. The state itself is put in place by rename, but the
 * `.attrs` beside it is written over (https://github.com/google/go-cloud/blob/master/blob/fileblob/attrs.go), and while one cannot be
 * read, no command of that stack can begin: "failed to load checkpoint: EOF". Without one the backend takes the defaults.
 *
 * @param backend URL as PULUMI_BACKEND_URL or Pulumi.yaml has it.
 */
export function removeTornAttributes(backend: string): void {
  const folder = backendFolder(backend);
  if (folder === undefined) return;
  for (const file of attributesBelow(join(folder, ".pulumi"))) if (!isWhole(file)) rmSync(file, { force: true });
}

function attributesBelow(folder: string): readonly string[] {
  const stacks = (() => {
    try {
      return readdirSync(join(folder, "stacks"), { recursive: true, encoding: "utf8" }).map((name) =>
        join("stacks", name),
      );
    } catch {
      // No folder: there never was a stack.
      return [];
    }
  })();
  return [...stacks, "meta.yaml.attrs"].filter((name) => name.endsWith(".attrs")).map((name) => join(folder, name));
}

/** True also for one that is not there: it is no hindrance. */
function isWhole(file: string): boolean {
  try {
    JSON.parse(readFileSync(file, "utf8"));
    return true;
  } catch (error) {
    return !(error instanceof SyntaxError);
  }
}
