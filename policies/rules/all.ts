import type { Rule } from "../rule.ts";
import { cacheTrust, noSecretsInText, noStaticCredentials } from "./credentials/credentials.ts";
import { userDataPlain } from "./credentials/user-data.ts";
import {
  bucketsEncrypted,
  efsEncrypted,
  encryptionByDefault,
  imagesEncrypted,
  instanceDisks,
  keysKept,
  logsEncrypted,
  templateDisks,
  volumesEncrypted,
} from "./encryption/aws.ts";
import { disksEncrypted } from "./encryption/disks-encrypted.ts";
import { azureDisks, encryptionAtHost, gcpDisks, gcsKeys, storageKeys, vaultsKept } from "./encryption/others.ts";
import {
  machinesHaveIdentity,
  noAdministrators,
  noEscalation,
  noStars,
  noUsers,
  rolesBounded,
} from "./identity/aws.ts";
import { azureKeysOnly, azureNoSharedKeys, gcpLeastPrivilege, gcpLogin, noExtensions } from "./identity/others.ts";
import { gatedTagEverywhere, imagesPinned, nodesGated, taggedAsOurs } from "./image/clouds.ts";
import { imageGated } from "./image/image-gated.ts";
import { workloadPinned } from "./image/workload.ts";
import {
  aclClosed,
  defaultGroupClosed,
  egressAllowList,
  noDefaultNetwork,
  noPublicAddress,
  noPublicAdminPorts,
  noStrayAddress,
  routesThroughNat,
  rulesDescribed,
  subnetsPrivate,
} from "./ingress/aws.ts";
import {
  bastionIsEntry,
  noInlineExtras,
  noPublicIpAddress,
  noStrayPublicIp,
  noVpcExclusions,
  nsgNoPublic,
  nsgNoTriedPorts,
  subnetsFiltered,
} from "./ingress/azure.ts";
import {
  firewallEgress,
  firewallNoDefaults,
  firewallNoPublic,
  firewallNoTriedPorts,
  noExternalAddress,
  noForwarding,
  privateGoogleAccess,
} from "./ingress/gcp.ts";
import { noPublicIngress } from "./ingress/no-public-ingress.ts";
import { bucketsPrivate, gcsPrivate, imagesPrivate, storageAccountPrivate, vaultPrivate } from "./ingress/stores.ts";
import {
  alarmsAct,
  auditLogs,
  azureFlowLogs,
  bucketLogs,
  flowLogs,
  logRetention,
  promisedAlarms,
  trails,
} from "./logging/logging.ts";
import { hopLimit, serialConsoleOff, shieldedVm, tokensRequired, trustedLaunch } from "./metadata/metadata.ts";
import { noOsUpdates, noRollouts, noSelfHealing, systemctlOnly } from "./operator/operator.ts";
import { bastionOnly } from "./remote/bastion-only.ts";
import { noCloudCli } from "./remote/cloud-cli.ts";
import { auditAppendOnly, teardownSafe } from "./retention/audit.ts";
import { snapshotsKept, undeletable } from "./retention/deletions.ts";
import { disksBackedUp, logsLocked, objectLock, versioned } from "./retention/stores.ts";
import { poolBounds } from "./sizing/pool-bounds.ts";
import { cloudPoolBounds, groupsHeal, groupsWhole } from "./sizing/pools.ts";
import { helperSizes, nodeDisks, nodesLargeEnough } from "./sizing/sizes.ts";
import { bucketsTls, modernTls, noLegacyShares, sessionsEncrypted, storageTls } from "./transit/transit.ts";
import { gateWhole } from "./units/bake.ts";
import { programsFromRepository } from "./units/programs-from-repository.ts";
import { configurationSound, waiversSound } from "./waivers/in-pack.ts";
import { typesReviewed } from "./waivers/types-reviewed.ts";

const written: readonly Rule[] = [
  noPublicAdminPorts,
  noPublicIngress,
  egressAllowList,
  defaultGroupClosed,
  rulesDescribed,
  aclClosed,
  noPublicAddress,
  subnetsPrivate,
  noDefaultNetwork,
  routesThroughNat,
  noStrayAddress,
  firewallNoTriedPorts,
  firewallNoPublic,
  firewallNoDefaults,
  firewallEgress,
  noExternalAddress,
  noForwarding,
  privateGoogleAccess,
  bastionIsEntry,
  nsgNoTriedPorts,
  nsgNoPublic,
  noPublicIpAddress,
  noStrayPublicIp,
  subnetsFiltered,
  bucketsPrivate,
  gcsPrivate,
  storageAccountPrivate,
  vaultPrivate,
  imagesPrivate,
  instanceDisks,
  templateDisks,
  volumesEncrypted,
  encryptionByDefault,
  imagesEncrypted,
  efsEncrypted,
  bucketsEncrypted,
  logsEncrypted,
  keysKept,
  gcpDisks,
  gcsKeys,
  azureDisks,
  encryptionAtHost,
  storageKeys,
  vaultsKept,
  bucketsTls,
  storageTls,
  sessionsEncrypted,
  modernTls,
  noStars,
  noEscalation,
  noAdministrators,
  rolesBounded,
  noUsers,
  machinesHaveIdentity,
  gcpLeastPrivilege,
  gcpLogin,
  azureKeysOnly,
  azureNoSharedKeys,
  userDataPlain,
  noExtensions,
  tokensRequired,
  hopLimit,
  shieldedVm,
  trustedLaunch,
  imagesPinned,
  noOsUpdates,
  flowLogs,
  azureFlowLogs,
  bucketLogs,
  trails,
  auditLogs,
  logRetention,
  alarmsAct,
  versioned,
  objectLock,
  logsLocked,
  undeletable,
  disksBackedUp,
  groupsWhole,
  groupsHeal,
  taggedAsOurs,
  helperSizes,
  poolBounds,
  cloudPoolBounds,
  nodesLargeEnough,
  disksEncrypted,
  nodeDisks,
  imageGated,
  nodesGated,
  gatedTagEverywhere,
  programsFromRepository,
  gateWhole,
  auditAppendOnly,
  noRollouts,
  noSelfHealing,
  noSecretsInText,
  systemctlOnly,
  bastionOnly,
  noStaticCredentials,
  cacheTrust,
  workloadPinned,
  promisedAlarms,
  teardownSafe,
  snapshotsKept,
  noVpcExclusions,
  noInlineExtras,
  noLegacyShares,
  serialConsoleOff,
  noCloudCli,
];

/** Every guardrail, once, by id. */
export const rules: readonly Rule[] = [...written, typesReviewed(written)];

/** And what the pack holds beside them: everything that a report can name. */
export const reportedRules: readonly Rule[] = [...rules, waiversSound, configurationSound];
