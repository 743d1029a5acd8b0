import grpc from "@grpc/grpc-js";
import engineGrpc from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import engineProto from "@pulumi/pulumi/proto/engine_pb.js";
import type { Work } from "./resource.ts";

export type Severity = keyof typeof engineProto.LogSeverity;

/** The engine's log. Lines are sent as they come; an engine that is gone loses them, which harms nobody. */
export class EngineLog {
  readonly #client: InstanceType<typeof engineGrpc.EngineClient> | undefined;

  /** @param address Where the engine listens, as it told the provider; none when a person started it. */
  constructor(address: string | undefined) {
    if (address !== undefined) this.#client = new engineGrpc.EngineClient(address, grpc.credentials.createInsecure());
  }

  /** What an operation on the resource of that name may use of the engine. */
  workOn(urn: string, signal: AbortSignal): Work {
    return {
      signal,
      info: (message) => this.#log("INFO", urn, message, false),
      warn: (message) => this.#log("WARNING", urn, message, false),
      progress: (message) => this.#log("INFO", urn, message, true),
    };
  }

  debug(urn: string, message: string): void {
    this.#log("DEBUG", urn, message, false);
  }

  #log(severity: Severity, urn: string, message: string, isEphemeral: boolean): void {
    const request = new engineProto.LogRequest();
    request.setSeverity(engineProto.LogSeverity[severity]);
    request.setUrn(urn);
    request.setMessage(message);
    request.setEphemeral(isEphemeral);
    this.#client?.log(request, () => undefined);
  }
}
