import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { repository } from "../support/stack.ts";
import { type WorkloadVariant, workloadVariant } from "../support/workload-variant.ts";
import type { Variation, WorkloadSetting } from "./subject.ts";

/** Copies of the reference workload and its pins, one for each commit and recipe that a scenario asks for. */
export class Workloads {
  readonly #folder = mkdtempSync(join(tmpdir(), "logos-engine-pins-"));
  readonly #variants = new Map<number, WorkloadVariant>();

  settingFor({ recipe, commit }: Pick<Variation, "recipe" | "commit">): WorkloadSetting {
    const { repository: copy, commit: hash } = this.#variant(commit);
    return { repository: copy, commit: hash, pins: this.#pins(recipe) };
  }

  remove(): void {
    for (const variant of this.#variants.values()) variant.remove();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #variant(commit: number): WorkloadVariant {
    const made =
      this.#variants.get(commit) ??
      workloadVariant((folder) => writeFileSync(join(folder, "README.md"), `Commit ${commit} of a scenario\n`));
    this.#variants.set(commit, made);
    return made;
  }

  /** The reviewed pins as they are, written differently: the file is part of the recipe by its text. */
  #pins(recipe: number): string {
    const path = join(this.#folder, `pins-${recipe}.json`);
    const pins: unknown = JSON.parse(readFileSync(join(repository, "images/pins/reference.json"), "utf8"));
    writeFileSync(path, `${JSON.stringify(pins, null, 2 + recipe)}\n`);
    return path;
  }
}
