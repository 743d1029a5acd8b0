import { poolPaths } from "../../../core/lab/paths.ts";
import type { Phase } from "../../../core/pool/phase.ts";
import type { Plan } from "../../../core/pool/plan.ts";
import { readJson, writeJson } from "../host/files.ts";
import { root } from "../host/root.ts";
import { choice, integer, list, object, optional, type Shape, text } from "../shape.ts";

/** What the manager says about its pool, for the provider, for tools and for people. */
export interface PoolStatus {
  /** The spec's generation that this was planned by. */
  readonly generation: number;
  readonly state: Plan["state"];
  /** At least `min` nodes of the wanted version take work, and nothing is being replaced or ended. */
  readonly serves: "yes" | "no";
  /** Bounds, as the stack's settings give them. */
  readonly min: number;
  readonly max: number;
  /** Nodes that should take work. */
  readonly desired: number;
  /** Nodes that the control plane's last demand asks for, followed or not; absent when there is none. */
  readonly wanted?: number | undefined;
  /** Nodes of the wanted version that take jobs. */
  readonly ready: number;
  /** Nodes that are proven and wait to be used. */
  readonly standby: number;
  /** Nodes that get no new work, because they leave or something is wrong with them. */
  readonly draining: number;
  readonly nodes: readonly NodeStatus[];
  /** The last failed launch of the wanted version since one succeeded. */
  readonly failure?: string | undefined;
  /** What keeps the pool from being steady, or absent. */
  readonly message?: string | undefined;
}

export interface NodeStatus {
  readonly name: string;
  readonly phase: Phase | "ending";
  readonly address?: string | undefined;
  readonly imageId: string;
  /** False: it is of another image, shape or set of credentials than wanted. */
  readonly current: "yes" | "no";
  readonly machine: "running" | "dead";
  /** Slurm's flags, e.g. `IDLE+DYNAMIC_NORM`; absent when Slurm does not know it. */
  readonly slurm?: string | undefined;
  /** Its slots, and those that jobs have; absent when Slurm does not know it. */
  readonly slots?: number | undefined;
  readonly usedSlots?: number | undefined;
  /** Its gate verdict in short, as its record in Slurm carries it: JSON. */
  readonly verdict?: string | undefined;
  readonly hostKeyPublic?: string | undefined;
  /** ISO 8601, UTC. */
  readonly launchedAt: string;
  readonly readyAt?: string | undefined;
  readonly failure?: string | undefined;
}

const phases = [
  "starting",
  "standby",
  "ready",
  "lost",
  "leaving",
  "held",
  "unfit",
  "failed",
  "dead",
  "unseen",
  "ending",
] as const;
const node: Shape<NodeStatus> = object<NodeStatus>({
  name: text(),
  phase: choice(phases),
  address: optional(text()),
  imageId: text(),
  current: choice(["yes", "no"]),
  machine: choice(["running", "dead"]),
  slurm: optional(text()),
  slots: optional(integer(0, 65_536)),
  usedSlots: optional(integer(0, 65_536)),
  verdict: optional(text()),
  hostKeyPublic: optional(text()),
  launchedAt: text(),
  readyAt: optional(text()),
  failure: optional(text()),
});
const shape = object<PoolStatus>({
  generation: integer(0, Number.MAX_SAFE_INTEGER),
  state: choice(["steady", "converging", "stalled"]),
  serves: choice(["yes", "no"]),
  min: integer(0, 1024),
  max: integer(0, 1024),
  desired: integer(0, 1024),
  wanted: optional(integer(0, 1024)),
  ready: integer(0, 1024),
  standby: integer(0, 1024),
  draining: integer(0, 1024),
  nodes: list(node),
  failure: optional(text()),
  message: optional(text()),
});

export function readStatus(labId: string, pool: string): Promise<PoolStatus | undefined> {
  return readJson(poolPaths(root, labId, pool).status, shape);
}

export function writeStatus(labId: string, pool: string, status: PoolStatus): Promise<void> {
  return writeJson(poolPaths(root, labId, pool).status, status);
}
