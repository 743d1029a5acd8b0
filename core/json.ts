/**
 * Reading JSON at the edge: every mistake is collected with its path, then thrown at once.
 * Unknown keys are mistakes too, so that a misspelt key is never silently ignored.
 */

import { messageOf } from "./errors.ts";

/** A document that does not have the shape it must have. The message is for people; it names the source and each path. */
export class Malformed extends Error {
  readonly problems: readonly string[];
  constructor(source: string, problems: readonly string[]) {
    super(`${source}: ${problems.join("; ")}`);
    this.name = "Malformed";
    this.problems = problems;
  }
}

/** Parses `text`, whatever its shape. Throws {@link Malformed} naming `source`. */
export function parseJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Malformed(source, [`is not JSON (${messageOf(error)})`]);
  }
}

/** Parses `text` and hands its top-level object to `read`. Throws {@link Malformed} naming `source`. */
export function readJson<T>(text: string, source: string, read: (fields: Fields) => T): T {
  const value = parseJson(text, source);
  const problems: string[] = [];
  const fields = new Fields(value, "", problems);
  const result = read(fields);
  fields.refuseUnread();
  if (problems.length > 0) throw new Malformed(source, problems);
  return result;
}

/** One JSON object being read. Each getter records a problem and returns a harmless value when the field is wrong. */
export class Fields {
  readonly #values: ReadonlyMap<string, unknown>;
  readonly #path: string;
  readonly #problems: string[];
  readonly #read = new Set<string>();

  constructor(value: unknown, path: string, problems: string[]) {
    this.#path = path;
    this.#problems = problems;
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      this.#values = new Map<string, unknown>(Object.entries(value));
    } else {
      this.#values = new Map();
      problems.push(`${path === "" ? "the document" : path} must be an object, not ${describe(value)}`);
    }
  }

  keys(): readonly string[] {
    return [...this.#values.keys()];
  }

  has(key: string): boolean {
    return this.#values.has(key);
  }

  /** A string that matches `pattern`; `what` says in words what it should be. */
  string(key: string, what = "a non-empty string", pattern = /^[\s\S]+$/): string {
    const value = this.#take(key);
    if (typeof value === "string" && pattern.test(value)) return value;
    return this.#wrong(key, what, value, "");
  }

  oneOf<T extends string>(key: string, allowed: readonly T[]): T {
    const value = this.#take(key);
    const found = allowed.find((candidate) => candidate === value);
    if (found !== undefined) return found;
    const [first] = allowed;
    if (first === undefined) throw new Error(`oneOf("${key}") needs at least one value`);
    return this.#wrong(key, `one of ${allowed.join(", ")}`, value, first);
  }

  /** A finite number, not below `least`. */
  number(key: string, least: number): number {
    const value = this.#take(key);
    if (typeof value === "number" && Number.isFinite(value) && value >= least) return value;
    return this.#wrong(key, `a number of at least ${least}`, value, least);
  }

  integer(key: string, least: number): number {
    const value = this.#take(key);
    if (typeof value === "number" && Number.isSafeInteger(value) && value >= least) return value;
    return this.#wrong(key, `a whole number of at least ${least}`, value, least);
  }

  boolean(key: string): boolean {
    const value = this.#take(key);
    return typeof value === "boolean" ? value : this.#wrong(key, "true or false", value, false);
  }

  strings(key: string): readonly string[] {
    const value = this.#take(key);
    if (Array.isArray(value) && value.every((item): item is string => typeof item === "string")) return value;
    return this.#wrong(key, "a list of strings", value, []);
  }

  /** A nested object. */
  object<T>(key: string, read: (fields: Fields) => T): T {
    const fields = new Fields(this.#take(key), this.#at(key), this.#problems);
    const result = read(fields);
    fields.refuseUnread();
    return result;
  }

  /** A list of objects. */
  objects<T>(key: string, read: (fields: Fields) => T): readonly T[] {
    const value: unknown = this.#take(key);
    if (!Array.isArray(value)) return this.#wrong(key, "a list", value, []);
    return value.map((item: unknown, index) => {
      const fields = new Fields(item, `${this.#at(key)}[${index}]`, this.#problems);
      const result = read(fields);
      fields.refuseUnread();
      return result;
    });
  }

  problem(key: string, text: string): void {
    this.#problems.push(`${this.#at(key)} ${text}`);
  }

  /** For a document of somebody else: keys that are not read are not mistakes. */
  ignoreOthers(): void {
    for (const key of this.#values.keys()) this.#read.add(key);
  }

  refuseUnread(): void {
    for (const key of this.#values.keys()) {
      if (!this.#read.has(key)) this.#problems.push(`${this.#at(key)} is not a known key`);
    }
  }

  #take(key: string): unknown {
    this.#read.add(key);
    return this.#values.get(key);
  }

  #at(key: string): string {
    return this.#path === "" ? key : `${this.#path}.${key}`;
  }

  #wrong<T>(key: string, what: string, value: unknown, harmless: T): T {
    this.#problems.push(`${this.#at(key)} must be ${what}, not ${describe(value)}`);
    return harmless;
  }
}

function describe(value: unknown): string {
  if (value === undefined) return "absent";
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
