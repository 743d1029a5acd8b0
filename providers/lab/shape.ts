/**
 * Shapes: what a resource's properties must look like. A shape reads an untyped value into a typed one and reports every
 * mistake with its property path. During a preview some values are not known yet; they are neither right nor wrong.
 */

/** Stands for a value that the engine will know only later. */
export const unknown: unique symbol = Symbol("not known yet");

/** One thing wrong with what the user wrote. */
export interface Mistake {
  /** Path of the property, e.g. `rules[0].ports`; empty for the whole. */
  readonly property: string;
  readonly reason: string;
}

interface Reading {
  readonly mistakes: Mistake[];
  sawUnknown: boolean;
}

/** `undefined` stands for "no value": a mistake or an unknown, noted in the reading. */
export interface Shape<T> {
  readonly read: (value: unknown, path: string, reading: Reading) => T | undefined;
  readonly optional?: true;
}

export interface ObjectShape<T> extends Shape<T> {
  readonly fields: { readonly [K in keyof T]-?: Shape<Exclude<T[K], undefined>> };
}

export type Parsed<T> =
  | { readonly kind: "known"; readonly value: T }
  | { readonly kind: "unknown" }
  | { readonly kind: "wrong"; readonly mistakes: readonly Mistake[] };

/** Reads a whole value. `unknown` is the answer only when nothing that is known is wrong. */
export function parse<T>(shape: Shape<T>, value: unknown, path = ""): Parsed<T> {
  const reading: Reading = { mistakes: [], sawUnknown: false };
  const result = shape.read(value, path, reading);
  if (reading.mistakes.length > 0) return { kind: "wrong", mistakes: reading.mistakes };
  if (reading.sawUnknown || result === undefined) return { kind: "unknown" };
  return { kind: "known", value: result };
}

/** True when the value, or anything inside it, is not known yet. */
export function hasUnknown(value: unknown): boolean {
  if (value === unknown) return true;
  if (Array.isArray(value)) return value.some(hasUnknown);
  return isRecord(value) && Object.values(value).some(hasUnknown);
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A string; `accept` answers what is wrong with it, or undefined. */
export function text(accept: (value: string) => string | undefined = () => undefined): Shape<string> {
  return known((value, path, reading) => {
    if (typeof value !== "string") return wrong(reading, path, `must be a string, not ${describe(value)}`);
    const objection = accept(value);
    return objection === undefined ? value : wrong(reading, path, objection);
  });
}

/** A string that must match; `what` completes "must be …" in the error. */
export function pattern(regex: RegExp, what: string): Shape<string> {
  return text((value) => (regex.test(value) ? undefined : `must be ${what}, not ${JSON.stringify(value)}`));
}

/** A string that is never shown in an error. */
export function secretText(): Shape<string> {
  return known((value, path, reading) =>
    typeof value === "string" ? value : wrong(reading, path, "must be a string"),
  );
}

export function integer(least: number, most: number): Shape<number> {
  return known((value, path, reading) =>
    typeof value === "number" && Number.isInteger(value) && value >= least && value <= most
      ? value
      : wrong(reading, path, `must be a whole number from ${least} to ${most}, not ${describe(value)}`),
  );
}

export function choice<const T extends string>(members: readonly T[]): Shape<T> {
  return known((value, path, reading) => {
    const found = members.find((member) => member === value);
    return found ?? wrong(reading, path, `must be one of ${members.join(", ")}, not ${describe(value)}`);
  });
}

export function list<T>(item: Shape<T>): Shape<readonly T[]> {
  return known((value, path, reading) => {
    if (!Array.isArray(value)) return wrong(reading, path, `must be a list, not ${describe(value)}`);
    const items: T[] = [];
    value.forEach((entry, index) => {
      const result = item.read(entry, `${path}[${index}]`, reading);
      if (result !== undefined) items.push(result);
    });
    return items;
  });
}

/** A map from any of the keys that `key` accepts to one kind of value. */
export function dictionary<T>(key: Shape<string>, item: Shape<T>): Shape<Readonly<Record<string, T>>> {
  return known((value, path, reading) => {
    if (!isRecord(value)) return wrong(reading, path, `must be an object, not ${describe(value)}`);
    const entries: Record<string, T> = {};
    for (const [name, entry] of Object.entries(value)) {
      key.read(name, `${path}[${JSON.stringify(name)}]`, reading);
      const result = item.read(entry, `${path}[${JSON.stringify(name)}]`, reading);
      if (result !== undefined) entries[name] = result;
    }
    return entries;
  });
}

export function optional<T>(shape: Shape<T>): Shape<T> {
  return { ...shape, optional: true };
}

/**
 * An object with these fields and no others. `together` sees the object when each field is right and known, for rules
 * that hold between fields, and answers what is wrong.
 */
export function object<T extends object>(
  fields: ObjectShape<T>["fields"],
  together: (value: T) => Mistake | undefined = () => undefined,
): ObjectShape<T> {
  const shape = known<T>((value, path, reading) => {
    if (!isRecord(value)) return wrong(reading, path, `must be an object, not ${describe(value)}`);
    const own: Reading = { mistakes: [], sawUnknown: false };
    const entries = new Map<string, unknown>();
    for (const name of fieldNames(fields)) {
      const result = readField(fields[name], value[name], join(path, name), own);
      if (result !== undefined) entries.set(name, result);
    }
    for (const name of Object.keys(value)) {
      if (!(name in fields))
        wrong(own, join(path, name), `is not a property here; known are ${fieldNames(fields).join(", ")}`);
    }
    reading.mistakes.push(...own.mistakes);
    reading.sawUnknown ||= own.sawUnknown;
    if (own.mistakes.length > 0 || own.sawUnknown) return undefined;
    const whole = complete<T>(entries);
    const objection = together(whole);
    if (objection === undefined) return whole;
    return wrong(reading, join(path, objection.property), objection.reason);
  });
  return { ...shape, fields };
}

/** The names of an object shape's fields, typed. */
export function fieldNames<T extends object>(fields: ObjectShape<T>["fields"]): (keyof T & string)[] {
  const names: (keyof T & string)[] = [];
  for (const name in fields) names.push(name);
  return names;
}

function readField(field: Shape<unknown>, value: unknown, path: string, reading: Reading): unknown {
  if (value !== undefined && value !== null) return field.read(value, path, reading);
  return field.optional ? undefined : wrong(reading, path, "is missing");
}

// Each entry was read by the shape that `fields` holds under its name, and each required field is there: the compiler
// cannot follow that through a loop over keys. This is the one place where it has to be told.
function complete<T extends object>(entries: Map<string, unknown>): T {
  return Object.fromEntries(entries) as T;
}

function known<T>(read: Shape<T>["read"]): Shape<T> {
  return {
    read: (value, path, reading) => {
      if (value !== unknown) return read(value, path, reading);
      reading.sawUnknown = true;
      return undefined;
    },
  };
}

function wrong(reading: Reading, property: string, reason: string): undefined {
  reading.mistakes.push({ property, reason });
  return undefined;
}

function join(path: string, name: string): string {
  if (path === "") return name;
  return name === "" ? path : `${path}.${name}`;
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return "nothing";
  if (Array.isArray(value)) return "a list";
  return isRecord(value) ? "an object" : JSON.stringify(value);
}
