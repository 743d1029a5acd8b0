import type { Place } from "./place.ts";

/** The configuration of a stack, checked. Sizes are MiB or GiB as the name says. */
export interface SubstrateConfig {
  /** Where it runs, with that target's own settings. */
  readonly place: Place;
  /** `operator`: the node operations runbook's rules. Nothing updates, heals or acts by itself. */
  readonly profile: Profile;
  /** Bounds of the pool; the pool's own manager moves the number of nodes between them. */
  readonly pool: {
    readonly min: number;
    readonly max: number;
    /** Nodes beside them that are booted and proven and take no work until the pool grows or loses one. */
    readonly standby: number;
  };
  /** A pilot may keep fewer nodes than a pool must. */
  readonly pilot: boolean;
  /** What each node of the pool is given. */
  readonly node: {
    readonly cpus: number;
    readonly memoryMb: number;
    readonly diskGb: number;
    readonly cacheGb: number;
  };
  readonly network: {
    readonly cidr: string;
    /** Where machines that are set up may fetch packages from. Nodes may fetch nothing. */
    readonly packageRanges: readonly string[];
  };
  /** How operators reach the bastion: from these ranges, or through a tunnel that ends at this port of their host. */
  readonly access: {
    readonly by: "address" | "tunnel";
    readonly ranges: readonly string[];
    readonly localPort: number;
  };
  /** What must outlive machines. */
  readonly data: {
    readonly keep: boolean;
    readonly retentionDays: number;
    readonly lock: "governance" | "compliance";
    readonly coldAfterDays: number;
  };
  readonly alerts: {
    /** Who is told; empty where nobody is. */
    readonly email: string;
    readonly monthlyBudgetUsd: number;
  };
  readonly workload: {
    /** A Git repository (folder or URL), or a folder that can make one. */
    readonly repository: string;
    /** Anything that names one commit there. */
    readonly commit: string;
    /** File of the reviewed pins: agent hash, guarded files, axioms of the theorems. */
    readonly pins: string;
  };
  /** The longest a node may take from its start until it is admitted. */
  readonly readyTimeoutSeconds: number;
}

export const profiles = ["standard", "operator"] as const;
export type Profile = (typeof profiles)[number];

/** What stands when a stack says nothing. `Pulumi.yaml` shows the same values; a test holds the two together. */
export const defaults: SubstrateConfig = {
  place: { target: "lab" },
  profile: "standard",
  pool: { min: 3, max: 6, standby: 1 },
  pilot: false,
  node: { cpus: 2, memoryMb: 3072, diskGb: 16, cacheGb: 8 },
  network: { cidr: "10.83.0.0/24", packageRanges: [] },
  access: { by: "address", ranges: [], localPort: 2222 },
  // An audit entry is kept as long as the guardrails ask for at least; the archive turns cold after a quarter.
  data: { keep: true, retentionDays: 365, lock: "governance", coldAfterDays: 90 },
  alerts: { email: "", monthlyBudgetUsd: 2000 },
  workload: { repository: "./workload", commit: "HEAD", pins: "images/pins/reference.json" },
  readyTimeoutSeconds: 300,
};
