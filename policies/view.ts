import { UnknownValueError } from "@pulumi/policy";

/** Reading came to a value that nothing knows yet. */
export class Undecided extends Error {
  /** Path of the unknown value, as `ingress[0].cidrBlocks`. */
  readonly path: string;
  constructor(path: string) {
    super(`"${path}" is not known yet`);
    this.name = "Undecided";
    this.path = path;
  }
}

/**
 * Reads properties of resources without trusting their shape: what is absent or of another type reads as undefined, and
 * the rule decides what that means. A value that is not known yet is a View like any other; only reading what it holds
 * throws {@link Undecided}, so that a rule can go on with what lies beside it.
 */
export class View {
  /** Where the value stands, as `ingress[0].cidrBlocks`; empty for the resource itself. */
  readonly path: string;
  readonly #value: unknown;
  readonly #unknown: boolean;
  /** Names of the resource's own properties that were looked at, shared by all views of it. */
  readonly #seen: Set<string>;

  constructor(value: unknown, path = "", seen = new Set<string>(), unknown = false) {
    this.path = path;
    this.#value = value;
    this.#unknown = unknown;
    this.#seen = seen;
  }

  get seen(): ReadonlySet<string> {
    return this.#seen;
  }

  get unknown(): boolean {
    return this.#unknown;
  }

  /** True unless the value is absent or null. Throws when it is not known. */
  get present(): boolean {
    const value = this.#known();
    return value !== undefined && value !== null;
  }

  at(...path: readonly (string | number)[]): View {
    let view: View = this;
    for (const key of path) view = view.#child(key);
    return view;
  }

  string(...path: readonly (string | number)[]): string | undefined {
    const value = this.at(...path).#known();
    return typeof value === "string" ? value : undefined;
  }

  number(...path: readonly (string | number)[]): number | undefined {
    const value = this.at(...path).#known();
    return typeof value === "number" ? value : undefined;
  }

  boolean(...path: readonly (string | number)[]): boolean | undefined {
    const value = this.at(...path).#known();
    return typeof value === "boolean" ? value : undefined;
  }

  /** A string, number or boolean as text. */
  text(...path: readonly (string | number)[]): string | undefined {
    const value = this.at(...path).#known();
    return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
      ? String(value)
      : undefined;
  }

  /** True when it is a text, and the pattern is found in it. */
  matches(pattern: RegExp, ...path: readonly (string | number)[]): boolean {
    const value = this.string(...path);
    return value !== undefined && pattern.test(value);
  }

  /** The items of a list; undefined when it is none. Items that are not known are views like any other. */
  list(...path: readonly (string | number)[]): readonly View[] | undefined {
    const view = this.at(...path);
    const value = view.#known();
    return Array.isArray(value) ? Array.from({ length: value.length }, (_, index) => view.#child(index)) : undefined;
  }

  /** The items of a list, or the value itself where the SDK takes one for a list; empty when absent. */
  items(...path: readonly (string | number)[]): readonly View[] {
    const view = this.at(...path);
    if (view.unknown) return [view];
    return view.list() ?? (view.present ? [view] : []);
  }

  /** How many {@link items} there are. Throws when that is not known. */
  count(...path: readonly (string | number)[]): number {
    const view = this.at(...path);
    return view.list()?.length ?? (view.present ? 1 : 0);
  }

  keys(...path: readonly (string | number)[]): readonly string[] {
    const value = this.at(...path).#known();
    return isRecord(value) ? Object.keys(value) : [];
  }

  /** The object or list that a JSON text holds, or that stands there already; undefined when it is neither. */
  json(...path: readonly (string | number)[]): View | undefined {
    const view = this.at(...path);
    const value = view.#known();
    if (isRecord(value)) return view;
    if (typeof value !== "string") return undefined;
    try {
      const parsed: unknown = JSON.parse(value);
      return isRecord(parsed) ? new View(parsed, view.path, this.#seen) : undefined;
    } catch {
      return undefined;
    }
  }

  /** Every text in the value, keys of objects included, with its view; unknown ones too. */
  *texts(): Generator<View> {
    if (this.#unknown) yield this;
    else if (isRecord(this.#value)) for (const key of Object.keys(this.#value)) yield* this.#child(key).texts();
    else if (typeof this.#value === "string") yield this;
  }

  #known(): unknown {
    if (this.#unknown) throw new Undecided(this.path);
    return this.#value;
  }

  #child(key: string | number): View {
    const path =
      typeof key === "number" || /^\d+$/.test(key)
        ? `${this.path}[${key}]`
        : this.path === ""
          ? key
          : `${this.path}.${key}`;
    if (this.path === "") this.#seen.add(String(key));
    // What lies in an unknown value is unknown for the same reason, and is reported once.
    if (this.#unknown) return new View(undefined, this.path, this.#seen, true);
    if (!isRecord(this.#value)) return new View(undefined, path, this.#seen);
    try {
      return new View(Object.hasOwn(this.#value, key) ? this.#value[key] : undefined, path, this.#seen);
    } catch (error) {
      if (!(error instanceof UnknownValueError)) throw error;
      return new View(undefined, path, this.#seen, true);
    }
  }
}

function isRecord(value: unknown): value is Readonly<Record<string | number, unknown>> {
  return typeof value === "object" && value !== null;
}
