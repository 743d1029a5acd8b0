import type { Mistake } from "../../../providers/lab/shape.ts";
import type { Change } from "./paths.ts";
import type { Inputs } from "./table.ts";

/** A resource as the engine names it. */
export interface Named {
  /** Type token. */
  readonly type: string;
  /** Its name in the program. */
  readonly logicalName: string;
}

export interface Difference {
  readonly changes: readonly (Change & { readonly replaces: boolean })[];
  readonly deleteBeforeReplace: boolean;
}

/** What a simulated provider does behind the protocol. Values that are not known yet are `unknown` symbols. */
export interface SimulatedPackage {
  readonly name: string;
  readonly version: string;
  /** What is said at each start of the provider, so that nobody takes it for the real one. */
  readonly greeting: string;
  /** What is wrong with the provider's configuration, or undefined. */
  configure(configuration: Inputs): string | undefined;
  /** What is wrong with the inputs, and what the provider adds to them. */
  check(
    resource: Named,
    inputs: Inputs,
    old: Inputs | undefined,
  ): Promise<{ mistakes: readonly Mistake[]; added: Inputs }>;
  diff(resource: Named, old: Inputs, next: Inputs): Promise<Difference>;
  /** Outputs as far as a preview knows them. */
  foresee(resource: Named, inputs: Inputs, oldOutputs: Inputs | undefined): Promise<Inputs>;
  create(resource: Named, inputs: Inputs): Promise<{ readonly id: string; readonly outputs: Inputs }>;
  /** As it stands: the given inputs (all of them, when none are given), and the outputs; undefined when it is gone. */
  read(
    resource: Named,
    id: string,
    inputs: Inputs | undefined,
    outputs: Inputs,
  ): Promise<{ readonly inputs: Inputs; readonly outputs: Inputs } | undefined>;
  update(resource: Named, id: string, inputs: Inputs, oldInputs: Inputs): Promise<Inputs>;
  delete(resource: Named, id: string, outputs: Inputs): Promise<void>;
  invoke(token: string, args: Inputs): Promise<Inputs>;
  /** Outputs that are secret whatever the inputs were. */
  secrets(resource: Named): readonly string[];
}
