import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { repository } from "./stack.ts";

/** A copy of the reference workload with a change, as a Git repository of its own. */
export interface WorkloadVariant {
  readonly repository: string;
  readonly commit: string;
  readonly remove: () => void;
}

/** @param change edits the copied folder before the repository is made of it. */
export function workloadVariant(change: (folder: string) => void): WorkloadVariant {
  const temporary = mkdtempSync(join(tmpdir(), "logos-workload-"));
  const folder = join(temporary, "source");
  const tracked = execFileSync("git", ["-C", join(repository, "workload"), "ls-files"], { encoding: "utf8" });
  for (const file of tracked.trim().split("\n")) cpSync(join(repository, "workload", file), join(folder, file));
  change(folder);
  const made = join(temporary, "repository");
  const commit = execFileSync("sh", [join(folder, "make-repository.sh"), made], { encoding: "utf8" }).trim();
  return { repository: made, commit, remove: () => rmSync(temporary, { recursive: true, force: true }) };
}
