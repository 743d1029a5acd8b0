import type { PoolNode, World } from "./world.ts";

/**
 * Where a node is on its way.
 * - `starting`: not registered yet, in time. `ready`: takes jobs.
 * - `lost`: was ready, and Slurm does not see it, not for long yet.
 * - `leaving`: drained by the pool. `held`: drained by a person, left alone.
 * - `unfit`: drained because something is wrong with it; replaced when it has no work.
 * - `failed`: never became ready and will not. `dead`: its machine is gone, or Slurm gave it up long ago.
 * - `unseen`: its machine runs and Slurm could not be asked.
 */
export type Phase = "starting" | "ready" | "lost" | "leaving" | "held" | "unfit" | "failed" | "dead" | "unseen";

/** How long a node that was ready may be down or unknown to Slurm before its machine is given up, in milliseconds. */
export const lostGrace = 30_000;

export function phaseOf(node: PoolNode, world: Pick<World, "now" | "slurmKnown" | "wanted">): Phase {
  if (node.machine === "dead") return "dead";
  if (node.readyAt === undefined && node.failure !== undefined) return world.slurmKnown ? "failed" : "unseen";
  if (!world.slurmKnown) return "unseen";
  switch (node.slurm.state) {
    case "up":
      return "ready";
    case "drain":
      if (node.slurm.by === "pool") return "leaving";
      if (node.slurm.by === "person") return "held";
      return node.readyAt === undefined ? "failed" : "unfit";
    case "absent":
    case "down":
      if (node.readyAt === undefined)
        return world.now - node.launchedAt > world.wanted.readyTimeout ? "failed" : "starting";
      return node.troubledSince !== undefined && world.now - node.troubledSince > lostGrace ? "dead" : "lost";
  }
}

/** Why a failed node failed, for people. */
export function failureMessage(node: PoolNode, world: Pick<World, "wanted">): string {
  if (node.failure !== undefined) return node.failure;
  if (node.slurm.state === "drain") return `Slurm drained it at its registration: ${node.slurm.reason}`;
  if (node.machine === "dead") return "its machine ended before it was ready";
  return `not ready after ${Math.round(world.wanted.readyTimeout / 1000)} s`;
}
