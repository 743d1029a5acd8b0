import { isBusy, type SlurmNode } from "../slurm/nodes.ts";
import { healthReason, poolReason, respawnReason, standbyReason } from "../slurm/reasons.ts";
import type { DrainedBy, InSlurm } from "./world.ts";

/** The most that a node of the pool may register with: slots, and MiB for jobs. */
export interface Claim {
  readonly cpus: number;
  readonly memoryMb: number;
}

/**
 * What a node's record in Slurm means to the pool. A node in a maintenance reservation is up: somebody will need it again.
 * One that registered with more than its machine was given is unfit, whatever Slurm says.
 */
export function inSlurm(node: SlurmNode | undefined, most: Claim): InSlurm {
  if (node === undefined) return { state: "absent" };
  const busy = isBusy(node);
  const since = node.reasonSetAt;
  if (node.cpus > most.cpus || node.memoryMb > most.memoryMb)
    return { state: "drain", busy, by: "fault", reason: overclaim(node, most), since };
  const silent = node.flags.has("NOT_RESPONDING");
  const givenUp = node.flags.has("DOWN");
  const drained = ["DRAIN", "INVALID_REG", "FAIL"].some((flag) => node.flags.has(flag));
  const by = drainedBy(node);
  // A standby that does not answer is no standby: it must not be promoted.
  if (drained && !(by === "standby" && (silent || givenUp)))
    return { state: "drain", busy, by, reason: node.reason, since };
  const registered = ["IDLE", "ALLOCATED", "MIXED"].some((flag) => node.flags.has(flag));
  return registered && !silent && !givenUp ? { state: "up", busy } : { state: "down", busy, givenUp };
}

function overclaim(node: SlurmNode, most: Claim): string {
  return `registered with ${node.cpus} CPUs and ${node.memoryMb} MiB, and its machine was given ${most.cpus} and ${most.memoryMb}`;
}

/** Slurm itself drains as its own user, when a prolog fails or a node registers with less than it should have. */
function drainedBy(node: SlurmNode): DrainedBy {
  if (node.flags.has("INVALID_REG") || [healthReason, respawnReason].some((begin) => node.reason.startsWith(begin)))
    return "fault";
  if (node.reason.startsWith(poolReason)) return "pool";
  if (node.reason === standbyReason) return "standby";
  return node.reasonSetBy === "slurm" ? "fault" : "person";
}
