import { isDeepStrictEqual } from "node:util";
import type { ChangeRule, ResourceHandler, Work } from "./resource.ts";
import { UserError } from "./resource.ts";
import { fieldNames, hasUnknown, type Mistake, parse, type Shape, unknown } from "./shape.ts";

/** Properties as the engine gives them: read by nobody yet. */
export type Properties = Readonly<Record<string, unknown>>;

export interface Differences {
  readonly update: readonly string[];
  readonly replace: readonly string[];
  readonly deleteBeforeReplace: boolean;
  /** Why the resource is updated although no input changed. */
  readonly repair: string | undefined;
}

/** A handler with its types closed over: properties go in and come out as the engine has them. */
export interface Served {
  readonly secrets: readonly string[];
  readonly inputNames: readonly string[];
  check(inputs: Properties): readonly Mistake[];
  diff(id: string, state: Properties, inputs: Properties): Promise<Differences>;
  /** What a preview shows; what is not known before the resource stands is `unknown`. */
  preview(inputs: Properties): Properties;
  create(inputs: Properties, work: Work): Promise<{ readonly id: string; readonly state: Properties }>;
  read(id: string, state: Properties, work: Work): Promise<Properties | undefined>;
  update(id: string, state: Properties, inputs: Properties, work: Work): Promise<Properties>;
  delete(id: string, state: Properties, work: Work): Promise<void>;
}

export function serve<In extends object, Out extends In>(handler: ResourceHandler<In, Out>): Served {
  const inputNames = fieldNames<In>(handler.inputs.fields);
  const inputsOf = (properties: Properties) => demand(handler.inputs, properties, "inputs");
  const stateOf = (properties: Properties) => demand(handler.state, properties, "state");

  return {
    secrets: handler.secrets,
    inputNames,

    check(inputs) {
      const parsed = parse(handler.inputs, inputs);
      return parsed.kind === "wrong" ? parsed.mistakes : [];
    },

    async diff(id, state, inputs) {
      const update: string[] = [];
      const replace: string[] = [];
      for (const name of inputNames) {
        const change = changeOf(handler.changes[name], handler.inputs.fields[name], state[name], inputs[name]);
        if (change === "update") update.push(name);
        if (change === "replace") replace.push(name);
      }
      const changed = update.length + replace.length > 0;
      const repair = changed ? undefined : await handler.needsRepair?.(id, stateOf(state));
      return { update, replace, deleteBeforeReplace: handler.deleteBeforeReplace, repair };
    },

    preview(inputs) {
      const foreseen = untyped(handler.foresee(knownPart(handler.inputs.fields, inputs)));
      const outputs: Record<string, unknown> = {};
      for (const name of fieldNames<Out>(handler.state.fields)) {
        const value = inputs[name] ?? foreseen[name];
        if (value !== undefined) outputs[name] = value;
        else if (!handler.state.fields[name].optional) outputs[name] = unknown;
      }
      return outputs;
    },

    async create(inputs, work) {
      const { id, state } = await handler.create(inputsOf(inputs), work);
      return { id, state: untyped(state) };
    },

    async read(id, state, work) {
      const standing = await handler.read(id, stateOf(state), work);
      return standing === undefined ? undefined : untyped(standing);
    },

    async update(id, state, inputs, work) {
      return untyped(await handler.update(id, stateOf(state), inputsOf(inputs), work));
    },

    delete: (id, state, work) => handler.delete(id, stateOf(state), work),
  };
}

function changeOf<V>(
  rule: ChangeRule<V>,
  field: Shape<Exclude<V, undefined>>,
  oldValue: unknown,
  nextValue: unknown,
): "replace" | "update" | "same" {
  if (isDeepStrictEqual(oldValue, nextValue)) return "same";
  if (typeof rule !== "function") return rule;
  if (hasUnknown(nextValue)) return "replace";
  const [old, next] = [fieldValue(field, oldValue), fieldValue(field, nextValue)];
  return rule(old, next);
}

// An absent value is one of the type's values exactly when the property is optional, and check has seen to that.
function fieldValue<V>(field: Shape<Exclude<V, undefined>>, value: unknown): V {
  const parsed = value === undefined ? undefined : demand(field, value, "value");
  return parsed as V;
}

function knownPart<T extends object>(
  fields: { readonly [K in keyof T]-?: Shape<Exclude<T[K], undefined>> },
  inputs: Properties,
) {
  const known: Partial<T> = {};
  for (const name of fieldNames<T>(fields)) {
    const value = inputs[name];
    if (value === undefined || hasUnknown(value)) continue;
    const parsed = parse(fields[name], value);
    if (parsed.kind === "known") known[name] = parsed.value;
  }
  return known;
}

/** Reads properties that have to be whole and known here. */
function demand<T>(shape: Shape<T>, properties: unknown, what: string): T {
  const parsed = parse(shape, properties);
  if (parsed.kind === "known") return parsed.value;
  const reasons =
    parsed.kind === "wrong"
      ? parsed.mistakes.map(({ property, reason }) => `${property} ${reason}`)
      : ["not known yet"];
  throw new UserError(`The ${what} of the resource cannot be used: ${reasons.join("; ")}`);
}

function untyped(properties: object): Properties {
  return Object.fromEntries(Object.entries(properties));
}
