/** What stands in the simulated cloud, as the rows of a table see it. */
export interface Standing {
  readonly key: number;
  readonly package: string;
  readonly type: string;
  readonly id: string;
  readonly name: string;
  readonly logicalName: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, unknown>>;
  /** What the cloud keeps beside: a group's machines, whether a machine runs. */
  readonly live: Live;
}

/** What changes without Pulumi. */
export interface Live {
  /** A group's machines. */
  readonly members?: readonly Member[];
  /** False once somebody has stopped the machine. */
  readonly running?: boolean;
  /** Objects in a bucket; the locked ones cannot be deleted. */
  readonly objects?: readonly { readonly name: string; readonly locked: boolean }[];
}

export interface Member {
  readonly id: string;
  readonly template: string;
}

export interface CloudView {
  /** What a value names, of one of the types. */
  find(types: string | readonly string[], handle: string): Standing | undefined;
  all(type: string): readonly Standing[];
  /** Those that name this one in their inputs. */
  referrers(standing: Standing): readonly Standing[];
  /** Those that this one names. */
  referred(standing: Standing): readonly Standing[];
  /** Keeps something of what changes without Pulumi. */
  remember(standing: Standing, live: Live): void;
}
