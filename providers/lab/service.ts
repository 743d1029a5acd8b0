import grpc from "@grpc/grpc-js";
import pluginProto from "@pulumi/pulumi/proto/plugin_pb.js";
import proto from "@pulumi/pulumi/proto/provider_pb.js";
import emptyProto from "google-protobuf/google/protobuf/empty_pb.js";
import { messageOf } from "../../core/errors.ts";
import { labPackage, labVersion } from "../../core/lab/resources.ts";
import type { EngineLog } from "./engine.ts";
import { missingRequirements } from "./host/requirements.ts";
import { UserError } from "./resource.ts";
import { functions, served } from "./resources.ts";
import type { Served } from "./serve.ts";
import type { Mistake } from "./shape.ts";
import { receive, send } from "./wire.ts";

/** Answers the engine: the provider protocol, method by method, over the handlers. */
export class ProviderService {
  readonly #log: EngineLog;
  readonly #cancel = new AbortController();

  constructor(log: EngineLog) {
    this.#log = log;
  }

  /** The methods by the name that the protocol gives them. */
  methods(): grpc.UntypedServiceImplementation {
    return {
      getPluginInfo: unary(async () => new pluginProto.PluginInfo().setVersion(labVersion)),
      getSchema: unary(async () =>
        new proto.GetSchemaResponse().setSchema(JSON.stringify({ name: labPackage, version: labVersion })),
      ),
      checkConfig: unary(async (request: proto.CheckRequest) => new proto.CheckResponse().setInputs(request.getNews())),
      diffConfig: unary(async () => new proto.DiffResponse().setChanges(proto.DiffResponse.DiffChanges.DIFF_NONE)),
      configure: unary(() => this.#configure()),
      invoke: unary((request: proto.InvokeRequest) => this.#invoke(request)),
      check: unary((request: proto.CheckRequest) => this.#check(request)),
      diff: unary((request: proto.DiffRequest) => this.#diff(request)),
      create: unary(this.#traced((request: proto.CreateRequest) => this.#create(request))),
      read: unary(this.#traced((request: proto.ReadRequest) => this.#read(request))),
      update: unary(this.#traced((request: proto.UpdateRequest) => this.#update(request))),
      delete: unary(this.#traced((request: proto.DeleteRequest) => this.#delete(request))),
      cancel: unary(async () => {
        this.#cancel.abort(new UserError("Cancelled. The same command again finishes what was begun."));
        return new emptyProto.Empty();
      }),
    };
  }

  async #configure(): Promise<proto.ConfigureResponse> {
    const missing = missingRequirements();
    if (missing !== undefined) throw new UserError(missing);
    return new proto.ConfigureResponse().setAcceptsecrets(true).setSupportspreview(true);
  }

  async #invoke(request: proto.InvokeRequest): Promise<proto.InvokeResponse> {
    const call = functions.get(request.getTok());
    if (call === undefined) throw new UserError(`The lab has no function ${request.getTok()}`);
    const answer = await call(receive(request.getArgs()).properties);
    const response = new proto.InvokeResponse();
    if (answer.kind === "wrong") return response.setFailuresList(answer.mistakes.map(failure));
    return answer.kind === "known" ? response.setReturn(send({ ...answer.value }, new Set())) : response;
  }

  async #check(request: proto.CheckRequest): Promise<proto.CheckResponse> {
    const mistakes = handlerOf(request.getUrn()).check(receive(request.getNews()).properties);
    return new proto.CheckResponse().setInputs(request.getNews()).setFailuresList(mistakes.map(failure));
  }

  async #diff(request: proto.DiffRequest): Promise<proto.DiffResponse> {
    const state = receive(request.getOlds()).properties;
    const inputs = receive(request.getNews()).properties;
    const ignored = new Set(request.getIgnorechangesList());
    const { update, replace, deleteBeforeReplace, repair } = await handlerOf(request.getUrn()).diff(
      request.getId(),
      state,
      { ...inputs, ...pick(state, ignored) },
    );
    if (repair !== undefined) this.#log.workOn(request.getUrn(), this.#cancel.signal).info(`To be mended: ${repair}`);
    const hasChanged = update.length + replace.length > 0 || repair !== undefined;
    const { DIFF_SOME, DIFF_NONE } = proto.DiffResponse.DiffChanges;
    return new proto.DiffResponse()
      .setChanges(hasChanged ? DIFF_SOME : DIFF_NONE)
      .setDiffsList([...update, ...replace])
      .setReplacesList([...replace])
      .setDeletebeforereplace(deleteBeforeReplace);
  }

  async #create(request: proto.CreateRequest): Promise<proto.CreateResponse> {
    const handler = handlerOf(request.getUrn());
    const { properties, secrets } = receive(request.getProperties());
    const response = new proto.CreateResponse();
    if (request.getPreview()) return response.setProperties(send(handler.preview(properties), all(handler, secrets)));
    const { id, state } = await handler.create(properties, this.#log.workOn(request.getUrn(), this.#cancel.signal));
    return response.setId(id).setProperties(send(state, all(handler, secrets)));
  }

  async #read(request: proto.ReadRequest): Promise<proto.ReadResponse> {
    const handler = handlerOf(request.getUrn());
    const { properties, secrets } = receive(request.getProperties());
    const inputs = receive(request.getInputs());
    const work = this.#log.workOn(request.getUrn(), this.#cancel.signal);
    const state = await handler.read(request.getId(), properties, work);
    const response = new proto.ReadResponse();
    if (state === undefined) return response;
    const seen = pick(state, new Set(Object.keys(inputs.properties)));
    return response
      .setId(request.getId())
      .setProperties(send(state, all(handler, secrets)))
      .setInputs(send(seen, inputs.secrets));
  }

  async #update(request: proto.UpdateRequest): Promise<proto.UpdateResponse> {
    const handler = handlerOf(request.getUrn());
    const state = receive(request.getOlds()).properties;
    const { properties, secrets } = receive(request.getNews());
    const response = new proto.UpdateResponse();
    if (request.getPreview()) {
      // An input that is no longer given is gone, not what it was.
      const kept = Object.entries(state).filter(([name]) => !handler.inputNames.includes(name));
      return response.setProperties(send({ ...Object.fromEntries(kept), ...properties }, all(handler, secrets)));
    }
    const work = this.#log.workOn(request.getUrn(), this.#cancel.signal);
    const updated = await handler.update(request.getId(), state, properties, work);
    return response.setProperties(send(updated, all(handler, secrets)));
  }

  async #delete(request: proto.DeleteRequest): Promise<emptyProto.Empty> {
    const work = this.#log.workOn(request.getUrn(), this.#cancel.signal);
    await handlerOf(request.getUrn()).delete(request.getId(), receive(request.getProperties()).properties, work);
    return new emptyProto.Empty();
  }

  /** What is no user's mistake keeps its stack for those who ask for debug lines. */
  #traced<Req extends { getUrn(): string }, Res>(answer: (request: Req) => Promise<Res>) {
    return async (request: Req): Promise<Res> => {
      try {
        return await answer(request);
      } catch (error) {
        if (error instanceof Error && !(error instanceof UserError)) {
          this.#log.debug(request.getUrn(), error.stack ?? error.message);
        }
        throw error;
      }
    };
  }
}

/** A method that answers once. An error is told by its message alone. */
function unary<Req, Res>(answer: (request: Req) => Promise<Res>): grpc.handleUnaryCall<Req, Res> {
  return ({ request }, callback) => {
    answer(request).then(
      (response) => callback(null, response),
      (error: unknown) => callback({ code: grpc.status.UNKNOWN, details: explain(error) }),
    );
  };
}

function explain(error: unknown): string {
  const message = messageOf(error);
  if (!/ENOSPC|No space left on device/.test(message)) return message;
  return `The disk of the lab's state is full. Make room, then run the same command again. (${message})`;
}

/** The type in a URN is the last of its chain of parents: `urn:pulumi:STACK::PROJECT::PARENT$TYPE::NAME`. */
function handlerOf(urn: string): Served {
  const type = urn.split("::")[2]?.split("$").at(-1) ?? "";
  const handler = served.get(type);
  if (handler === undefined)
    throw new UserError(`The lab has no resource ${type}; it has ${[...served.keys()].join(", ")}`);
  return handler;
}

function all(handler: Served, received: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...handler.secrets, ...received]);
}

function pick(properties: Readonly<Record<string, unknown>>, names: ReadonlySet<string>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(properties).filter(([name]) => names.has(name)));
}

function failure({ property, reason }: Mistake): proto.CheckFailure {
  return new proto.CheckFailure().setProperty(property).setReason(reason);
}
