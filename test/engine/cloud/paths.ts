import { isDeepStrictEqual } from "node:util";
import { isRecord } from "../../../providers/lab/shape.ts";

/**
 * Places in a resource's inputs. A table writes them as `subnetId`, `rootBlockDevice.encrypted`, `rules[].ports[]`, with `*` for any
 * key of a map; a place that was found has indices: `rules[2].ports[0]`.
 */
export interface Place {
  readonly path: string;
  readonly value: unknown;
}

/** Every place that a pattern finds. */
export function placesAt(value: unknown, pattern: string): readonly Place[] {
  let places: Place[] = [{ path: "", value }];
  for (const step of pattern.match(/[^.[\]]+|\[\]/g) ?? []) places = places.flatMap((place) => into(place, step));
  return places.filter((place) => place.value !== undefined && place.value !== null);
}

function into({ path, value }: Place, step: string): Place[] {
  if (step === "[]")
    return Array.isArray(value) ? value.map((item, index) => ({ path: `${path}[${index}]`, value: item })) : [];
  if (!isRecord(value)) return [];
  if (step === "*") return Object.entries(value).map(([name, item]) => ({ path: join(path, name), value: item }));
  return [{ path: join(path, step), value: value[step] }];
}

/** The one value at a pattern without lists, or undefined. */
export function valueAt(value: unknown, pattern: string): unknown {
  return placesAt(value, pattern)[0]?.value;
}

/** A text at a pattern, or undefined. */
export function textAt(value: unknown, pattern: string): string | undefined {
  const found = valueAt(value, pattern);
  return typeof found === "string" ? found : undefined;
}

/** A number at a pattern, also one written as a text (some clouds count in texts); undefined for everything else. */
export function numberAt(value: unknown, pattern: string): number | undefined {
  const found = valueAt(value, pattern);
  const number = typeof found === "string" && /^\d+$/.test(found) ? Number(found) : found;
  return typeof number === "number" ? number : undefined;
}

export type Change = { readonly path: string; readonly kind: "ADD" | "DELETE" | "UPDATE" };

/** Where two values differ, as deep as both have the same form. */
export function changesBetween(old: unknown, next: unknown, path = ""): readonly Change[] {
  if (isDeepStrictEqual(old, next)) return [];
  if (old === undefined || old === null) return [{ path, kind: "ADD" }];
  if (next === undefined || next === null) return [{ path, kind: "DELETE" }];
  if (Array.isArray(old) && Array.isArray(next))
    return Array.from({ length: Math.max(old.length, next.length) }, (_, index) => index).flatMap((index) =>
      changesBetween(old[index], next[index], `${path}[${index}]`),
    );
  if (isRecord(old) && isRecord(next))
    return [...new Set([...Object.keys(old), ...Object.keys(next)])].flatMap((name) =>
      changesBetween(old[name], next[name], join(path, name)),
    );
  return [{ path, kind: "UPDATE" }];
}

/** Whether a change at `path` touches what the pattern names: the place itself, something in it, or something around it. */
export function touches(path: string, pattern: string): boolean {
  const found = steps(path);
  const wanted = steps(pattern);
  return found.slice(0, wanted.length).every((step, index) => wanted[index] === "*" || wanted[index] === step);
}

function steps(path: string): readonly string[] {
  return (path.match(/[^.[\]]+|\[\d*\]/g) ?? []).map((step) => (step.startsWith("[") ? "[]" : step));
}

function join(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}
