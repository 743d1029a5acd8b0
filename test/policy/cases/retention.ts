import * as retention from "../../../policies/rules/retention/stores.ts";
import { type Cases, of, table, U } from "./kit.ts";

const s3 = "aws:s3/bucket:Bucket";
const bucket = of(s3, {}, { name: "cache" });
const gcs = "gcp:storage/bucket:Bucket";
const container = "azure-native:storage:BlobContainer";
const immutability = "azure-native:storage:BlobContainerImmutabilityPolicy";
const versioning = "aws:s3/bucketVersioning:BucketVersioning";
const lock = "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration";
const locked = { rule: { defaultRetention: { mode: "COMPLIANCE", days: 365 } } };
const lifecycle = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration";
const blobService = "azure-native:storage:BlobServiceProperties";
const soft = {
  deleteRetentionPolicy: { enabled: true, days: 7 },
  containerDeleteRetentionPolicy: { enabled: true, days: 7 },
};
const year = 365 * 86_400;
const config = { profile: "standard", audit: { stores: ["audit", "archive"], tag: "logos-audit", retentionDays: 365 } };
const audit = of(s3, { objectLockEnabled: true }, { name: "audit", protect: true });
/** The data of a stack with one bucket in it. */
const dataWith = (labels: object, more: object = {}) => [
  of("logos:substrate:Data", { lock: "compliance", keep: true, retentionDays: 365 }, { name: "data" }),
  of(gcs, { labels, ...more }, { within: ["logos:substrate:Data"] }),
];
const gcsAudit = (more: object) =>
  of(gcs, { retentionPolicy: { isLocked: true, retentionPeriod: year }, ...more }, { name: "audit", protect: true });
const denial = {
  Statement: [
    {
      Effect: "Deny",
      Principal: "*",
      Action: [
        "s3:DeleteObject*",
        "s3:PutObjectRetention",
        "s3:BypassGovernanceRetention",
        "s3:PutBucketPolicy",
        "s3:PutLifecycleConfiguration",
      ],
      Resource: "*",
    },
  ],
};
const auditStack = (rest: { lifecycle?: object; policy?: object; lock?: boolean }) => [
  audit,
  ...(rest.lock === false ? [] : [of(lock, locked, { name: "lock", madeFrom: { bucket: ["audit"] } })]),
  of(
    "aws:s3/bucketPolicy:BucketPolicy",
    { policy: rest.policy ?? denial },
    { name: "policy", madeFrom: { bucket: ["audit"] } },
  ),
  ...(rest.lifecycle === undefined
    ? []
    : [of(lifecycle, { rules: [rest.lifecycle] }, { name: "rules", madeFrom: { bucket: ["audit"] } })]),
];
const disk = of("gcp:compute/disk:Disk", {}, { name: "control" });

export const retentionCases: readonly Cases[] = [
  table(retention.versioned, of(versioning, { versioningConfiguration: { status: "Enabled" } }), {
    passes: [
      of(gcs, { versioning: { enabled: true } }),
      of(gcs, { retentionPolicy: { retentionPeriod: 1 } }),
      [
        bucket,
        of(
          versioning,
          { versioningConfiguration: { status: "Enabled" } },
          { name: "v", madeFrom: { bucket: ["cache"] } },
        ),
      ],
    ],
    fails: [{ "versioningConfiguration.status": "Suspended" }, of(gcs, { versioning: { enabled: false } }), [bucket]],
    unknown: [{ "versioningConfiguration.status": U }],
    omitted: [
      ["versioningConfiguration", "fails"],
      [of(gcs, {}), "fails"],
    ],
    twins: [
      of("aws:s3/bucketVersioningV2:BucketVersioningV2", { versioningConfiguration: { status: "Disabled" } }),
      of(blobService, {}),
      [of("aws:s3/bucketV2:BucketV2", {})],
    ],
  }),
  table(retention.objectLock, of(lock, locked), {
    passes: [{ "rule.defaultRetention": { mode: "COMPLIANCE", years: 1 } }],
    fails: [{ "rule.defaultRetention.mode": "GOVERNANCE" }, { "rule.defaultRetention.days": 364 }, { rule: {} }],
    unknown: [{ "rule.defaultRetention.mode": U }],
    omitted: [
      ["rule", "fails"],
      ["rule.defaultRetention.days", "fails"],
    ],
    twins: [
      of("aws:s3/bucketObjectLockConfigurationV2:BucketObjectLockConfigurationV2", {}),
      of(s3, { objectLockConfiguration: { rule: { defaultRetention: { mode: "GOVERNANCE", days: 365 } } } }),
    ],
  }),
  table(retention.logsLocked, gcsAudit({}), {
    config,
    passes: [
      of(gcs, {}, { name: "cache" }),
      of("gcp:logging/projectBucketConfig:ProjectBucketConfig", { locked: true }),
    ],
    fails: [
      { "retentionPolicy.isLocked": false },
      { "retentionPolicy.retentionPeriod": 86_400 },
      of("gcp:logging/projectBucketConfig:ProjectBucketConfig", { locked: false }),
    ],
    unknown: [{ "retentionPolicy.isLocked": U }],
    omitted: [
      ["retentionPolicy", "fails"],
      [of("gcp:logging/projectBucketConfig:ProjectBucketConfig", {}), "fails"],
    ],
    twins: [of(gcs, { labels: { "logos-audit": "true" } })],
  }),
  table(retention.undeletable, of(blobService, soft), {
    config,
    passes: [gcsAudit({}), of(lifecycle, { rules: [{ abortIncompleteMultipartUpload: { daysAfterInitiation: 1 } }] })],
    fails: [
      { "deleteRetentionPolicy.enabled": false },
      { "containerDeleteRetentionPolicy.days": 1 },
      of(lifecycle, { rules: [{}] }),
    ],
    unknown: [{ "deleteRetentionPolicy.days": U }],
    omitted: [["deleteRetentionPolicy", "fails"]],
    twins: [
      gcsAudit({ softDeletePolicy: { retentionDurationSeconds: 0 } }),
      of("aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2", { rules: [{}] }),
    ],
  }),
  table(retention.disksBackedUp, [of("gcp:compute/disk:Disk", {}, { name: "cache-0" })], {
    passes: [
      [disk, of("gcp:compute/diskResourcePolicyAttachment:DiskResourcePolicyAttachment", {}, { name: "p" })],
      [of("gcp:compute/disk:Disk", { resourcePolicies: [U] }, { name: "control" })],
    ],
    fails: [
      [disk],
      [of("aws:ebs/volume:Volume", {}, { name: "control" })],
      [of("azure-native:compute:Disk", {}, { name: "control" })],
    ],
    later: [[of("gcp:compute/disk:Disk", { resourcePolicies: U }, { name: "control" })]],
    omitted: [[[disk], "fails"]],
    twins: [
      [of("gcp:compute/regionDisk:RegionDisk", {}, { name: "control" })],
      [of("aws:efs/fileSystem:FileSystem", {}, { name: "shared" })],
    ],
  }),
  table(retention.auditAppendOnly, audit, {
    config,
    passes: [
      auditStack({}),
      // Ids as a state has them, without what they were made from.
      [
        of(container, { name: "entries", metadata: { logos_audit: "true" } }),
        of(immutability, { immutabilityPeriodSinceCreationInDays: 365, containerName: "entries" }, { name: "policy" }),
      ],
      [
        of(container, { containerName: "entries", metadata: { logos_audit: "true" } }),
        of(immutability, { immutabilityPeriodSinceCreationInDays: 365, containerName: "entries" }, { name: "policy" }),
      ],
      auditStack({ lifecycle: { expiration: { days: 400 } } }),
      gcsAudit({}),
      of(s3, { forceDestroy: true }, { name: "cache" }),
      dataWith({ "logos-audit": "true" }, { retentionPolicy: { retentionPeriod: 365 * 86_400, isLocked: true } }),
      of("logos:substrate:Data", { lock: "compliance", keep: true, retentionDays: 365 }),
    ],
    fails: [
      { objectLockEnabled: false },
      { forceDestroy: true },
      { lifecycleRules: [{ expiration: { days: 30 } }] },
      auditStack({ lock: false }),
      dataWith({}),
      dataWith({ audit: "true" }),
      auditStack({ policy: { Statement: [] } }),
      auditStack({ lifecycle: { noncurrentVersionExpiration: { noncurrentDays: 30 } } }),
      of("logos:substrate:Data", { lock: "governance", keep: true, retentionDays: 365 }),
      of("logos:substrate:Data", { lock: "compliance", keep: true, retentionDays: 30 }),
    ],
    unknown: [{ objectLockEnabled: U }],
    omitted: [
      ["objectLockEnabled", "fails"],
      ["forceDestroy", "passes"],
      [of("logos:substrate:Data", {}), "fails"],
    ],
    twins: [
      gcsAudit({ forceDestroy: true }),
      gcsAudit({ lifecycleRules: [{ action: { type: "Delete" } }] }),
      [of(container, { metadata: { logos_audit: "true" } })],
      of(immutability, { immutabilityPeriodSinceCreationInDays: 30 }),
      of("aws:s3/bucketV2:BucketV2", {}, { name: "audit" }),
      of(s3, { tags: { "logos-audit": "true" } }),
      of(s3, { bucket: "audit" }),
      of(gcs, { name: "audit" }),
      [of(container, { immutableStorageWithVersioning: { enabled: true } }, { name: "audit" })],
    ],
  }),
  table(retention.teardownSafe, audit, {
    config,
    passes: [
      of(s3, {}, { name: "cache" }),
      gcsAudit({}),
      of("gcp:kms/cryptoKey:CryptoKey", {}, { within: ["logos:substrate:Data"], protect: true }),
      of("gcp:kms/cryptoKey:CryptoKey", {}, { within: ["logos:substrate:Network"] }),
    ],
    fails: [
      of(s3, {}, { name: "audit" }),
      of("aws:kms/key:Key", { tags: { "logos-audit": "1" } }),
      of(gcs, { labels: { "logos-audit": "1" } }),
      of("gcp:kms/cryptoKey:CryptoKey", {}, { within: ["logos:substrate:Data"] }),
    ],
    later: [of(s3, { bucket: U, tags: U }, { name: "cache" })],
    omitted: [[of("azure-native:storage:StorageAccount", { accountName: "audit" }), "fails"]],
    twins: [
      of("aws:s3/bucketV2:BucketV2", {}, { name: "audit" }),
      of(container, { containerName: "audit" }),
      of("azure-native:keyvault:Key", { tags: { "logos-audit": "1" } }),
    ],
  }),
  table(
    retention.snapshotsKept,
    of(lifecycle, { rules: [{ filter: { prefix: "sandbox/" }, transitions: [{ days: 30 }] }] }),
    {
      passes: [{ "rules[0]": { filter: { prefix: "cache/" }, expiration: { days: 1 } } }],
      fails: [
        { "rules[0].expiration": { days: 400 } },
        { "rules[0]": { prefix: "snapshots/", expiration: { days: 1 } } },
        { "rules[0].noncurrentVersionExpiration": { noncurrentDays: 1 } },
      ],
      unknown: [{ "rules[0].filter.prefix": U }],
      omitted: [["rules", "passes"]],
      twins: [
        of("aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2", {
          rules: [{ filter: { prefix: "sandbox/" }, expiration: { days: 1 } }],
        }),
        of(gcs, { lifecycleRules: [{ action: { type: "Delete" }, condition: { matchesPrefixes: ["sandbox/"] } }] }),
        of("azure-native:storage:ManagementPolicy", {
          policy: {
            rules: [
              {
                definition: {
                  filters: { prefixMatch: ["archive/sandbox"] },
                  actions: { baseBlob: { delete: { daysAfterModificationGreaterThan: 1 } } },
                },
              },
            ],
          },
        }),
      ],
    },
  ),
];
