import type { ObjectShape } from "./shape.ts";

/** What an operation on a resource may use of the engine that asked for it. */
export interface Work {
  /** Aborted when the user cancels: stop soon, and leave behind only what the next run can finish. */
  readonly signal: AbortSignal;
  /** A line in the engine's log, kept on the screen. Never a secret. */
  info(message: string): void;
  /** A warning in the engine's log and in its summary. Never a secret. */
  warn(message: string): void;
  /** A line that shows progress beside the resource and is replaced by the next one. Never a secret. */
  progress(message: string): void;
}

/**
 * What a changed property means: another resource, or the same one changed in place. A function decides by the values;
 * in a preview whose next value is not known yet it is not asked, and the answer is "replace".
 */
export type ChangeRule<V> = "replace" | "update" | ((old: V, next: V) => "replace" | "update" | "same");

/** One rule for each input: a forgotten one does not compile. */
export type ChangeTable<In> = { readonly [K in keyof In]-?: ChangeRule<In[K]> };

/**
 * One kind of resource of the lab. Every operation may be killed at any moment and run again:
 * - create takes over what already stands with the same inputs, finishes or remakes what is half made;
 * - delete of what is gone succeeds; it removes only what create made.
 * Errors are for people: {@link UserError} when the message says it all.
 */
export interface ResourceHandler<In extends object, Out extends In> {
  /** The inputs: how they are read and checked. Checking never touches the host. */
  readonly inputs: ObjectShape<In>;
  /** The state that the engine keeps: the inputs and what create added. */
  readonly state: ObjectShape<Out>;
  /** Properties of the state that are secret even when no input was. */
  readonly secrets: readonly (keyof Out & string)[];
  readonly changes: ChangeTable<In>;
  /** True when old and new cannot stand at the same time, because they share a name on the host. */
  readonly deleteBeforeReplace: boolean;
  /** Outputs that follow from the inputs alone, for previews. Never touches the host. */
  foresee(inputs: Partial<In>): Partial<Out>;
  create(inputs: In, work: Work): Promise<{ readonly id: string; readonly state: Out }>;
  /** The resource as it stands now, or undefined when it is gone. Changes nothing on the host. */
  read(id: string, state: Out, work: Work): Promise<Out | undefined>;
  update(id: string, state: Out, inputs: In, work: Work): Promise<Out>;
  delete(id: string, state: Out, work: Work): Promise<void>;
  /**
   * What of the resource has to be mended though its inputs did not change ("the pool's manager is not running"), or
   * undefined. The engine then calls update. Changes nothing on the host.
   */
  needsRepair?(id: string, state: Out): Promise<string | undefined>;
}

/** A mistake or a condition of the host that the user has to mend; shown as its message alone. */
export class UserError extends Error {
  override readonly name = "UserError";
}
