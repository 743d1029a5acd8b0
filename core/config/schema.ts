import type { TargetName } from "./targets.ts";

/** The configuration of a stack, checked. Sizes are MiB or GiB as the name says. */
export interface SubstrateConfig {
  /** Where it runs. */
  readonly target: TargetName;
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
  readonly network: { readonly cidr: string };
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

/** What stands when a stack says nothing. `Pulumi.yaml` shows the same values; a test holds the two together. */
export const defaults: SubstrateConfig = {
  target: "lab",
  pool: { min: 3, max: 6, standby: 1 },
  pilot: false,
  node: { cpus: 2, memoryMb: 3072, diskGb: 16, cacheGb: 8 },
  network: { cidr: "10.83.0.0/24" },
  workload: { repository: "./workload", commit: "HEAD", pins: "images/pins/reference.json" },
  readyTimeoutSeconds: 300,
};
