import type { Job } from "../../core/jobs/queue.ts";
import { isBusy, isPlaceholder, type SlurmNode } from "../../core/slurm/nodes.ts";
import { healthReason, poolReason, respawnReason, standbyReason } from "../../core/slurm/reasons.ts";
import type { Cluster } from "../cluster.ts";
import type { StackOutputs } from "../outputs.ts";
import { span, table } from "../text.ts";

/**
 * What a node is to the pool. `ready`: takes work. `standby`: proven, waits to be used. `draining`: finishes its work and
 * leaves. `held`: drained by a person. `unfit`: something is wrong with it. `down`: the scheduler does not hear it.
 */
export type NodeRole = "ready" | "standby" | "draining" | "held" | "unfit" | "down";

export interface NodeView {
  readonly name: string;
  readonly role: NodeRole;
  readonly slots: { readonly used: number; readonly all: number };
  /** First digits of the image's digest. */
  readonly image: string;
  /** PASS, or what the node registered with instead. */
  readonly gate: string;
  /** Seconds since the gate began; absent when the node does not say. */
  readonly gateAge?: number;
  readonly jobs: number;
  readonly reason?: string;
}

export interface StatusView {
  readonly stack: string;
  readonly image: { readonly digest: string; readonly commit: string };
  readonly pool: {
    readonly min: number;
    readonly max: number;
    /** Nodes that the work asks for, within the bounds; absent where the control plane publishes none. */
    readonly desired?: number;
  } & Readonly<Record<NodeRole, number>>;
  readonly nodes: readonly NodeView[];
  readonly jobs: {
    readonly running: number;
    readonly waiting: number;
    /** Seconds that the oldest of those that wait has waited; 0 when none does. */
    readonly oldestWait: number;
    /** Reason of the scheduler → how many wait for it. */
    readonly reasons: Readonly<Record<string, number>>;
  };
}

/** @param now milliseconds since 1970 */
export function statusView(stack: string, outputs: StackOutputs, cluster: Cluster, now: number): StatusView {
  const nodes = cluster.nodes
    .filter((node) => !isPlaceholder(node))
    .map((node) => nodeView(node, cluster.jobs, now))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const count = (role: NodeRole) => nodes.filter((node) => node.role === role).length;
  const { min, max } = outputs.pool;
  const { nodesWanted } = cluster;
  return {
    stack,
    image: outputs.image,
    pool: {
      min,
      max,
      ...(nodesWanted === undefined ? {} : { desired: Math.min(max, Math.max(min, nodesWanted)) }),
      ready: count("ready"),
      standby: count("standby"),
      draining: count("draining"),
      held: count("held"),
      unfit: count("unfit"),
      down: count("down"),
    },
    nodes,
    jobs: jobsView(cluster.jobs, now),
  };
}

function nodeView(node: SlurmNode, jobs: readonly Job[], now: number): NodeView {
  const { gate, image, at } = readExtra(node.extra);
  const role = roleOf(node, gate);
  return {
    name: node.name,
    role,
    slots: { used: node.allocatedCpus, all: node.cpus },
    image,
    gate,
    ...(at === undefined ? {} : { gateAge: Math.max(0, Math.round((now - at) / 1000)) }),
    jobs: jobs.filter((job) => job.node === node.name && job.state !== "PENDING").length,
    ...(role === "ready" || node.reason === "" ? {} : { reason: node.reason }),
  };
}

function roleOf(node: SlurmNode, gate: string): NodeRole {
  const has = (...flags: readonly string[]) => flags.some((flag) => node.flags.has(flag));
  if (has("DRAIN", "FAIL", "INVALID_REG")) {
    if (has("INVALID_REG") || [healthReason, respawnReason].some((begin) => node.reason.startsWith(begin)))
      return node.reason.startsWith(respawnReason) && isBusy(node) ? "draining" : "unfit";
    if (node.reason === standbyReason) return "standby";
    if (node.reason.startsWith(poolReason)) return "draining";
    return node.reasonSetBy === "slurm" ? "unfit" : "held";
  }
  if (has("DOWN", "NOT_RESPONDING", "UNKNOWN") || !has("IDLE", "MIXED", "ALLOCATED")) return "down";
  return gate === "PASS" ? "ready" : "unfit";
}

function readExtra(extra: string): { gate: string; image: string; at: number | undefined } {
  let value: unknown;
  try {
    value = JSON.parse(extra);
  } catch {
    value = undefined;
  }
  const fields = new Map<string, unknown>(typeof value === "object" && value !== null ? Object.entries(value) : []);
  const text = (key: string) => {
    const found = fields.get(key);
    return typeof found === "string" ? found : undefined;
  };
  const at = Date.parse(text("at") ?? "");
  return { gate: text("gate") ?? "none", image: text("image") ?? "-", at: Number.isNaN(at) ? undefined : at };
}

function jobsView(jobs: readonly Job[], now: number): StatusView["jobs"] {
  const waiting = jobs.filter((job) => job.state === "PENDING");
  const reasons: Record<string, number> = {};
  for (const job of waiting) reasons[job.reason] = (reasons[job.reason] ?? 0) + job.tasks;
  const oldest = Math.min(...waiting.map((job) => job.submittedAt));
  return {
    running: jobs.length - waiting.length,
    waiting: waiting.reduce((sum, job) => sum + job.tasks, 0),
    oldestWait: waiting.length === 0 ? 0 : Math.max(0, Math.round(now / 1000 - oldest)),
    reasons,
  };
}

export function renderStatus(view: StatusView): string {
  const { pool, jobs, nodes } = view;
  const counts = (["ready", "standby", "draining", "held", "unfit", "down"] as const)
    .filter((role) => role === "ready" || role === "standby" || role === "draining" || pool[role] > 0)
    .map((role) => `${pool[role]} ${role}`);
  const reasons = Object.entries(jobs.reasons).map(([reason, count]) => `${count} ${reason}`);
  const header = ["node", "role", "slots", "jobs", "image", "gate", "reason"];
  const rows = nodes.map((node) => [
    node.name,
    node.role,
    `${node.slots.used}/${node.slots.all}`,
    String(node.jobs),
    node.image,
    `${node.gate}${node.gateAge === undefined ? "" : ` ${span(node.gateAge)} ago`}`,
    node.reason ?? "",
  ]);
  return [
    `Stack "${view.stack}": ${counts.join(", ")}; bounds ${pool.min} to ${pool.max}, desired ${pool.desired ?? "not published"}`,
    `Image ${view.image.digest.slice(0, 12)}, workload commit ${view.image.commit}`,
    `Jobs: ${jobs.running} running, ${jobs.waiting} waiting` +
      (jobs.waiting === 0 ? "" : `, the oldest for ${span(jobs.oldestWait)} (${reasons.join(", ")})`),
    "",
    ...table([header, ...rows]),
    "",
  ].join("\n");
}
