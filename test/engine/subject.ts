import type { CloudTable } from "./cloud/table.ts";
import type { Settings } from "./stack.ts";

/** What a scenario changes between two commands. */
export interface Variation {
  readonly pool: { readonly min: number; readonly max: number };
  /** Counts up with each change of the image's recipe. */
  readonly recipe: number;
  /** Counts up with each new commit of the workload. */
  readonly commit: number;
}

/** The setting `logos:workload` of a variation: recipe and commit of the image follow from it. */
export interface WorkloadSetting {
  readonly repository: string;
  readonly commit: string;
  readonly pins: string;
}

/** What the scenarios run on: a target of this repository's program, or the harness's own sample. */
export interface Subject {
  readonly name: string;
  /** Folder of the Pulumi project; this repository where it is left out. */
  readonly project?: string;
  /** Runs without the policy pack. */
  readonly unguarded?: true;
  /** The cloud whose group of machines is the pool; none where the pool's machines are fixed. */
  readonly table?: CloudTable;
  /** Servers that stand before the stack does (`isPublic`: reached without a bastion). */
  readonly hosts?: readonly { readonly address: string; readonly isPublic: boolean }[];
  /** Every setting of the stack, by full key. */
  settings(variation: Variation, workload: WorkloadSetting): Settings;
}
