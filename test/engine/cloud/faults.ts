/** What a test has go wrong in an operation. */
export interface Fault {
  /** Type token, or `*`. */
  readonly type: string;
  /** Logical name as a GLOB pattern, `*` for any. */
  readonly name?: string;
  readonly operation: "create" | "update" | "delete" | "read" | "run";
  /** `quota` and `throttled` are worded by the cloud; `text` is said as it is. */
  readonly kind: "quota" | "throttled" | "text";
  readonly text?: string;
  /** How many times it strikes. */
  readonly times: number;
}

/** When a provider stops for good, so that a test can kill everything at a known moment. */
export interface Crash {
  /** Number of the operation, counted over all providers from the store's birth. */
  readonly at: number;
  /** Before anything is done; after it is done but before the engine is told; when it is about to be told. */
  readonly phase: CrashPhase;
}
export const crashPhases = ["before", "done", "told"] as const;
export type CrashPhase = (typeof crashPhases)[number];

/** Where it stopped. */
export interface ReachedCrash {
  readonly phase: CrashPhase;
  readonly kind: string;
  readonly type: string;
  readonly logicalName: string;
}
