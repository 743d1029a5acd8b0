import grpc from "@grpc/grpc-js";
import pluginProto from "@pulumi/pulumi/proto/plugin_pb.js";
import proto from "@pulumi/pulumi/proto/provider_pb.js";
import emptyProto from "google-protobuf/google/protobuf/empty_pb.js";
import structProto from "google-protobuf/google/protobuf/struct_pb.js";
import type { EngineLog } from "../../../providers/lab/engine.ts";
import type { Mistake } from "../../../providers/lab/shape.ts";
import { receive, send } from "../../../providers/lab/wire.ts";
import type { CrashPhase } from "./faults.ts";
import type { Named, SimulatedPackage } from "./package.ts";
import type { CloudStore } from "./store.ts";
import { CloudError } from "./table.ts";

/** The provider protocol over a simulated package. */
export class SimulatedService {
  readonly #package: SimulatedPackage;
  readonly #store: CloudStore;
  readonly #log: EngineLog;

  constructor(simulated: SimulatedPackage, store: CloudStore, log: EngineLog) {
    this.#package = simulated;
    this.#store = store;
    this.#log = log;
  }

  methods(): grpc.UntypedServiceImplementation {
    const { name, version } = this.#package;
    return {
      getPluginInfo: unary(async () => new pluginProto.PluginInfo().setVersion(version)),
      getSchema: unary(async () => new proto.GetSchemaResponse().setSchema(JSON.stringify({ name, version }))),
      checkConfig: unary((request: proto.CheckRequest) => this.#checkConfig(request)),
      diffConfig: unary(async () => new proto.DiffResponse().setChanges(proto.DiffResponse.DiffChanges.DIFF_NONE)),
      configure: unary(() => this.#configure()),
      invoke: unary((request: proto.InvokeRequest) => this.#invoke(request)),
      check: unary((request: proto.CheckRequest) => this.#check(request)),
      diff: unary((request: proto.DiffRequest) => this.#diff(request)),
      create: this.#operation("create", (request: proto.CreateRequest) => this.#create(request)),
      read: unary((request: proto.ReadRequest) => this.#read(request)),
      update: this.#operation("update", (request: proto.UpdateRequest) => this.#update(request)),
      delete: this.#operation("delete", (request: proto.DeleteRequest) => this.#delete(request)),
      cancel: unary(async () => new emptyProto.Empty()),
    };
  }

  async #checkConfig(request: proto.CheckRequest): Promise<proto.CheckResponse> {
    const objection = this.#package.configure(receive(request.getNews()).properties);
    const failures = objection === undefined ? [] : [failure({ property: "", reason: objection })];
    return new proto.CheckResponse().setInputs(request.getNews()).setFailuresList(failures);
  }

  async #configure(): Promise<proto.ConfigureResponse> {
    this.#log.workOn("", new AbortController().signal).info(this.#package.greeting);
    return new proto.ConfigureResponse().setAcceptsecrets(true).setSupportspreview(true);
  }

  async #invoke(request: proto.InvokeRequest): Promise<proto.InvokeResponse> {
    const answer = await this.#package.invoke(request.getTok(), receive(request.getArgs()).properties);
    return new proto.InvokeResponse().setReturn(send(answer, new Set()));
  }

  async #check(request: proto.CheckRequest): Promise<proto.CheckResponse> {
    const old = request.getOlds();
    const { mistakes, added } = await this.#package.check(
      named(request.getUrn()),
      receive(request.getNews()).properties,
      old === undefined ? undefined : receive(old).properties,
    );
    // What came stays as it came, secrets marked and unknowns unknown.
    const inputs = { ...request.getNews()?.toJavaScript(), ...send(added, new Set()).toJavaScript() };
    return new proto.CheckResponse()
      .setInputs(structProto.Struct.fromJavaScript(inputs))
      .setFailuresList(mistakes.map(failure));
  }

  async #diff(request: proto.DiffRequest): Promise<proto.DiffResponse> {
    const { changes, deleteBeforeReplace } = await this.#package.diff(
      named(request.getUrn()),
      receive(request.getOldInputs()).properties,
      receive(request.getNews()).properties,
    );
    const { DIFF_SOME, DIFF_NONE } = proto.DiffResponse.DiffChanges;
    const response = new proto.DiffResponse()
      .setChanges(changes.length > 0 ? DIFF_SOME : DIFF_NONE)
      .setDiffsList(topLevel(changes))
      .setReplacesList(topLevel(changes.filter(({ replaces }) => replaces)))
      .setDeletebeforereplace(deleteBeforeReplace)
      .setHasdetaileddiff(true);
    for (const { path, kind, replaces } of changes) {
      const detail = new proto.PropertyDiff().setKind(kinds[kind][replaces ? 1 : 0]);
      response.getDetaileddiffMap().set(path, detail.setInputdiff(true));
    }
    return response;
  }

  async #create(request: proto.CreateRequest): Promise<proto.CreateResponse> {
    const resource = named(request.getUrn());
    const { properties, secrets } = receive(request.getProperties());
    const marked = new Set([...secrets, ...this.#package.secrets(resource)]);
    const response = new proto.CreateResponse();
    if (request.getPreview()) {
      return response.setProperties(send(await this.#package.foresee(resource, properties, undefined), marked));
    }
    const { id, outputs } = await this.#package.create(resource, properties);
    return response.setId(id).setProperties(send(outputs, marked));
  }

  async #read(request: proto.ReadRequest): Promise<proto.ReadResponse> {
    const resource = named(request.getUrn());
    const state = receive(request.getProperties());
    const given = receive(request.getInputs());
    const isImport = Object.keys(given.properties).length === 0 && Object.keys(state.properties).length === 0;
    const found = await this.#package.read(
      resource,
      request.getId(),
      isImport ? undefined : given.properties,
      state.properties,
    );
    const response = new proto.ReadResponse();
    if (found === undefined) return response;
    const marked = new Set([...state.secrets, ...given.secrets, ...this.#package.secrets(resource)]);
    return response
      .setId(request.getId())
      .setProperties(send(found.outputs, marked))
      .setInputs(send(found.inputs, given.secrets));
  }

  async #update(request: proto.UpdateRequest): Promise<proto.UpdateResponse> {
    const resource = named(request.getUrn());
    const old = receive(request.getOlds());
    const { properties, secrets } = receive(request.getNews());
    const marked = new Set([...secrets, ...this.#package.secrets(resource)]);
    const response = new proto.UpdateResponse();
    if (request.getPreview()) {
      const foreseen = await this.#package.foresee(resource, properties, old.properties);
      return response.setProperties(send(foreseen, marked));
    }
    const oldInputs = receive(request.getOldInputs()).properties;
    const outputs = await this.#package.update(resource, request.getId(), properties, oldInputs);
    return response.setProperties(send(outputs, marked));
  }

  async #delete(request: proto.DeleteRequest): Promise<emptyProto.Empty> {
    await this.#package.delete(named(request.getUrn()), request.getId(), receive(request.getProperties()).properties);
    return new emptyProto.Empty();
  }

  /** A method that changes the cloud: counted, and stopped for good where a test has planned a crash. */
  #operation<Req extends { getUrn(): string }, Res>(
    kind: string,
    answer: (request: Req) => Promise<Res>,
  ): grpc.handleUnaryCall<Req, Res> {
    return unary(async (request: Req): Promise<Res> => {
      if (isPreview(request)) return answer(request);
      const { type, logicalName } = named(request.getUrn());
      const { number, crash } = this.#store.begin(kind, type, logicalName);
      const stopAt = (phase: CrashPhase) => {
        if (crash === phase) this.#store.reachCrash(number);
        return crash === phase;
      };
      // Once a planned moment has come, nothing more is done before the kill: where it struck stays known.
      if (crash === "stopped" || stopAt("before")) await forever();
      const response = await answer(request);
      if (stopAt("done")) await forever();
      stopAt("told");
      return response;
    });
  }
}

/** A method that answers once. The cloud's refusals are told by their message; what is a bug of ours shows where it is. */
function unary<Req, Res>(answer: (request: Req) => Promise<Res>): grpc.handleUnaryCall<Req, Res> {
  return ({ request }, callback) => {
    answer(request).then(
      (response) => callback(null, response),
      (error: unknown) => callback({ code: grpc.status.UNKNOWN, details: explain(error) }),
    );
  };
}

function explain(error: unknown): string {
  if (error instanceof CloudError) return error.message;
  return error instanceof Error ? `The simulation itself failed: ${error.stack ?? error.message}` : String(error);
}

function isPreview(request: object): boolean {
  return "getPreview" in request && typeof request.getPreview === "function" && request.getPreview() === true;
}

function forever(): Promise<never> {
  return new Promise(() => undefined);
}

const { ADD, ADD_REPLACE, DELETE, DELETE_REPLACE, UPDATE, UPDATE_REPLACE } = proto.PropertyDiff.Kind;
/** Each kind of change as it is in place, and as it makes another resource. */
const kinds = {
  ADD: [ADD, ADD_REPLACE],
  DELETE: [DELETE, DELETE_REPLACE],
  UPDATE: [UPDATE, UPDATE_REPLACE],
} as const;

/** `urn:pulumi:STACK::PROJECT::PARENT$TYPE::NAME`: the type is the last of its chain of parents. */
function named(urn: string): Named {
  const [, , types = "", ...name] = urn.split("::");
  return { type: types.split("$").at(-1) ?? "", logicalName: name.join("::") };
}

function topLevel(changes: readonly { readonly path: string }[]): string[] {
  return [...new Set(changes.map(({ path }) => path.split(/[.[]/)[0] ?? path))];
}

function failure({ property, reason }: Mistake): proto.CheckFailure {
  return new proto.CheckFailure().setProperty(property).setReason(reason);
}
