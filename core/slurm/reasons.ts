/** How the reason of a drain begins when the pool manager set it. */
export const poolReason = "pool:";

/** How it begins when a node's own health check set it. */
export const healthReason = "health:";
