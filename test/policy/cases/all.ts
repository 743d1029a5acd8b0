import { auditCases } from "./audit.ts";
import { credentialsCases } from "./credentials.ts";
import { awsCases as encryptionOnAws } from "./encryption/aws.ts";
import { otherCases as encryptionElsewhere } from "./encryption/others.ts";
import { identityCases } from "./identity.ts";
import { imageCases } from "./image.ts";
import { awsCases } from "./ingress/aws.ts";
import { azureCases } from "./ingress/azure.ts";
import { gcpCases } from "./ingress/gcp.ts";
import { noPublicIngressCases } from "./ingress/no-public-ingress.ts";
import { storesCases } from "./ingress/stores.ts";
import type { Cases } from "./kit.ts";
import { loggingCases } from "./logging.ts";
import { metadataCases } from "./metadata.ts";
import { operatorCases } from "./operator.ts";
import { remoteCases } from "./remote.ts";
import { retentionCases } from "./retention.ts";
import { sizingCases } from "./sizing.ts";
import { transitCases } from "./transit.ts";
import { unitsCases } from "./units.ts";

/** The cases of every rule, family by family. */
export const allCases: readonly Cases[] = [
  ...awsCases,
  ...noPublicIngressCases,
  ...gcpCases,
  ...azureCases,
  ...storesCases,
  ...encryptionOnAws,
  ...encryptionElsewhere,
  ...identityCases,
  ...loggingCases,
  ...retentionCases,
  ...auditCases,
  ...remoteCases,
  ...sizingCases,
  ...operatorCases,
  ...unitsCases,
  ...credentialsCases,
  ...imageCases,
  ...metadataCases,
  ...transitCases,
];
