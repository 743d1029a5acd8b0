import { Malformed, parseJson } from "../json.ts";
import { placeholderStem } from "./names.ts";

/** A node as the controller knows it. */
export interface SlurmNode {
  readonly name: string;
  /** Base state and flags together, e.g. IDLE, DRAIN, DYNAMIC_NORM. */
  readonly flags: ReadonlySet<string>;
  /** Why the node is drained or down. Slurm keeps the old text on a node that is well again: never decide by it alone. */
  readonly reason: string;
  readonly reasonSetBy: string;
  readonly address: string;
  /** Free text that the node gave at its registration: its gate verdict in short, as JSON. */
  readonly extra: string;
  /** Slots. */
  readonly cpus: number;
  readonly allocatedCpus: number;
  /** MiB that jobs may be given, and that they have been. */
  readonly memoryMb: number;
  readonly allocatedMemoryMb: number;
  readonly features: readonly string[];
  /** When the reason was set, milliseconds since 1970; 0 when there never was one. */
  readonly reasonSetAt: number;
}

/** What `scontrol` takes so that the answer has one shape on every release from 23.11 on. */
export const slurmJsonOption = "--json=v0.0.40";

/**
 * Reads the answer of `scontrol show nodes` with {@link slurmJsonOption}.
 * @throws Malformed when it is not that, or when Slurm reports an error in it.
 */
export function parseNodes(text: string): readonly SlurmNode[] {
  const source = "scontrol show nodes";
  const document = record(parseJson(text, source));
  const errors = document?.get("errors");
  if (!Array.isArray(errors)) throw new Malformed(source, ["has no list of errors"]);
  if (errors.length > 0) throw new Malformed(source, [`reports ${JSON.stringify(errors)}`]);
  const nodes = document?.get("nodes");
  if (!Array.isArray(nodes)) throw new Malformed(source, ["has no list of nodes"]);
  return nodes.map((node: unknown, index) => readNode(node, `${source}: nodes[${index}]`));
}

/** The record stands for a slot of the pool that is empty, not for a machine. */
export function isPlaceholder(node: SlurmNode): boolean {
  return new RegExp(`^${placeholderStem}-\\d+$`).test(node.name);
}

/** The node has work, or has not finished cleaning up after it. */
export function isBusy(node: SlurmNode): boolean {
  return node.allocatedCpus > 0 || ["ALLOCATED", "MIXED", "COMPLETING"].some((flag) => node.flags.has(flag));
}

function readNode(value: unknown, source: string): SlurmNode {
  const fields = record(value);
  if (fields === undefined) throw new Malformed(source, ["is not an object"]);
  const text = (key: string): string => {
    const found = fields.get(key);
    if (typeof found !== "string") throw new Malformed(source, [`${key} is not a string`]);
    return found;
  };
  const list = (key: string): readonly string[] => {
    const found: unknown = fields.get(key);
    if (Array.isArray(found) && found.every((item): item is string => typeof item === "string")) return found;
    throw new Malformed(source, [`${key} is not a list of texts`]);
  };
  const state = list("state");
  if (state.length === 0) throw new Malformed(source, ["state has no flag"]);
  const count = (key: string): number => {
    const found = fields.get(key);
    if (typeof found !== "number") throw new Malformed(source, [`${key} is not a number`]);
    return found;
  };
  // Slurm writes a number that may be absent as {set, infinite, number}.
  const seconds = (key: string): number => {
    const found = record(fields.get(key))?.get("number");
    if (typeof found !== "number") throw new Malformed(source, [`${key} is not a time`]);
    return found;
  };
  return {
    name: text("name"),
    flags: new Set(state),
    reason: text("reason"),
    reasonSetBy: text("reason_set_by_user"),
    address: text("address"),
    extra: text("extra"),
    cpus: count("cpus"),
    allocatedCpus: count("alloc_cpus"),
    memoryMb: count("real_memory"),
    allocatedMemoryMb: count("alloc_memory"),
    features: list("active_features"),
    reasonSetAt: seconds("reason_changed_at") * 1000,
  };
}

function record(value: unknown): ReadonlyMap<string, unknown> | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  return new Map<string, unknown>(Object.entries(value));
}
