import type { ImageState } from "../../components/contract.ts";
import { defaults, type SubstrateConfig } from "../../core/config/schema.ts";
import type { TargetName } from "../../core/config/targets.ts";
import { awsConfig, awsOutputs } from "./aws.ts";
import { azureAnswers, azureConfig } from "./azure.ts";
import type { MockSettings } from "./engine.ts";
import { gcpAnswers, gcpConfig } from "./gcp.ts";
import { labOutputs } from "./lab.ts";
import { metalConfig, metalOutputs } from "./metal.ts";

/** A valid configuration for each target, for tests that hold for all of them. */
export const configs: { readonly [Name in TargetName]: SubstrateConfig } = {
  lab: defaults,
  azure: azureConfig,
  aws: awsConfig,
  gcp: gcpConfig,
  metal: metalConfig,
};

/** What each target's providers answer; the lab's own types and the command plugin's are everywhere. */
export const answers: {
  readonly [Name in TargetName]: (image: ImageState) => Pick<MockSettings, "outputs" | "invokes">;
} = {
  azure: azureAnswers,
  metal: () => ({ outputs: metalOutputs }),
  lab: (image) => ({ outputs: labOutputs, invokes: { "lab:index:getImage": () => image } }),
  aws: () => ({ outputs: awsOutputs, invokes: {} }),
  gcp: gcpAnswers,
};
