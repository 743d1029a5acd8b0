import { isBusy, type SlurmNode } from "../slurm/nodes.ts";
import { healthReason, poolReason } from "../slurm/reasons.ts";
import type { DrainedBy, InSlurm } from "./world.ts";

/** What a node's record in Slurm means to the pool. A node in a maintenance reservation is up: somebody will need it again. */
export function inSlurm(node: SlurmNode | undefined): InSlurm {
  if (node === undefined) return { state: "absent" };
  const busy = isBusy(node);
  if (["DRAIN", "INVALID_REG", "FAIL"].some((flag) => node.flags.has(flag)))
    return { state: "drain", busy, by: drainedBy(node), reason: node.reason };
  const registered = ["IDLE", "ALLOCATED", "MIXED"].some((flag) => node.flags.has(flag));
  return { state: registered && !node.flags.has("NOT_RESPONDING") ? "up" : "down", busy };
}

/** Slurm itself drains as its own user, when a prolog fails or a node registers with less than it should have. */
function drainedBy(node: SlurmNode): DrainedBy {
  if (node.flags.has("INVALID_REG") || node.reason.startsWith(healthReason)) return "fault";
  if (node.reason.startsWith(poolReason)) return "pool";
  return node.reasonSetBy === "slurm" ? "fault" : "person";
}
