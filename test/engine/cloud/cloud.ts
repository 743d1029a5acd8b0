import { setTimeout as delay } from "node:timers/promises";
import { hasUnknown, isRecord, type Mistake, unknown } from "../../../providers/lab/shape.ts";
import { differenceOf } from "./difference.ts";
import { groupsIn, membersOf, resize, settleGroups } from "./groups.ts";
import { inputMistakes } from "./inputs.ts";
import { nameFor, nameMistakes } from "./names.ts";
import type { Difference, Named, SimulatedPackage } from "./package.ts";
import { numberAt, placesAt, textAt, valueAt } from "./paths.ts";
import { edgesOf, whenKnown } from "./references.ts";
import { type Kind, type ResourceShape, resourceShape, sdkVersion } from "./shape.ts";
import type { CloudStore } from "./store.ts";
import { CloudError, type CloudTable, type Inputs, type Made, type NameRule, type Row } from "./table.ts";
import type { Standing } from "./view.ts";

/** How often the real providers' clients ask again when they are throttled. */
const throttledTries = 4;
/** One cloud of a table: it holds what it made in the store, and refuses what the real one refuses. */
export class SimulatedCloud implements SimulatedPackage {
  readonly name: string;
  readonly version: string;
  readonly greeting: string;
  readonly #table: CloudTable;
  readonly #store: CloudStore;

  constructor(table: CloudTable, store: CloudStore) {
    this.#table = table;
    this.#store = store;
    this.name = table.package;
    this.version = sdkVersion(table.package);
    this.greeting = `SIMULATED ${table.package}: a test's stand-in, no resource is made in any cloud`;
  }

  configure(configuration: Inputs): string | undefined {
    return this.#table.configure?.(configuration);
  }

  secrets({ type }: Named): readonly string[] {
    return this.#table.rows[type]?.secrets ?? [];
  }

  async check({ type, logicalName }: Named, given: Inputs, old: Inputs | undefined) {
    const row = this.#table.rows[type];
    if (row === undefined)
      return {
        mistakes: [{ property: "", reason: `${type} is not in the table of the simulated ${this.name}` }],
        added: {},
      };
    const shape = await this.#shape(type);
    const added = nameFor(row.name, logicalName, given, old);
    const inputs = { ...given, ...added };
    const mistakes = [...inputMistakes(type, shape, inputs), ...rowMistakes(type, row, inputs)];
    return { mistakes, added };
  }

  async diff({ type, logicalName }: Named, old: Inputs, next: Inputs): Promise<Difference> {
    return differenceOf(this.#row(type), logicalName, old, next);
  }

  async foresee({ type }: Named, inputs: Inputs, oldOutputs: Inputs | undefined): Promise<Inputs> {
    const row = this.#row(type);
    const shape = await this.#shape(type);
    const computed = [...Object.keys(row.outputs ?? {}), ...Object.keys(leftOpen(shape, row, inputs))];
    const foreseen: Record<string, unknown> = {};
    for (const name of computed)
      foreseen[name] = oldOutputs === undefined || row.renewed?.includes(name) ? unknown : oldOutputs[name];
    return { ...inputs, ...foreseen };
  }

  async create({ type, logicalName }: Named, inputs: Inputs) {
    const row = this.#row(type);
    const shape = await this.#shape(type);
    await this.#strike("create", type, logicalName);
    return whenKnown(this.#store, row, () => {
      const edges = edgesOf(type, row, inputs, this.#store, this.#table.wording);
      const name = (row.name === undefined ? undefined : textAt(inputs, row.name.input)) ?? logicalName;
      this.#refuseTaken(type, row.name, name, inputs);
      const { id, outputs } = this.#make(type, row, shape, { logicalName, inputs, name, id: "", old: undefined });
      if (this.#store.byId(type, id) !== undefined) throw new CloudError(this.#table.wording.exists(type, name));
      const key = this.#store.add({
        package: this.name,
        type,
        id,
        name,
        logicalName,
        inputs,
        outputs,
        live: {},
        knownAt: Date.now() + (row.settlesAfter === undefined ? 0 : (this.#store.settling() ?? row.settlesAfter)),
      });
      this.#store.setHandles(key, type, handlesOf(row, id, inputs, outputs));
      this.#store.setEdges(key, edges);
      const standing = this.#standing(key);
      row.onCreate?.(standing, this.#store);
      if (row.group !== undefined) {
        const { limits, current } = row.group;
        resize(this.#store, row.group, standing, numberAt(inputs, current) ?? limits(standing, this.#store)?.min ?? 0);
      }
      settleGroups(this.#store, this.#table.rows);
      return { id, outputs: this.#outputs(row, this.#standing(key)) };
    });
  }

  async read({ type, logicalName }: Named, id: string, inputs: Inputs | undefined) {
    const row = this.#row(type);
    await this.#strike("read", type, logicalName);
    const standing = this.#store.byId(type, id);
    if (standing === undefined) return undefined;
    const given = inputs === undefined ? standing.inputs : pick(standing.inputs, Object.keys(inputs));
    return { inputs: withNumber(row, given, standing), outputs: this.#outputs(row, standing) };
  }

  async update({ type, logicalName }: Named, id: string, inputs: Inputs, oldInputs: Inputs): Promise<Inputs> {
    const row = this.#row(type);
    const shape = await this.#shape(type);
    await this.#strike("update", type, logicalName);
    return whenKnown(this.#store, row, () => {
      const old = this.#store.byId(type, id);
      if (old === undefined) throw new CloudError(this.#table.wording.notFound(type, id));
      const edges = edgesOf(type, row, inputs, this.#store, this.#table.wording);
      const { outputs } = this.#make(type, row, shape, { logicalName, inputs, name: old.name, id, old: old.outputs });
      this.#store.change(old.key, inputs, outputs);
      this.#store.setHandles(old.key, type, handlesOf(row, id, inputs, outputs));
      this.#store.setEdges(old.key, edges);
      row.onUpdate?.(this.#standing(old.key), old, this.#store);
      if (row.group !== undefined) {
        const wanted = numberAt(inputs, row.group.current);
        if (wanted !== undefined && wanted !== numberAt(oldInputs, row.group.current))
          resize(this.#store, row.group, this.#standing(old.key), wanted);
      }
      settleGroups(this.#store, this.#table.rows);
      return this.#outputs(row, this.#standing(old.key));
    });
  }

  async delete({ type, logicalName }: Named, id: string): Promise<void> {
    const row = this.#row(type);
    await this.#strike("delete", type, logicalName);
    this.#store.transaction(() => {
      const standing = this.#store.byId(type, id);
      if (standing === undefined) return;
      const going = this.#goingWith(standing);
      const holder = going.flatMap((one) => this.#store.holders(one)).find(({ key }) => !has(going, key));
      if (holder !== undefined) throw new CloudError(this.#table.wording.inUse(type, id, holder));
      row.onDelete?.(standing, this.#store);
      for (const { key } of going.toReversed()) this.#store.remove(key);
      settleGroups(this.#store, this.#table.rows);
    });
  }

  async invoke(token: string, args: Inputs): Promise<Inputs> {
    const call = this.#table.functions?.[token];
    if (call === undefined) throw new CloudError(`${token} is not in the table of the simulated ${this.name}`);
    return call(args, this.#store);
  }

  /** The resource, and all that goes with it. */
  #goingWith(standing: Standing): readonly Standing[] {
    const { takesAlong } = this.#row(standing.type);
    if (takesAlong === undefined) return [standing];
    return [standing, ...this.#store.everything().filter((other) => takesAlong(standing, other))];
  }

  #row(type: string): Row {
    const row = this.#table.rows[type];
    if (row === undefined) throw new CloudError(`${type} is not in the table of the simulated ${this.name}`);
    return row;
  }

  async #shape(type: string): Promise<ResourceShape> {
    const shape = await resourceShape(type);
    if (shape === undefined) throw new CloudError(`@pulumi/${this.name} ${this.version} declares no ${type}`);
    return shape;
  }

  #standing(key: number): Standing {
    const standing = this.#store.byKey(key);
    if (standing === undefined) throw new Error(`Resource ${key} has gone within its own transaction`);
    return standing;
  }

  /** A fault that the test has set strikes now. Throttling is tried again, as the real clients do, and fails when it lasts. */
  async #strike(operation: "create" | "read" | "update" | "delete", type: string, logicalName: string): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      const fault = this.#store.transaction(() => this.#store.strike(operation, type, logicalName));
      if (fault === undefined) return;
      if (fault.kind === "quota") throw new CloudError(this.#table.wording.quota(type));
      if (fault.kind !== "throttled") throw new CloudError(fault.text);
      if (attempt === throttledTries) throw new CloudError(this.#table.wording.throttled(type));
      await delay(10 * 2 ** attempt);
    }
  }

  #refuseTaken(type: string, rule: NameRule | undefined, name: string, inputs: Inputs): void {
    if (rule?.unique === undefined) return;
    const scope = rule.unique === "cloud" ? [] : rule.unique.within;
    const taken = this.#store
      .all(type)
      .some(
        (other) => other.name === name && scope.every((path) => valueAt(other.inputs, path) === valueAt(inputs, path)),
      );
    if (taken) throw new CloudError(this.#table.wording.exists(type, name));
  }

  #make(
    type: string,
    row: Row,
    shape: ResourceShape,
    from: { logicalName: string; inputs: Inputs; name: string; id: string; old: Inputs | undefined },
  ): { id: string; outputs: Inputs } {
    const { logicalName, inputs, name, old } = from;
    const made = (id: string, outputs: Inputs): Made => ({
      type,
      logicalName,
      inputs,
      name,
      id,
      outputs,
      text: (path) => {
        const value = textAt(inputs, path);
        if (value === undefined) throw new CloudError(`${type} ${logicalName} needs the input "${path}"`);
        return value;
      },
      fresh: (prefix, digits = 17) => this.#store.fresh(prefix, digits),
      cloud: this.#store,
    });
    const id = from.id === "" ? row.id(made("", {})) : from.id;
    const own = "name" in shape.outputs ? { name } : {};
    let outputs: Inputs = { ...leftOpen(shape, row, inputs), ...own, ...inputs };
    for (const [output, make] of Object.entries(row.outputs ?? {})) {
      const kept = old !== undefined && !(row.renewed ?? []).includes(output) ? old[output] : undefined;
      outputs = { ...outputs, [output]: kept ?? make(made(id, outputs)) };
    }
    return { id, outputs };
  }

  #outputs(row: Row, standing: Standing): Inputs {
    // A number that the program gave is shown as it is by now; one that it left to the cloud is an output all the same.
    const top =
      row.group === undefined || row.group.current.includes(".")
        ? {}
        : { [row.group.current]: membersOf(standing).length };
    return { ...withNumber(row, { ...top, ...standing.outputs }, standing), ...row.live?.(standing, this.#store) };
  }
}

/** The numbers of machines that the groups of a cloud have now, for tests. */
export function groupSizes(store: CloudStore, table: CloudTable): readonly number[] {
  return groupsIn(store, table.rows).map(({ group }) => membersOf(group).length);
}

function has(standings: readonly Standing[], key: number): boolean {
  return standings.some((one) => one.key === key);
}

/** The properties with the group's number of machines as it is, where they hold one: as a number or a text, as it was written. */
function withNumber({ group }: Row, properties: Inputs, standing: Standing): Inputs {
  if (group === undefined) return properties;
  const was = valueAt(properties, group.current);
  if (was === undefined) return properties;
  const count = membersOf(standing).length;
  return replaceAt(properties, group.current.split("."), typeof was === "string" ? String(count) : count);
}

function replaceAt(properties: Inputs, [name = "", ...rest]: readonly string[], value: unknown): Inputs {
  const inner = properties[name];
  return { ...properties, [name]: rest.length > 0 && isRecord(inner) ? replaceAt(inner, rest, value) : value };
}

function rowMistakes(type: string, row: Row, inputs: Inputs): Mistake[] {
  const mistakes: Mistake[] = [...nameMistakes(type, row.name, inputs)];
  const note = (property: string, reason: string) => mistakes.push({ property, reason });
  for (const path of row.required ?? [])
    if (placesAt(inputs, path).length === 0) note(path, `the cloud needs "${path}" of ${type}`);
  for (const paths of row.exactlyOne ?? []) {
    const given = paths.filter((path) => placesAt(inputs, path).length > 0);
    if (given.length !== 1)
      note("", `${type} takes exactly one of ${paths.join(", ")}, not ${given.join(" and ") || "none"}`);
  }
  const objection = row.check?.(inputs);
  if (objection !== undefined) note("", objection);
  return mistakes;
}

function handlesOf(row: Row, id: string, inputs: Inputs, outputs: Inputs): readonly string[] {
  const named = (row.handles ?? []).map((path) => textAt(outputs, path) ?? textAt(inputs, path));
  return [id, ...named.filter((value) => value !== undefined)];
}

/** Values for the outputs that the SDK calls always there and that neither inputs nor row give: visibly nobody's. */
function leftOpen(shape: ResourceShape, row: Row, inputs: Inputs): Record<string, unknown> {
  const open = Object.entries(shape.outputs).filter(
    ([name, { optional }]) => !optional && !(name in inputs) && !(name in (row.outputs ?? {})),
  );
  const values = open.map(([name, { kind }]): [string, unknown] => [name, valueOfKind(kind, name)]);
  return Object.fromEntries(values.filter(([, value]) => value !== undefined));
}

function valueOfKind(kind: Kind, name: string): unknown {
  const values = {
    text: `simulated:${name}`,
    number: 0,
    flag: false,
    list: [],
    map: {},
    any: undefined,
    object: undefined,
    union: undefined,
  };
  return values[kind.is];
}

function pick(properties: Inputs, names: readonly string[]): Inputs {
  return Object.fromEntries(Object.entries(properties).filter(([name]) => names.includes(name)));
}

/** Whether a value is known and an object; for the checks of rows. */
export function isKnownRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return isRecord(value) && !hasUnknown(value);
}
