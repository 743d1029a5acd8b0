import { isBusy, isPlaceholder, type SlurmNode } from "../slurm/nodes.ts";
import type { PendingJob } from "../slurm/pending.ts";
import { type Bin, type Parcel, pack, type Size } from "./pack.ts";
import { excludedBy } from "./reasons.ts";

/** Everything that the demand follows from, at one moment. */
export interface QueueView {
  readonly pending: readonly PendingJob[];
  readonly nodes: readonly SlurmNode[];
}

/** What a node of the pool has, and how many there may be; the controller's placeholders say both. */
export interface Bounds {
  readonly min: number;
  readonly max: number;
  readonly shape: Size;
}

export interface Demand {
  /** Nodes that should take work, within the bounds. */
  readonly nodesWanted: number;
  /** Jobs that another node would help, or a free one serves at once. */
  readonly counted: number;
  /** Jobs that are no demand: id and why, in words. */
  readonly excluded: readonly { readonly id: string; readonly why: string }[];
}

/**
 * Nodes wanted: those that have work, those that the waiting jobs fit on, and no fewer than `min` nor more than `max`.
 * Free room on nodes that take work is used before a node is added; a job that could never run asks for none.
 */
export function demand({ pending, nodes }: QueueView, bounds: Bounds): Demand {
  const usable = nodes.filter((node) => !isPlaceholder(node) && takesWork(node));
  const bins = usable.map(binOf);
  const busy = bins.filter((bin) => bin.used).length;
  const excluded: { id: string; why: string }[] = [];
  const parcels: Parcel[] = [];
  const offered = new Set(nodes.filter((node) => !isPlaceholder(node)).flatMap((node) => node.features));
  for (const job of pending) {
    const parcel = excludedBy(job.reason, job.restarts) ?? parcelOf(job, bounds, offered);
    if (typeof parcel === "string") excluded.push({ id: job.id, why: parcel });
    else parcels.push(parcel);
  }
  // What does not fit any more wants all there may be.
  const left = pack(parcels, bins, bounds.shape, Math.max(bounds.max, usable.length));
  const used = left.length > 0 ? bounds.max : bins.filter((bin) => bin.used).length;
  return {
    nodesWanted: clamp(Math.max(used, busy), bounds),
    counted: parcels.length,
    excluded: excluded.toSorted((one, other) => (one.id < other.id ? -1 : 1)),
  };
}

export function clamp(wanted: number, { min, max }: { readonly min: number; readonly max: number }): number {
  return Math.min(max, Math.max(min, wanted));
}

/** The bounds as the controller's placeholders show them: one for each node that the pool may have. */
export function boundsOf(nodes: readonly SlurmNode[]): Bounds | undefined {
  const vacant = nodes.filter(isPlaceholder);
  const [first] = vacant;
  if (first === undefined) return undefined;
  return { min: 0, max: vacant.length, shape: { cpus: first.cpus, memoryMb: first.memoryMb } };
}

/** The node may be given a job now. */
export function takesWork({ flags }: Pick<SlurmNode, "flags">): boolean {
  const up = ["IDLE", "ALLOCATED", "MIXED", "COMPLETING"].some((flag) => flags.has(flag));
  return up && !["DRAIN", "DOWN", "FAIL", "INVALID_REG", "NOT_RESPONDING"].some((flag) => flags.has(flag));
}

function binOf(node: SlurmNode): Bin {
  const busy = isBusy(node);
  return {
    cpus: Math.max(0, node.cpus - node.allocatedCpus),
    memoryMb: Math.max(0, node.memoryMb - node.allocatedMemoryMb),
    empty: !busy,
    used: busy,
  };
}

/** The job as it is placed, or why no node could ever run it. */
function parcelOf(job: PendingJob, { max, shape }: Bounds, offered: ReadonlySet<string>): Parcel | string {
  // A new node comes under a name that was never used.
  if (job.pinnedTo !== "") return `pinned to ${job.pinnedTo}, and new nodes have new names`;
  const lacking = featuresOf(job.constraint).find((feature) => !offered.has(feature));
  if (offered.size > 0 && lacking !== undefined) return `asks for ${lacking}, which no node has`;
  const tasksPerNode = Math.floor(shape.cpus / job.cpusPerTask);
  if (tasksPerNode === 0) return `a task of ${job.cpusPerTask} CPUs, and a node has ${shape.cpus}`;
  const byCpus = Math.ceil(job.cpus / job.cpusPerTask / tasksPerNode);
  const nodes = Math.max(job.nodes, byCpus, Math.ceil(job.memoryMb / shape.memoryMb));
  const share = { cpus: Math.ceil(job.cpus / nodes), memoryMb: Math.ceil(job.memoryMb / nodes) };
  if (nodes > max) return `needs ${nodes} nodes, and the pool may have ${max}`;
  if (share.cpus > shape.cpus) return `needs ${share.cpus} CPUs of one node, which has ${shape.cpus}`;
  return { id: job.id, nodes, exclusive: job.exclusive, ...share };
}

/** The features of a plain list (`a&b`); of anything more elaborate nothing is claimed. */
function featuresOf(constraint: string): readonly string[] {
  return /^[\w.&-]+$/.test(constraint) ? constraint.split("&").filter((part) => part !== "") : [];
}
