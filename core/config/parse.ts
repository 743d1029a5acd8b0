import { fewestNodes, poolBounds } from "../guardrails.ts";
import { line, oneOf, privateRange, type Reader, wholeNumber, yesOrNo } from "./fields.ts";
import { defaults, type SubstrateConfig } from "./schema.ts";
import { targets } from "./targets.ts";

/** One thing that is wrong with the configuration: which key, what was given, what would be right. */
export interface Mistake {
  /** Full key with its namespace, for example "logos:pool.min". */
  readonly key: string;
  /** The value as the user wrote it, or undefined where the key itself is the mistake. */
  readonly given: unknown;
  readonly allowed: string;
}

export type ParsedConfig =
  | { readonly ok: true; readonly config: SubstrateConfig }
  | { readonly ok: false; readonly mistakes: readonly Mistake[] };

/**
 * Reads the configuration of a stack.
 *
 * @param given every value set for the project's namespace, key without namespace → text as Pulumi hands it out
 *   (objects as JSON). Fields that are absent take the default, field by field.
 * @param namespace the project's name, used in the keys of mistakes.
 */
export function parseConfig(given: Readonly<Record<string, string>>, namespace: string): ParsedConfig {
  const reader = new ConfigReader(given, namespace);
  const pilot = reader.value("pilot", yesOrNo, defaults.pilot);
  const config: SubstrateConfig = {
    target: reader.value("target", oneOf(targets), defaults.target),
    pool: reader.object("pool", {
      min: [wholeNumber(fewestNodes(pilot), poolBounds.max, pilot ? "nodes of a pilot" : "nodes"), defaults.pool.min],
      max: [wholeNumber(fewestNodes(pilot), poolBounds.max, "nodes"), defaults.pool.max],
      standby: [wholeNumber(0, poolBounds.max, "nodes"), defaults.pool.standby],
    }),
    pilot,
    node: reader.object("node", {
      cpus: [wholeNumber(1, 64, "CPUs"), defaults.node.cpus],
      memoryMb: [wholeNumber(1024, 262_144, "MiB"), defaults.node.memoryMb],
      diskGb: [wholeNumber(4, 1024, "GiB"), defaults.node.diskGb],
      cacheGb: [wholeNumber(1, 1024, "GiB"), defaults.node.cacheGb],
    }),
    network: reader.object("network", { cidr: [privateRange, defaults.network.cidr] }),
    workload: reader.object("workload", {
      repository: [line("a folder or the URL of a Git repository"), defaults.workload.repository],
      commit: [line("a commit, tag or branch of the workload's repository"), defaults.workload.commit],
      pins: [line("the path of a pins file"), defaults.workload.pins],
    }),
    readyTimeoutSeconds: reader.value(
      "readyTimeoutSeconds",
      wholeNumber(30, 3600, "seconds"),
      defaults.readyTimeoutSeconds,
    ),
  };
  const mistakes = [...reader.finish()];
  if (mistakes.length === 0 && config.pool.min > config.pool.max) {
    mistakes.push({
      key: `${namespace}:pool.min`,
      given: config.pool.min,
      allowed: `at most ${namespace}:pool.max, which is ${config.pool.max}`,
    });
  }
  return mistakes.length === 0 ? { ok: true, config: deepFreeze(config) } : { ok: false, mistakes };
}

/** The text a user sees: every mistake on a line of its own, and the command that mends a value. */
export function explainMistakes(stack: string, mistakes: readonly Mistake[]): string {
  const count = mistakes.length === 1 ? "1 mistake" : `${mistakes.length} mistakes`;
  return [
    `The configuration of stack "${stack}" has ${count}. Nothing was changed.`,
    ...mistakes.map(({ key, given, allowed }) =>
      given === undefined
        ? `  ${key}: ${allowed}`
        : `  ${key}: given is ${JSON.stringify(given)}, allowed is ${allowed}`,
    ),
    "Set a value with `npx pulumi config set --path KEY VALUE`, or take it out with `npx pulumi config rm --path KEY`.",
  ].join("\n");
}

type FieldTable = Readonly<Record<string, readonly [Reader<unknown>, unknown]>>;
type ValuesOf<T extends FieldTable> = {
  readonly [K in keyof T]: T[K] extends readonly [Reader<infer V>, unknown] ? V : never;
};

/** Reads keys one by one and remembers what was wrong, and which keys nobody asked for. */
class ConfigReader {
  readonly #given: ReadonlyMap<string, string>;
  readonly #namespace: string;
  readonly #known: string[] = [];
  readonly #mistakes: Mistake[] = [];

  constructor(given: Readonly<Record<string, string>>, namespace: string) {
    this.#given = new Map(Object.entries(given));
    this.#namespace = namespace;
  }

  value<T>(key: string, read: Reader<T>, fallback: T): T {
    this.#known.push(key);
    const given = this.#given.get(key);
    return given === undefined ? fallback : this.#read(key, given, read, fallback);
  }

  object<T extends FieldTable>(key: string, fields: T): ValuesOf<T>;
  object(key: string, fields: FieldTable): Record<string, unknown> {
    this.#known.push(key);
    const given = this.#object(key, Object.keys(fields));
    for (const name of Object.keys(given)) {
      if (!Object.hasOwn(fields, name))
        this.#unknown(
          `${key}.${name}`,
          Object.keys(fields).map((field) => `${key}.${field}`),
        );
    }
    return Object.fromEntries(
      Object.entries(fields).map(([name, [read, fallback]]) => {
        const value = Object.hasOwn(given, name) ? this.#read(`${key}.${name}`, given[name], read, fallback) : fallback;
        return [name, value];
      }),
    );
  }

  finish(): readonly Mistake[] {
    for (const key of this.#given.keys()) {
      if (!this.#known.includes(key)) this.#unknown(key, this.#known);
    }
    return this.#mistakes;
  }

  #read<T>(key: string, given: unknown, read: Reader<T>, fallback: T): T {
    const reading = read(given);
    if (reading.ok) return reading.value;
    this.#mistakes.push({ key: `${this.#namespace}:${key}`, given, allowed: reading.allowed });
    return fallback;
  }

  #object(key: string, fields: readonly string[]): Readonly<Record<string, unknown>> {
    const text = this.#given.get(key);
    if (text === undefined) return {};
    const value = parseJson(text);
    if (isRecord(value)) return value;
    this.#mistakes.push({
      key: `${this.#namespace}:${key}`,
      given: text,
      allowed: `an object with fields of ${fields.join(", ")}`,
    });
    return {};
  }

  #unknown(key: string, known: readonly string[]): void {
    this.#mistakes.push({
      key: `${this.#namespace}:${key}`,
      given: undefined,
      allowed: `there is no such key; there are ${known.map((name) => `${this.#namespace}:${name}`).join(", ")}`,
    });
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function deepFreeze<T extends object>(value: T): T {
  for (const child of Object.values(value)) {
    if (typeof child === "object" && child !== null) deepFreeze(child);
  }
  return Object.freeze(value);
}
