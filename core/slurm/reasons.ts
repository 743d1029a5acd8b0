/** How the reason of a drain begins when the pool manager set it. */
export const poolReason = "pool:";

/** The whole reason of a node that is proven and waits to be used: it registers drained, so that it is never schedulable by accident. */
export const standbyReason = "standby";

/** How it begins when a person wants the node replaced once its work is done. */
export const respawnReason = "respawn:";

/** How it begins when a node's own health check set it. */
export const healthReason = "health:";
