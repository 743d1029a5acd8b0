import type { GcpContext } from "./context.ts";

/**
 * The demand of a stack's pool, in nodes wanted: a custom metric of Cloud Monitoring. A descriptor belongs to the whole
 * project and goes with the stack that made it, so that each stack has one of its own.
 */
export function demandMetric({ labels }: GcpContext): string {
  return `custom.googleapis.com/logos/${labels["logos-stack"]}/nodes_wanted`;
}

/** What the control plane's points are about: nothing that Google knows. */
export const demandResource = "global";
