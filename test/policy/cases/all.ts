import { encryptionCases } from "./encryption.ts";
import { identityCases } from "./identity.ts";
import { ingressCases } from "./ingress.ts";
import type { Cases } from "./kit.ts";
import { loggingCases } from "./logging.ts";
import { nodeCases } from "./nodes.ts";

/** The cases of every rule, family by family. */
export const allCases: readonly Cases[] = [
  ...ingressCases,
  ...encryptionCases,
  ...identityCases,
  ...loggingCases,
  ...nodeCases,
];
