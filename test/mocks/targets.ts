import { defaults, type SubstrateConfig } from "../../core/config/schema.ts";
import type { TargetName } from "../../core/config/targets.ts";

/** A valid configuration for each target, for tests that hold for all of them. */
export const configs: { readonly [Name in TargetName]: SubstrateConfig } = {
  lab: defaults,
};
