import * as pulumi from "@pulumi/pulumi";

/** A resource as the program declared it: its inputs in plain values, and the options that Pulumi's own mocks do not show. */
export interface Declared {
  readonly type: string;
  readonly name: string;
  /** Secrets are unwrapped; `secrets` holds the paths at which they stood. */
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly secrets: readonly string[];
  /** Name of the parent. */
  readonly parent: string | undefined;
  /** Names of the resources it explicitly or by its inputs depends on. */
  readonly dependsOn: readonly string[];
  /** For each property, names of the resources from whose outputs it was made. */
  readonly madeFrom: Readonly<Record<string, readonly string[]>>;
  readonly deletedWith: string | undefined;
  readonly deleteBeforeReplace: boolean;
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  readonly ignoreChanges: readonly string[];
  readonly replaceOnChanges: readonly string[];
  readonly secretOutputs: readonly string[];
  readonly createTimeout: string;
  readonly version: string;
}

export interface MockedEngine {
  readonly declared: readonly Declared[];
  readonly invoked: { readonly token: string; readonly inputs: unknown }[];
  /** Everything of one type, by name. */
  ofType(type: string): readonly Declared[];
  /** What the component of that name registered as its outputs, in plain values. */
  registered(name: string): Readonly<Record<string, unknown>>;
  /** The one resource of that type and name. */
  get(type: string, name: string): Declared;
}

export interface MockSettings {
  /** Outputs of each type that is known, from its inputs. A type that is not listed is refused. */
  readonly outputs: Readonly<Record<string, (inputs: Readonly<Record<string, unknown>>, name: string) => object>>;
  readonly invokes?: Readonly<Record<string, (inputs: Readonly<Record<string, unknown>>) => object>>;
  readonly config?: Readonly<Record<string, string>>;
  readonly stack?: string;
}

const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
const signatureKey = "4dabf18193072939515e22adb298388d";

/** Replaces the engine for this test file. The program must be imported or run after this. */
export async function mockEngine(settings: MockSettings): Promise<MockedEngine> {
  const declared: Declared[] = [];
  const invoked: { token: string; inputs: unknown }[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        const output = settings.outputs[type];
        if (output === undefined && !type.startsWith("logos:substrate:")) throw new Error(`no mock for ${type}`);
        return { id: `${name}-id`, state: { ...inputs, ...output?.(recordOf(unwrap(inputs, "", [])), name) } };
      },
      call: ({ token, inputs }) => {
        const answer = settings.invokes?.[token];
        if (answer === undefined) throw new Error(`no mock for ${token}`);
        invoked.push({ token, inputs });
        return answer(recordOf(inputs));
      },
    },
    "logos",
    settings.stack ?? "test",
    false,
  );
  pulumi.runtime.setAllConfig({ ...settings.config });
  const registered = new Map<string, Readonly<Record<string, unknown>>>();
  recordOptions(declared, registered);
  return {
    declared,
    invoked,
    registered: (name) => registered.get(name) ?? {},
    ofType: (type) => declared.filter((one) => one.type === type),
    get: (type, name) => {
      const found = declared.filter((one) => one.type === type && one.name === name);
      const [one] = found;
      if (one === undefined || found.length !== 1) throw new Error(`${found.length} resources ${type} "${name}"`);
      return one;
    },
  };
}

/** The value of an output, or an error when it does not come within two seconds. */
export async function outputValue<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("the output has no value after 2 s")), 2000);
    output.apply((value) => {
      clearTimeout(timer);
      resolve(value);
    });
  });
}

/** Resolves when everything that was declared has been registered. */
export async function settled(): Promise<void> {
  await pulumi.runtime.disconnect();
}

/** Pulumi's mocks do not show options (https://github.com/pulumi/pulumi/issues/8342); the request to the engine holds them. */
function recordOptions(declared: Declared[], registered: Map<string, Readonly<Record<string, unknown>>>): void {
  const monitor: unknown = pulumi.runtime.getMonitor();
  if (!hasRegister(monitor))
    throw new Error("the SDK's mock monitor has no registerResource; this recorder no longer fits it");
  const registerOutputs = monitor.registerResourceOutputs.bind(monitor);
  monitor.registerResourceOutputs = (request, callback) => {
    const outputs = unwrap(request.getOutputs()?.toJavaScript(), "", []);
    registered.set(nameOf(request.getUrn()) ?? "", recordOf(outputs));
    registerOutputs(request, callback);
  };
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, callback) => {
    const secrets: string[] = [];
    const inputs = recordOf(unwrap(request.getObject().toJavaScript(), "", secrets));
    const timeouts = request.getCustomtimeouts();
    declared.push({
      type: request.getType(),
      name: request.getName(),
      inputs,
      secrets,
      parent: nameOf(request.getParent()),
      dependsOn: request.getDependenciesList().flatMap((urn) => nameOf(urn) ?? []),
      madeFrom: Object.fromEntries(
        [...request.getPropertydependenciesMap().entries()].map(([property, made]) => [
          property,
          made.getUrnsList().flatMap((urn) => nameOf(urn) ?? []),
        ]),
      ),
      deletedWith: nameOf(request.getDeletedwith()),
      deleteBeforeReplace: request.getDeletebeforereplace(),
      protect: request.getProtect(),
      retainOnDelete: request.getRetainondelete(),
      ignoreChanges: request.getIgnorechangesList(),
      replaceOnChanges: request.getReplaceonchangesList(),
      secretOutputs: request.getAdditionalsecretoutputsList(),
      createTimeout: timeouts?.getCreate() ?? "",
      version: request.getVersion(),
    });
    register(request, callback);
  };
}

interface RegisterRequest {
  getType(): string;
  getName(): string;
  getObject(): { toJavaScript(): unknown };
  getParent(): string;
  getDependenciesList(): string[];
  getPropertydependenciesMap(): { entries(): Iterable<readonly [string, { getUrnsList(): string[] }]> };
  getDeletedwith(): string;
  getDeletebeforereplace(): boolean;
  getProtect(): boolean;
  getRetainondelete(): boolean;
  getIgnorechangesList(): string[];
  getReplaceonchangesList(): string[];
  getAdditionalsecretoutputsList(): string[];
  getCustomtimeouts(): { getCreate(): string } | undefined;
  getVersion(): string;
}

interface OutputsRequest {
  getUrn(): string;
  getOutputs(): { toJavaScript(): unknown } | undefined;
}

interface RegisterMonitor {
  registerResourceOutputs(request: OutputsRequest, callback: unknown): void;
  registerResource(request: RegisterRequest, callback: unknown): void;
}

function hasRegister(monitor: unknown): monitor is RegisterMonitor {
  return (
    typeof monitor === "object" &&
    monitor !== null &&
    "registerResource" in monitor &&
    typeof monitor.registerResource === "function" &&
    "registerResourceOutputs" in monitor &&
    typeof monitor.registerResourceOutputs === "function"
  );
}

function nameOf(urn: string): string | undefined {
  return urn === "" ? undefined : urn.split("::").at(-1);
}

function unwrap(value: unknown, path: string, secrets: string[]): unknown {
  if (Array.isArray(value)) return value.map((item, index) => unwrap(item, `${path}[${index}]`, secrets));
  if (typeof value !== "object" || value === null) return value;
  if (signatureKey in value && value[signatureKey] === secretSignature && "value" in value) {
    secrets.push(path);
    return unwrap(value.value, path, secrets);
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, unwrap(item, path === "" ? key : `${path}.${key}`, secrets)]),
  );
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}
