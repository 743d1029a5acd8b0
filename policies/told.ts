import { Server, type ServerUnaryCall, type sendUnaryData, status } from "@grpc/grpc-js";
import type { Policies } from "@pulumi/policy";
import type {
  AnalyzerStackConfigureRequest,
  AnalyzerStackConfigureResponse,
  ConfigureAnalyzerRequest,
} from "@pulumi/pulumi/proto/analyzer_pb.js";
import proto from "@pulumi/pulumi/proto/analyzer_pb.js";
import type { Empty } from "google-protobuf/google/protobuf/empty_pb.js";

/** The stack that the engine is about to work on. */
export interface Told {
  readonly project: string;
  /** Every setting by its full key, the secret ones too, in clear. */
  readonly settings: Readonly<Record<string, string>>;
  readonly secretKeys: readonly string[];
}

/**
 * Has the pack hear what the engine says before it asks anything: the stack's settings, which the SDK throws away, and the level of each
 * policy, which the SDK would take from a file for `--policy-pack-config`: here no file lowers one. Both are caught where the SDK gives
 * its functions to its server; that they still come is tested with the real engine.
 */
export function hearEngine(policies: Policies, hear: (told: Told) => void): void {
  const addService = Server.prototype.addService;
  Server.prototype.addService = function (service, implementation) {
    const { configure, configureStack } = implementation;
    if (typeof configure !== "function" || typeof configureStack !== "function")
      throw new TypeError("@pulumi/policy serves no configure and configureStack any more: see policies/told.ts");
    addService.call(this, service, {
      ...implementation,
      configureStack: (
        call: ServerUnaryCall<AnalyzerStackConfigureRequest, AnalyzerStackConfigureResponse>,
        answer: sendUnaryData<AnalyzerStackConfigureResponse>,
      ) => {
        hear(toldBy(call.request));
        Reflect.apply(configureStack, implementation, [call, answer]);
      },
      configure: (call: ServerUnaryCall<ConfigureAnalyzerRequest, Empty>, answer: sendUnaryData<Empty>) => {
        const wrong = mistakesIn(policies, call.request);
        if (wrong.length > 0) answer({ code: status.INVALID_ARGUMENT, details: wrong.join(" ") }, null);
        else Reflect.apply(configure, implementation, [call, answer]);
      },
    });
  };
}

function toldBy(request: AnalyzerStackConfigureRequest): Told {
  return {
    project: request.getProject(),
    settings: Object.fromEntries(request.getConfigMap().entries()),
    secretKeys: request.getConfigSecretKeysList(),
  };
}

/** What a file for `--policy-pack-config` may not say: a policy that there is not, or a lower level for one. */
function mistakesIn(policies: Policies, request: ConfigureAnalyzerRequest): readonly string[] {
  const { MANDATORY } = proto.EnforcementLevel;
  const entries = [...request.getPolicyconfigMap().entries()];
  const unknown = entries.filter(([name]) => !policies.some((one) => one.name === name)).map(([name]) => name);
  const lowered = policies.filter(
    ({ name, enforcementLevel }) =>
      enforcementLevel === "mandatory" &&
      entries.some(([key, config]) => key === name && config.getEnforcementlevel() !== MANDATORY),
  );
  return [
    ...unknown.map((name) => `The file for --policy-pack-config has "${name}", which the guardrails do not know.`),
    ...(lowered.length === 0
      ? []
      : [
          `The file for --policy-pack-config lowers ${lowered.length} guardrails, ${lowered[0]?.name} first. They stay mandatory: mend the ` +
            "finding, or have it waived (policies/waivers).",
        ]),
  ];
}
