import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { bastionOnly, bastionOnlyStack } from "./bastion-only.ts";
import { disksEncrypted } from "./disks-encrypted.ts";
import { imageGated, imageGatedStack } from "./image-gated.ts";
import { noPublicIngress } from "./no-public-ingress.ts";
import { poolBounds } from "./pool-bounds.ts";
import { programsFromRepository } from "./programs-from-repository.ts";

/** Every guardrail, once. */
export const rules: readonly (ResourceValidationPolicy | StackValidationPolicy)[] = [
  poolBounds,
  imageGated,
  imageGatedStack,
  disksEncrypted,
  noPublicIngress,
  bastionOnly,
  bastionOnlyStack,
  programsFromRepository,
];
