import { SimulatedCloud } from "./cloud.ts";
import type { Difference } from "./package.ts";
import { CloudStore } from "./store.ts";
import { CloudError, type CloudTable, type Inputs } from "./table.ts";

/** A resource that a trial has made. */
export interface Declared {
  readonly type: string;
  readonly logicalName: string;
  readonly id: string;
  readonly inputs: Inputs;
  readonly outputs: Inputs;
}

/**
 * A simulated cloud without the engine, in memory: what a table refuses, in milliseconds. What the engine makes of it (order,
 * replacement, unknown values) needs a program.
 */
export class Trial {
  readonly store = new CloudStore(":memory:");
  readonly #cloud: SimulatedCloud;

  constructor(table: CloudTable) {
    this.#cloud = new SimulatedCloud(table, this.store);
  }

  /** Checks and creates. @throws CloudError that says what is wrong with the inputs, or why the cloud refuses */
  async declare(type: string, logicalName: string, given: Inputs): Promise<Declared> {
    const inputs = await this.#checked(type, logicalName, given, undefined);
    const { id, outputs } = await this.#cloud.create({ type, logicalName }, inputs);
    return { type, logicalName, id, inputs, outputs };
  }

  /** How the inputs differ, and what of that makes another resource. */
  async differ(declared: Declared, given: Inputs): Promise<Difference> {
    const inputs = await this.#checked(declared.type, declared.logicalName, given, declared.inputs);
    return this.#cloud.diff(declared, declared.inputs, inputs);
  }

  /** Checks and updates in place. */
  async change(declared: Declared, given: Inputs): Promise<Declared> {
    const inputs = await this.#checked(declared.type, declared.logicalName, given, declared.inputs);
    const outputs = await this.#cloud.update(declared, declared.id, inputs, declared.inputs);
    return { ...declared, inputs, outputs };
  }

  /** Outputs as a preview of its creation knows them; `unknown` symbols where it does not. */
  async foresee(type: string, logicalName: string, given: Inputs): Promise<Inputs> {
    return this.#cloud.foresee(
      { type, logicalName },
      await this.#checked(type, logicalName, given, undefined),
      undefined,
    );
  }

  /** As a refresh sees it now; undefined when it is gone. */
  read(declared: Declared): Promise<{ readonly inputs: Inputs; readonly outputs: Inputs } | undefined> {
    return this.#cloud.read(declared, declared.id, declared.inputs);
  }

  remove(declared: Declared): Promise<void> {
    return this.#cloud.delete(declared, declared.id);
  }

  call(token: string, args: Inputs): Promise<Inputs> {
    return this.#cloud.invoke(token, args);
  }

  async #checked(type: string, logicalName: string, given: Inputs, old: Inputs | undefined): Promise<Inputs> {
    const { mistakes, added } = await this.#cloud.check({ type, logicalName }, given, old);
    if (mistakes.length > 0) throw new CloudError(mistakes.map(({ reason }) => reason).join("; "));
    return { ...given, ...added };
  }
}
