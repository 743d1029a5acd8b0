import { join } from "node:path";
import { checkStack } from "../check.ts";
import { nameOf, type Plant, plantVariable } from "./plant.ts";

const before = `import ${JSON.stringify(join(import.meta.dirname, "program.ts"))};`;

/**
 * Previews the plant's stack with the violation in it. Nothing can have been made: the check itself refuses a preview that asked the
 * cloud for anything.
 * @returns undefined when its rule has found it, and the preview stopped; else what happened
 */
export async function missed(plant: Plant): Promise<string | undefined> {
  const { findings, failure } = await checkStack(plant.stack, {
    before,
    environment: { [plantVariable]: nameOf(plant) },
  });
  const seen = findings.map(
    ({ rule, urn, path, undecided }) => `${rule}${undecided ? "?" : ""} ${urn.split("::").at(-1)} ${path}`,
  );
  const { foundOn } = plant;
  const isThere = (urn: string) =>
    foundOn === undefined ? urn.endsWith(plant.ending) && urn.includes(plant.type) : urn.includes(`$${foundOn}::`);
  const found = findings.some(({ rule, urn, undecided }) => rule === plant.rule && !undecided && isThere(urn));
  if (failure === undefined) return `the preview went through, with ${seen.length} findings`;
  if (found) return undefined;
  return seen.length > 0 ? `only found: ${seen.join("; ")}` : `failed otherwise: ${failure.slice(-1500)}`;
}
