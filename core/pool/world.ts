/** What the pool's planner sees: facts of one moment, nothing that it would have to ask for. Times are milliseconds. */
export interface World {
  readonly now: number;
  readonly wanted: Wanted;
  /** False when Slurm could not be asked: then nothing is known of any node in it, and nothing is ended. */
  readonly slurmKnown: boolean;
  readonly nodes: readonly PoolNode[];
  /** Machines beside them whose end was decided and has not come. */
  readonly ending: number;
  readonly failures: Failures;
}

export interface Wanted {
  readonly min: number;
  readonly max: number;
  /** Nodes that should take work now, `min` to `max`. */
  readonly desired: number;
  /** Proven nodes beside them. */
  readonly standby: number;
  /** Stands for image and machine shape together: a node of another version is replaced. */
  readonly version: string;
  /** The longest a node may take from its launch to its registration. */
  readonly readyTimeout: number;
}

export interface PoolNode {
  /** Sorts by age. */
  readonly name: string;
  readonly version: string;
  readonly launchedAt: number;
  /** When Slurm first knew it as proven, at work or standing by; absent before. */
  readonly readyAt?: number;
  /** Since when Slurm calls it down or does not know it, though it was ready and its machine runs. */
  readonly troubledSince?: number;
  readonly machine: "running" | "dead";
  /** Why its gate, or its launch, failed; ends with what the operator needs to know. */
  readonly failure?: string;
  readonly slurm: InSlurm;
}

/** A node's record in Slurm. */
export type InSlurm =
  | { readonly state: "absent" }
  | { readonly state: "up"; readonly busy: boolean }
  /** `givenUp`: Slurm waits for it no longer, and starts its jobs elsewhere once their credentials have ended. */
  | { readonly state: "down"; readonly busy: boolean; readonly givenUp: boolean }
  | {
      readonly state: "drain";
      readonly busy: boolean;
      readonly by: DrainedBy;
      readonly reason: string;
      /** When it was drained, as Slurm remembers it. */
      readonly since: number;
    };

/**
 * `pool`: this planner. `standby`: it was registered so, and waits to be used. `fault`: Slurm or a health check found the
 * node unfit, or a person wants it replaced. `person`: somebody else, who will resume it.
 */
export type DrainedBy = "pool" | "standby" | "fault" | "person";

/** Launches of the wanted version that failed since one last succeeded. */
export interface Failures {
  readonly version: string;
  readonly count: number;
  /** Names of the failed nodes that are still there, so that none is counted twice. */
  readonly nodes: readonly string[];
  readonly lastAt: number;
  readonly lastMessage: string;
}

export const noFailures: Failures = { version: "", count: 0, nodes: [], lastAt: 0, lastMessage: "" };
