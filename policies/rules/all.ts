import type { Rule } from "../rule.ts";
import { disksEncrypted } from "./encryption/disks-encrypted.ts";
import { imageGated } from "./image/image-gated.ts";
import { noPublicIngress } from "./ingress/no-public-ingress.ts";
import { bastionOnly } from "./remote/bastion-only.ts";
import { poolBounds } from "./sizing/pool-bounds.ts";
import { programsFromRepository } from "./units/programs-from-repository.ts";

/** Every guardrail, once. */
export const rules: readonly Rule[] = [
  noPublicIngress,
  disksEncrypted,
  poolBounds,
  imageGated,
  bastionOnly,
  programsFromRepository,
];
