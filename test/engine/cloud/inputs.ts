import { isRecord, type Mistake, unknown } from "../../../providers/lab/shape.ts";
import type { Fields, Kind, ResourceShape } from "./shape.ts";

/**
 * Holds inputs against what the SDK declares: a name that it does not have, at any depth, with the nearest right one; a required
 * one that is absent; an object where a text should be. What is not known yet is neither right nor wrong.
 */
export function inputMistakes(
  type: string,
  shape: ResourceShape,
  inputs: Readonly<Record<string, unknown>>,
): Mistake[] {
  const mistakes: Mistake[] = [];
  fields(shape.inputs, inputs, "");
  return mistakes;

  function fields(declared: Fields, value: Readonly<Record<string, unknown>>, path: string): void {
    for (const [name, item] of Object.entries(value)) {
      const field = Object.hasOwn(declared, name) ? declared[name] : undefined;
      const at = path === "" ? name : `${path}.${name}`;
      if (field === undefined)
        mistakes.push({ property: at, reason: unknownName(type, at, name, Object.keys(declared)) });
      else if (item !== undefined && item !== null) kind(field.kind, item, at);
    }
    for (const [name, { optional }] of Object.entries(declared)) {
      const at = path === "" ? name : `${path}.${name}`;
      if (!optional && (value[name] === undefined || value[name] === null))
        mistakes.push({ property: at, reason: `${type} needs the input "${at}"` });
    }
  }

  function kind(expected: Kind, value: unknown, path: string): void {
    const objection = mismatch(expected, value);
    if (objection !== undefined) mistakes.push({ property: path, reason: `"${path}" of ${type} must be ${objection}` });
    else if (value === unknown || isSpecial(value)) return;
    else if (expected.is === "list" && Array.isArray(value))
      value.forEach((item, index) => {
        kind(expected.of, item, `${path}[${index}]`);
      });
    else if (expected.is === "map" && isRecord(value))
      for (const [name, item] of Object.entries(value)) kind(expected.of, item, `${path}.${name}`);
    else if (expected.is === "object" && isRecord(value)) fields(shape.objects[expected.name] ?? {}, value, path);
    else if (expected.is === "union") union(expected.of, value, path);
  }

  /** Of several object types that fit by kind, the one with the fewest mistakes speaks. */
  function union(members: readonly Kind[], value: unknown, path: string): void {
    const fitting = members.filter((member) => mismatch(member, value) === undefined);
    const before = mistakes.length;
    let best: Mistake[] | undefined;
    for (const member of fitting) {
      kind(member, value, path);
      const found = mistakes.splice(before);
      if (best === undefined || found.length < best.length) best = found;
    }
    mistakes.push(...(best ?? []));
  }
}

/** Kinds only: the provider behind the bridge turns "3" into 3 by itself, so texts, numbers and flags are one here. */
function mismatch(expected: Kind, value: unknown): string | undefined {
  if (value === unknown || expected.is === "any" || isSpecial(value)) return undefined;
  const isPlain = typeof value === "string" || typeof value === "number" || typeof value === "boolean";
  switch (expected.is) {
    case "text":
    case "number":
    case "flag":
      return isPlain ? undefined : `one value, not ${Array.isArray(value) ? "a list" : "an object"}`;
    case "list":
      return Array.isArray(value) ? undefined : "a list";
    case "map":
    case "object":
      return isRecord(value) ? undefined : "an object";
    case "union":
      return expected.of.some((member) => mismatch(member, value) === undefined)
        ? undefined
        : "of a kind the SDK declares";
  }
}

/** Assets, archives and references to resources carry the engine's signature. */
function isSpecial(value: unknown): boolean {
  return isRecord(value) && "4dabf18193072939515e22adb298388d" in value;
}

function unknownName(type: string, path: string, name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  return `${type} has no input "${path}"${near === undefined ? "" : `; did you mean "${near}"?`}`;
}

/** The candidate that takes the fewest edits, if it takes few. */
export function nearest(name: string, candidates: readonly string[]): string | undefined {
  const ranked = candidates
    .map((candidate) => ({ candidate, edits: distance(name.toLowerCase(), candidate.toLowerCase()) }))
    .toSorted((a, b) => a.edits - b.edits);
  const [best] = ranked;
  return best !== undefined && best.edits <= Math.max(2, name.length / 3) ? best.candidate : undefined;
}

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1)
      next.push(
        Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)),
      );
    row = next;
  }
  return row[b.length] ?? 0;
}
