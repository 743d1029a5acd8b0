/**
 * Numbers and names that are policy. They stand here once; the configuration, the components and the policy pack read them.
 */

/** Nodes of the pool: three for parallel work, six as burst (capacity targets of the expansion plan). */
export const poolBounds = { min: 3, max: 6 } as const;

/** A pilot is one node on which the proof-gated workflow is tried before a pool stands (capacity targets, phase "Pilot"). */
export const pilotMin = 1;

/** The fewest nodes that a pool may be asked to keep. */
export function fewestNodes(pilot: boolean): number {
  return pilot ? pilotMin : poolBounds.min;
}

/**
 * The least that a node of a cloud's pool has (node sizes of the expansion plan). Memory is as vendors count it: the
 * kernel keeps about a sixteenth of it for itself.
 */
export const nodeFloor = { cpus: 8, memoryGib: 16, diskGb: 50, cacheGb: 100 } as const;

/** Where Google's own come from: tunnels of IAP (https://cloud.google.com/iap/docs/using-tcp-forwarding), and health checks. */
export const googleRanges = { tunnels: "35.235.240.0/20", healthChecks: ["35.191.0.0/16", "130.211.0.0/22"] } as const;

/** On what holds audit entries, as a tag or label: by it the guardrails know the store. */
export const auditTag = "logos-audit";

/** The only port on which a person reaches a machine, and only the bastion's is open to the outside. */
export const sshPort = 22;
