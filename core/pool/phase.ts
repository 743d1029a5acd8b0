import type { PoolNode, World } from "./world.ts";

/**
 * Where a node is on its way.
 * - `starting`: not registered yet, in time. `standby`: proven, takes no jobs until it is promoted. `ready`: takes jobs.
 * - `lost`: was ready, and Slurm does not see it, not for long yet.
 * - `leaving`: drained by the pool. `held`: drained by a person, left alone.
 * - `unfit`: drained because something is wrong with it; replaced when it has no work.
 * - `failed`: never became ready and will not. `dead`: its machine is gone, or Slurm gave it up.
 * - `unseen`: its machine runs and Slurm could not be asked.
 */
export type Phase =
  | "starting"
  | "standby"
  | "ready"
  | "lost"
  | "leaving"
  | "held"
  | "unfit"
  | "failed"
  | "dead"
  | "unseen";

/** How long a node that was ready may be silent or unknown to Slurm before its machine is given up, in milliseconds. */
export const lostGrace = 30_000;

/**
 * The same once Slurm has given the node up: two looks. Slurm starts its jobs elsewhere `credentialSeconds` later
 * (core/slurm/conf.ts), and by then no process of the machine may be left.
 */
export const givenUpGrace = 500;

/** How old a proof may be that a standby node is promoted on, in milliseconds: a day, as often as a node rebuilds all by itself. */
export const proofLimit = 24 * 3600_000;

export function phaseOf(node: PoolNode, world: Pick<World, "now" | "slurmKnown" | "wanted">): Phase {
  if (node.machine === "dead") return "dead";
  if (node.readyAt === undefined && node.failure !== undefined) return world.slurmKnown ? "failed" : "unseen";
  if (!world.slurmKnown) return "unseen";
  const { slurm } = node;
  switch (slurm.state) {
    case "up":
      return "ready";
    case "drain":
      if (slurm.by === "standby") return "standby";
      if (slurm.by === "pool") return "leaving";
      if (slurm.by === "person") return "held";
      return node.readyAt === undefined ? "failed" : "unfit";
    case "absent":
    case "down": {
      if (node.readyAt === undefined)
        return world.now - node.launchedAt > world.wanted.readyTimeout ? "failed" : "starting";
      const grace = slurm.state === "down" && slurm.givenUp ? givenUpGrace : lostGrace;
      return node.troubledSince !== undefined && world.now - node.troubledSince > grace ? "dead" : "lost";
    }
  }
}

/** The node's gate passed long enough ago that it has to be proven anew before it is used. */
export function isStale(node: PoolNode, now: number): boolean {
  return node.readyAt !== undefined && now - node.readyAt > proofLimit;
}

/** Why a failed node failed, for people. */
export function failureMessage(node: PoolNode, world: Pick<World, "wanted">): string {
  if (node.failure !== undefined) return node.failure;
  if (node.slurm.state === "drain") return `Slurm drained it at its registration: ${node.slurm.reason}`;
  if (node.machine === "dead") return "its machine ended before it was ready";
  return `not ready after ${Math.round(world.wanted.readyTimeout / 1000)} s`;
}
