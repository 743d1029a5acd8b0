/**
 * The metric that every cloud's pool is sized by: nodes wanted, one number, published by the control plane each minute.
 * CloudWatch calls the first part a namespace; elsewhere it begins the name.
 */
export const demandMetric = { namespace: "logos", name: "nodes_wanted" } as const;
