import { demandMetric as demand } from "../cloud/demand.ts";
import type { GcpContext } from "./context.ts";

/**
 * A custom metric of Cloud Monitoring. A descriptor belongs to the whole project and goes with the stack that made it, so
 * that each stack has its own.
 */
export function metricType(metric: string, { labels }: GcpContext): string {
  return `custom.googleapis.com/${demand.namespace}/${labels["logos-stack"]}/${metric}`;
}

/** The demand of a stack's pool, in nodes wanted. */
export function demandMetric(context: GcpContext): string {
  return metricType(demand.name, context);
}

/** What the control plane's points are about: nothing that Google knows. */
export const demandResource = "global";
