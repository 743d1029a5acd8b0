import { isRecord, type Mistake, unknown } from "../../../providers/lab/shape.ts";
import { scriptedCommands } from "../commands.ts";
import { inputMistakes } from "./inputs.ts";
import type { Difference, Named, SimulatedPackage } from "./package.ts";
import { changesBetween, touches } from "./paths.ts";
import { resourceShape, sdkVersion } from "./shape.ts";
import type { CloudStore } from "./store.ts";
import { CloudError, type CloudTable, type Inputs } from "./table.ts";
import type { Standing } from "./view.ts";

const commandType = "command:remote:Command";
const copyType = "command:remote:CopyToRemote";

/** One machine on the way of a connection. */
interface Hop {
  readonly host: string;
  readonly user: unknown;
  readonly hostKey: unknown;
  readonly isDirect: boolean;
}

/**
 * `@pulumi/command` for machines that are simulated: nothing is run anywhere. What is asked of a connection is asked all the same:
 * pinned host keys, no root, no password, the bastion on the way, and a running machine at the other end.
 */
export class SimulatedCommand implements SimulatedPackage {
  readonly name = "command";
  readonly version = sdkVersion("command");
  readonly greeting = "SIMULATED command: a test's stand-in, nothing is run on any machine";
  readonly #store: CloudStore;
  readonly #tables: readonly CloudTable[];

  constructor(store: CloudStore, tables: readonly CloudTable[]) {
    this.#store = store;
    this.#tables = tables;
  }

  configure(): undefined {
    return undefined;
  }

  secrets(): readonly string[] {
    return [];
  }

  async check({ type, logicalName }: Named, inputs: Inputs): Promise<{ mistakes: readonly Mistake[]; added: Inputs }> {
    const refuse = (reason: string) => ({ mistakes: [{ property: "", reason }], added: {} });
    if (type !== commandType && type !== copyType)
      return refuse(`${type} is refused by the simulated command provider: it knows ${commandType} and ${copyType}`);
    if (type === commandType && !scriptedCommands.some(({ name }) => name.test(logicalName)))
      return refuse(`The command "${logicalName}" is not scripted in test/engine/commands.ts`);
    const shape = await resourceShape(type);
    if (shape === undefined) throw new Error(`@pulumi/command ${this.version} declares no ${type}`);
    return { mistakes: [...inputMistakes(type, shape, inputs), ...connectionMistakes(inputs.connection)], added: {} };
  }

  async diff(_: Named, old: Inputs, next: Inputs): Promise<Difference> {
    const changes = changesBetween(old, next).map((change) => ({
      ...change,
      replaces: touches(change.path, "triggers"),
    }));
    return { changes, deleteBeforeReplace: false };
  }

  async foresee({ type }: Named, inputs: Inputs): Promise<Inputs> {
    return type === commandType ? { ...inputs, stdout: unknown, stderr: unknown } : inputs;
  }

  async create(resource: Named, inputs: Inputs): Promise<{ id: string; outputs: Inputs }> {
    return {
      id: this.#store.transaction(() => this.#store.fresh("command", 12)),
      outputs: this.#run(resource, inputs),
    };
  }

  async update(resource: Named, _id: string, inputs: Inputs): Promise<Inputs> {
    return this.#run(resource, inputs);
  }

  /** The real one looks at no machine either. */
  async read(
    _: Named,
    _id: string,
    inputs: Inputs | undefined,
    outputs: Inputs,
  ): Promise<{ inputs: Inputs; outputs: Inputs }> {
    return { inputs: inputs ?? {}, outputs };
  }

  async delete(resource: Named, _id: string, outputs: Inputs): Promise<void> {
    if (outputs.delete !== undefined) this.#run(resource, outputs);
  }

  async invoke(token: string): Promise<never> {
    throw new CloudError(`${token} is refused by the simulated command provider`);
  }

  #run({ type, logicalName }: Named, inputs: Inputs): Inputs {
    const hops = hopsOf(inputs.connection);
    for (const hop of hops) this.#reach(hop);
    if (isRecord(inputs.environment) && Object.keys(inputs.environment).length > 0)
      throw new CloudError("environment: the SSH server accepts no variables (AcceptEnv)");
    const fault = this.#store.transaction(() => this.#store.strike("run", type, logicalName));
    if (fault !== undefined) throw new CloudError(`Process exited with status 1: ${fault.text}`);
    this.#store.noteRun(logicalName, hops[0]?.host ?? "");
    if (type === copyType) return inputs;
    const script = scriptedCommands.find(({ name }) => name.test(logicalName));
    if (script === undefined)
      throw new CloudError(`The command "${logicalName}" is not scripted in test/engine/commands.ts`);
    return { ...inputs, stdout: script.says, stderr: "" };
  }

  /** A machine of any of the clouds, or a server that the test has set up, has to answer there and be the one expected. */
  #reach({ host, hostKey, isDirect }: Hop): void {
    const server = this.#store.host(host);
    if (server !== undefined) {
      if (isDirect && !server.isPublic)
        throw new CloudError(`dial tcp ${host}:22: no route to host without the bastion`);
      return;
    }
    const found = this.#machineAt(host, isDirect);
    if (found === undefined) throw new CloudError(`dial tcp ${host}:22: connect: no route to host`);
    const { machine, keys } = found;
    if (machine.live.running === false) throw new CloudError(`dial tcp ${host}:22: connect: ${machine.id} is stopped`);
    const isBorn = keys === undefined || keys.some((key) => sameKey(key, String(hostKey)));
    if (!isBorn) throw new CloudError(`ssh: handshake failed: ${machine.id} at ${host} was born with another host key`);
  }

  #machineAt(host: string, isDirect: boolean): { machine: Standing; keys: readonly string[] | undefined } | undefined {
    for (const { rows } of this.#tables)
      for (const [type, { machine: rule }] of Object.entries(rows))
        for (const machine of rule === undefined ? [] : this.#store.all(type)) {
          const address = isDirect
            ? rule?.publicAddress(machine, this.#store)
            : rule?.privateAddress(machine, this.#store);
          if (address === host) return { machine, keys: rule?.hostKeys?.(machine) };
        }
    return undefined;
  }
}

/** The target first, then the bastion it is reached through. */
function hopsOf(connection: unknown): readonly Hop[] {
  if (!isRecord(connection)) return [];
  const { proxy } = connection;
  const own = { host: String(connection.host), user: connection.user, hostKey: connection.hostKey };
  return [{ ...own, isDirect: !isRecord(proxy) }, ...hopsOf(proxy)];
}

function connectionMistakes(connection: unknown, path = "connection"): readonly Mistake[] {
  if (!isRecord(connection)) return [];
  const note = (wrong: boolean, name: string, reason: string) =>
    wrong ? [{ property: `${path}.${name}`, reason: `${path}.${name} ${reason}` }] : [];
  const isAbsent = (value: unknown) => value === undefined || value === null || value === "";
  return [
    ...note(isAbsent(connection.hostKey), "hostKey", "must be given: else the plugin trusts whoever answers"),
    ...note(isAbsent(connection.user) || connection.user === "root", "user", "must be given and not be root"),
    ...note(!isAbsent(connection.password), "password", "must not be given"),
    ...(isRecord(connection.proxy) ? connectionMistakes(connection.proxy, `${path}.proxy`) : []),
  ];
}

/** Two lines in `authorized_keys` form with the same key; comments may differ. */
function sameKey(a: string, b: string): boolean {
  const key = (line: string) => line.trim().split(/\s+/).slice(0, 2).join(" ");
  return key(a) === key(b);
}
