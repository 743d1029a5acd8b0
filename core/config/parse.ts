import { fewestNodes, poolBounds } from "../guardrails.ts";
import { awsFields } from "./aws.ts";
import { azureFields } from "./azure.ts";
import {
  type FieldTable,
  line,
  listOf,
  matching,
  narrowRange,
  oneOf,
  privateRange,
  type Reader,
  type ValuesOf,
  wholeNumber,
  yesOrNo,
} from "./fields.ts";
import { gcpFields } from "./gcp.ts";
import { metalFields, metalMistakes } from "./metal.ts";
import { nodeFields } from "./nodes.ts";
import type { Place } from "./place.ts";
import { defaults, type Profile, profiles, type SubstrateConfig } from "./schema.ts";
import { cloudTargets, type TargetName, targets } from "./targets.ts";

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
  const profile = reader.value("profile", oneOf(profiles), defaults.profile);
  const place = readPlace(reader, reader.value("target", oneOf(targets), defaults.place.target), profile);
  const config: SubstrateConfig = {
    place,
    profile,
    pool: reader.object("pool", {
      min: [wholeNumber(fewestNodes(pilot), poolBounds.max, pilot ? "nodes of a pilot" : "nodes"), defaults.pool.min],
      max: [wholeNumber(fewestNodes(pilot), poolBounds.max, "nodes"), defaults.pool.max],
      standby: [wholeNumber(0, poolBounds.max, "nodes"), defaults.pool.standby],
    }),
    pilot,
    node: reader.object("node", nodeFields(place)),
    network: reader.object("network", {
      cidr: [privateRange, defaults.network.cidr],
      packageRanges: [listOf(narrowRange, `a list, each ${narrow}`), defaults.network.packageRanges],
    }),
    access: reader.object("access", {
      by: [oneOf(["address", "tunnel"]), defaults.access.by],
      ranges: [listOf(narrowRange, `a list, each ${narrow}`), defaults.access.ranges],
      localPort: [wholeNumber(1024, 65_535, "a port of the operator's host"), defaults.access.localPort],
    }),
    data: reader.object("data", {
      keep: [yesOrNo, defaults.data.keep],
      retentionDays: [wholeNumber(1, 36_500, "days"), defaults.data.retentionDays],
      lock: [oneOf(["governance", "compliance"]), defaults.data.lock],
      coldAfterDays: [wholeNumber(1, 3650, "days"), defaults.data.coldAfterDays],
    }),
    alerts: reader.object("alerts", {
      email: [matching(/^$|^[^@\s]+@[^@\s]+$/, "an e-mail address, or nothing"), defaults.alerts.email],
      monthlyBudgetUsd: [wholeNumber(1, 1_000_000, "US dollars"), defaults.alerts.monthlyBudgetUsd],
    }),
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
  if (mistakes.length === 0) mistakes.push(...mistakesOfTarget(config, namespace));
  return mistakes.length === 0 ? { ok: true, config: deepFreeze(config) } : { ok: false, mistakes };
}

const narrow = 'an IPv4 range of at least /8, for example "203.0.113.7/32"';

function readPlace(reader: ConfigReader, target: TargetName, profile: Profile): Place {
  for (const other of targets) if (other !== target && other !== "lab") reader.unused(other, `target ${other}`);
  switch (target) {
    case "lab":
      return { target };
    case "azure":
      return { target, azure: reader.object("azure", azureFields) };
    case "aws":
      return { target, aws: reader.object("aws", awsFields) };
    case "gcp":
      return { target, gcp: reader.object("gcp", gcpFields) };
    case "metal":
      return { target, metal: reader.object("metal", metalFields), profile };
  }
}

/** What a target needs to be told, and no default can say. */
function mistakesOfTarget(config: SubstrateConfig, namespace: string): readonly Mistake[] {
  const { place, profile, access, network } = config;
  const mistakes: Mistake[] = [];
  const needed = (key: string, allowed: string) =>
    mistakes.push({ key: `${namespace}:${key}`, given: undefined, allowed });
  if (place.target === "metal") {
    mistakes.push(...metalMistakes(place.metal, config, namespace));
    if (access.ranges.length === 0) needed("access.ranges", `is needed: who may reach the bastion, each ${narrow}.`);
    if (access.by !== "address") needed("access.by", "must be address: machines of your own have no cloud's tunnel");
  }
  if (cloudTargets.some((target) => target === place.target)) {
    if (access.by === "address" && access.ranges.length === 0) {
      needed("access.ranges", `is needed: who may reach the bastion, each ${narrow}. None would shut everybody out.`);
    }
    if (network.packageRanges.length === 0) {
      needed("network.packageRanges", `is needed: where a builder fetches packages from, each ${narrow}`);
    }
  }
  if (place.target === "gcp" && access.by === "tunnel" && place.gcp.operators.length === 0) {
    needed("gcp.operators", "is needed: who may open the tunnel. Nobody would shut everybody out.");
  }
  if (profile === "operator" && !profileTargets.some((target) => target === place.target)) {
    mistakes.push({ key: `${namespace}:profile`, given: profile, allowed: `"standard" on target ${place.target}` });
  }
  return mistakes;
}

/** The node operations runbook is about single machines that people own. */
const profileTargets: readonly TargetName[] = targets.filter(
  (target) => target !== "lab" && !cloudTargets.includes(target),
);

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
      Object.entries(fields).map(([name, [read, fallback, needed]]) => {
        const isGiven = Object.hasOwn(given, name);
        if (!isGiven && needed !== "needed") return [name, fallback];
        return [name, this.#read(`${key}.${name}`, given[name], read, fallback)];
      }),
    );
  }

  /** A key that this stack has no use for: it may be there empty, as Pulumi.yaml's default, and not filled in. */
  unused(key: string, user: string): void {
    this.#known.push(key);
    const given = this.#given.get(key);
    if (given === undefined || given === "{}") return;
    // Not what was given: there may be a secret in it.
    this.#mistakes.push({
      key: `${this.#namespace}:${key}`,
      given: undefined,
      allowed: `is set, and only ${user} reads it. Take it out.`,
    });
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
    const shown = reading.secret === "secret" ? undefined : given;
    this.#mistakes.push({ key: `${this.#namespace}:${key}`, given: shown, allowed: reading.allowed });
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
