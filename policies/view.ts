/**
 * Reads properties of resources without trusting their shape: what is absent or of another type reads as undefined, and
 * the rule decides what that means. Reading an unknown value throws the SDK's UnknownValueError.
 */
export class View {
  readonly #value: unknown;

  constructor(value: unknown) {
    this.#value = value;
  }

  get present(): boolean {
    return this.#value !== undefined && this.#value !== null;
  }

  at(...path: readonly string[]): View {
    let value = this.#value;
    for (const key of path) value = isRecord(value) ? value[key] : undefined;
    return new View(value);
  }

  string(...path: readonly string[]): string | undefined {
    const value = this.at(...path).#value;
    return typeof value === "string" ? value : undefined;
  }

  number(...path: readonly string[]): number | undefined {
    const value = this.at(...path).#value;
    return typeof value === "number" ? value : undefined;
  }

  boolean(...path: readonly string[]): boolean | undefined {
    const value = this.at(...path).#value;
    return typeof value === "boolean" ? value : undefined;
  }

  list(...path: readonly string[]): readonly View[] | undefined {
    const value = this.at(...path).#value;
    return Array.isArray(value) ? Array.from(value, (item) => new View(item)) : undefined;
  }

  keys(...path: readonly string[]): readonly string[] {
    const value = this.at(...path).#value;
    return isRecord(value) ? Object.keys(value) : [];
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
