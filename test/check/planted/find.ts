import { join } from "node:path";
import { type Checked, type CheckOptions, checkStack } from "../check.ts";
import { nameOf, type Plant, plantVariable } from "./plant.ts";

const before = `import ${JSON.stringify(join(import.meta.dirname, "program.ts"))};`;

/**
 * Brings the plant's stack up with the violation in it, as a person does: `up` previews first. The lab is previewed alone before, for what
 * slipped through would be made on this host.
 * @returns undefined when its rule has found it, and nothing was made; else what happened
 */
export async function missed(plant: Plant): Promise<string | undefined> {
  const bringUp = () => checkWith(plant, { command: ["up", "--yes"] });
  if (plant.stack !== "lab") return wrongIn(plant, await bringUp());
  return wrongIn(plant, await checkWith(plant)) ?? wrongIn(plant, await bringUp());
}

/** The plant's stack with the violation in it, previewed where nothing else is asked for. */
export function checkWith(plant: Plant, options: CheckOptions = {}): Promise<Checked> {
  const environment = { ...options.environment, [plantVariable]: nameOf(plant) };
  return checkStack(plant.stack, { ...options, before, environment });
}

function wrongIn(plant: Plant, { findings, failure, made }: Checked): string | undefined {
  const seen = findings.map(
    ({ rule, urn, path, undecided }) => `${rule}${undecided ? "?" : ""} ${urn.split("::").at(-1)} ${path}`,
  );
  const { foundOn } = plant;
  const isThere = (urn: string) =>
    foundOn === undefined ? urn.endsWith(plant.ending) && urn.includes(plant.type) : urn.includes(`$${foundOn}::`);
  const found = findings.some(({ rule, urn, undecided }) => rule === plant.rule && !undecided && isThere(urn));
  if (failure === undefined) return `it went through, with ${seen.length} findings`;
  if (made.length > 0) return `made before it stopped: ${made.join("; ")}`;
  if (found) return undefined;
  return seen.length > 0 ? `only found: ${seen.join("; ")}` : `failed otherwise: ${failure.slice(-1500)}`;
}
