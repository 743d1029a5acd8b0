import * as deletions from "../../../policies/rules/retention/deletions.ts";
import * as retention from "../../../policies/rules/retention/stores.ts";
import { auditConfig as config, gcs, gcsAudit, lifecycle, lock, locked, s3 } from "./audit.ts";
import { at, type Cases, of, type Scene, table, U } from "./kit.ts";

const bucket = of(s3, {}, { name: "cache" });
const versioning = "aws:s3/bucketVersioning:BucketVersioning";
const enabled = { versioningConfiguration: { status: "Enabled" } };
const blobService = "azure-native:storage:BlobServiceProperties";
const account = "azure-native:storage:StorageAccount";
const management = "azure-native:storage:ManagementPolicy";
const replication = "aws:s3/bucketReplicationConfig:BucketReplicationConfig";
const logBucket = "gcp:logging/projectBucketConfig:ProjectBucketConfig";
const data = ["logos:substrate:Data"];
const soft = {
  deleteRetentionPolicy: { enabled: true, days: 7 },
  containerDeleteRetentionPolicy: { enabled: true, days: 7 },
};
const aborting = {
  status: "Enabled",
  filter: { prefix: "" },
  abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
};
const rules = (...all: readonly object[]) =>
  of(lifecycle, { rules: all }, { name: "rules", madeFrom: { bucket: ["cache"] } });
const disk = of("gcp:compute/disk:Disk", {}, { name: "control" });
const another = of("gcp:compute/disk:Disk", { resourcePolicies: [U] }, { name: "another" });
const volume = of("aws:ebs/volume:Volume", {}, { name: "control" });
const azureDisk = of("azure-native:compute:Disk", {}, { name: "control" });
const attached = (type: string, to: string) =>
  of(`gcp:compute/${type[0]?.toLowerCase()}${type.slice(1)}:${type}`, {}, { name: "p", madeFrom: { disk: [to] } });
const gcsRule = (type: string, ...matchesPrefixes: readonly unknown[]) => ({
  lifecycleRules: [{ action: { type }, condition: { age: 30, matchesPrefixes } }],
});
/** A management policy that does something to the blobs of some prefixes. */
const managed = (actions: object, prefixMatch?: readonly string[], name = "stores"): Scene =>
  of(management, { policy: { rules: [{ definition: { filters: { prefixMatch }, actions } }] } }, { name });
const deleted = { delete: { daysAfterModificationGreaterThan: 400 } };
const managedRule = "policy.rules[0]";

export const retentionCases: readonly Cases[] = [
  table(retention.versioned, of(versioning, enabled), {
    passes: [
      of(gcs, { versioning: { enabled: true } }),
      of(gcs, { retentionPolicy: { retentionPeriod: 1 } }),
      of(blobService, { isVersioningEnabled: true }),
      [bucket, of(versioning, enabled, { name: "v", madeFrom: { bucket: ["cache"] } })],
      // What the cloud fills in itself is not known while a resource of its own says it.
      [of(s3, { versioning: U }, { name: "cache" }), of(versioning, enabled, { madeFrom: { bucket: ["cache"] } })],
      [of(s3, { versioning: { enabled: true } })],
    ],
    fails: [
      at({ "versioningConfiguration.status": "Suspended" }, "versioningConfiguration.status"),
      at(of(gcs, { versioning: { enabled: false } }), "versioning.enabled"),
      at([bucket], "cache"),
      at([bucket, of(versioning, enabled, { name: "v", madeFrom: { bucket: ["other"] } })], "cache"),
      at([of(s3, { versioning: { enabled: false } }, { name: "cache" })], "cache"),
    ],
    unknown: [
      at({ "versioningConfiguration.status": U }, "versioningConfiguration.status"),
      at([of(s3, { versioning: U }, { name: "cache" })], "cache: versioning"),
    ],
    omitted: [
      [at("versioningConfiguration", "versioningConfiguration.status"), "fails"],
      [at(of(gcs, {}), "versioning.enabled"), "fails"],
    ],
    twins: [
      at(
        of("aws:s3/bucketVersioningV2:BucketVersioningV2", { versioningConfiguration: { status: "Disabled" } }),
        "versioningConfiguration.status",
      ),
      at(of(blobService, {}), "isVersioningEnabled"),
      at([of("aws:s3/bucketV2:BucketV2", {}, { name: "cache" })], "cache"),
    ],
  }),
  table(retention.objectLock, of(lock, locked), {
    passes: [
      { "rule.defaultRetention": { mode: "COMPLIANCE", years: 1 } },
      bucket,
      of(s3, { objectLockConfiguration: locked }),
    ],
    fails: [
      at({ "rule.defaultRetention.mode": "GOVERNANCE" }, "rule.defaultRetention.mode"),
      at({ "rule.defaultRetention.days": 364 }, "rule.defaultRetention"),
      at({ "rule.defaultRetention.mode": U, "rule.defaultRetention.days": 364 }, "rule.defaultRetention"),
      at({ rule: {} }, "rule.defaultRetention.mode", "rule.defaultRetention"),
    ],
    unknown: [
      at({ "rule.defaultRetention.mode": U }, "rule.defaultRetention.mode"),
      at({ "rule.defaultRetention.days": U }, "rule.defaultRetention.days"),
    ],
    omitted: [
      [at("rule", "rule.defaultRetention.mode", "rule.defaultRetention"), "fails"],
      [at("rule.defaultRetention.days", "rule.defaultRetention"), "fails"],
    ],
    twins: [
      at(
        of("aws:s3/bucketObjectLockConfigurationV2:BucketObjectLockConfigurationV2", {}),
        "rule.defaultRetention.mode",
        "rule.defaultRetention",
      ),
      at(
        of(s3, { objectLockConfiguration: { rule: { defaultRetention: { mode: "GOVERNANCE", days: 365 } } } }),
        "objectLockConfiguration.rule.defaultRetention.mode",
      ),
    ],
  }),
  table(retention.logsLocked, gcsAudit({}), {
    config,
    passes: [of(gcs, {}, { name: "cache" }), of(logBucket, { locked: true })],
    fails: [
      at({ "retentionPolicy.isLocked": false }, "retentionPolicy.isLocked"),
      at({ "retentionPolicy.retentionPeriod": 365 * 86_400 - 1 }, "retentionPolicy.retentionPeriod"),
      at({ "retentionPolicy.isLocked": U, "retentionPolicy.retentionPeriod": 1 }, "retentionPolicy.retentionPeriod"),
      at(of(logBucket, { locked: false }), "locked"),
    ],
    unknown: [at({ "retentionPolicy.isLocked": U }, "retentionPolicy.isLocked")],
    omitted: [
      [at("retentionPolicy", "retentionPolicy.isLocked", "retentionPolicy.retentionPeriod"), "fails"],
      [at(of(logBucket, {}), "locked"), "fails"],
    ],
    twins: [
      at(of(gcs, { labels: { "logos-audit": "true" } }), "retentionPolicy.isLocked", "retentionPolicy.retentionPeriod"),
    ],
  }),
  table(deletions.undeletable, of(blobService, soft), {
    config,
    passes: [
      gcsAudit({}),
      gcsAudit({ softDeletePolicy: { retentionDurationSeconds: 604_800 } }),
      of(gcs, { softDeletePolicy: { retentionDurationSeconds: 0 } }, { name: "data-cache" }),
      rules(aborting),
      rules({ status: "Enabled", filter: { prefix: "a/" } }, { ...aborting, filter: undefined, prefix: "" }),
      rules(aborting, { noncurrentVersionExpiration: { noncurrentDays: 7 } }),
      [bucket, rules(aborting)],
      [of(s3, { lifecycleRules: [{ enabled: true }, { enabled: true, abortIncompleteMultipartUploadDays: 1 }] })],
      of(s3, { lifecycleRules: [{ noncurrentVersionExpiration: { days: 7 } }] }),
      of(replication, { rules: [{ filter: {}, status: "Enabled" }] }),
      of(replication, { rules: [{ filter: { prefix: "" }, deleteMarkerReplication: { status: "Disabled" } }] }),
      [
        of(account, { sku: { name: "Standard_ZRS" } }, { name: "stores", within: data }),
        of(blobService, soft, { name: "blobs", within: data, madeFrom: { accountName: ["stores"] } }),
      ],
      ...["GRS", "GZRS", "RAGRS", "RAGZRS"].map((name) =>
        of(account, { sku: { name: `Standard_${name}` } }, { within: data }),
      ),
      // Flow logs are read once or never, and not restored.
      [of(account, { sku: { name: "Standard_LRS" } }, { name: "flow-logs", within: ["logos:substrate:Network"] })],
    ],
    fails: [
      at({ "deleteRetentionPolicy.enabled": false }, "deleteRetentionPolicy.enabled"),
      at({ "containerDeleteRetentionPolicy.days": 6 }, "containerDeleteRetentionPolicy.days"),
      at(rules({ status: "Enabled" }), "rules"),
      at(rules({ ...aborting, status: "Disabled" }), "rules"),
      at(rules({ ...aborting, filter: { prefix: "cache/" } }), "rules"),
      at(rules({ ...aborting, filter: { tag: { key: "a", value: "b" } } }), "rules"),
      at(rules({ ...aborting, filter: undefined, prefix: "cache/" }), "rules"),
      at(
        rules(aborting, { noncurrentVersionExpiration: { noncurrentDays: 6 } }),
        "rules[1].noncurrentVersionExpiration.noncurrentDays",
      ),
      at([bucket], "cache"),
      at([bucket, of(lifecycle, { rules: [aborting] }, { name: "r", madeFrom: { bucket: ["other"] } })], "cache"),
      at([of(s3, { lifecycleRules: [{ enabled: true }] }, { name: "cache" })], "cache"),
      // A copy that follows deletions is none.
      at(
        of(replication, { rules: [{ filter: {}, deleteMarkerReplication: { status: "Enabled" } }] }),
        "rules[0].deleteMarkerReplication.status",
      ),
      at(of(account, { sku: { name: "Standard_LRS" } }, { within: data }), "sku.name"),
      at(of(account, { sku: { name: "Premium_LRS" }, accountName: "audit" }), "sku.name"),
      at([of(account, { sku: { name: "Standard_GRS" } }, { name: "stores", within: data })], "stores"),
    ],
    unknown: [
      at({ "deleteRetentionPolicy.days": U }, "deleteRetentionPolicy.days"),
      at(rules({ ...aborting, filter: U }), "rules[0].filter"),
      at(of(account, { sku: { name: U } }, { within: data }), "sku.name"),
      at([of(s3, { lifecycleRules: U }, { name: "cache" })], "cache: lifecycleRules"),
    ],
    omitted: [
      [at("deleteRetentionPolicy", "deleteRetentionPolicy.enabled", "deleteRetentionPolicy.days"), "fails"],
      // A bucket of Google's keeps what was deleted for a week by itself.
      [of(gcs, {}, { name: "logs" }), "passes"],
      [at(of(lifecycle, {}), "rules"), "fails"],
      // Without a filter it is of the old kind, which follows deletions.
      [at(of(replication, { rules: [{ prefix: "" }] }), "rules[0].deleteMarkerReplication.status"), "fails"],
    ],
    twins: [
      at(gcsAudit({ softDeletePolicy: { retentionDurationSeconds: 0 } }), "softDeletePolicy.retentionDurationSeconds"),
      at(
        of(gcs, { softDeletePolicy: { retentionDurationSeconds: 604_799 } }, { name: "archive" }),
        "softDeletePolicy.retentionDurationSeconds",
      ),
      at(of("aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2", { rules: [{}] }), "rules"),
      at(
        of(s3, { lifecycleRules: [{ noncurrentVersionExpiration: { days: 6 } }] }),
        "lifecycleRules[0].noncurrentVersionExpiration.days",
      ),
      at(
        of(s3, { replicationConfiguration: { rules: [{ filter: {}, deleteMarkerReplicationStatus: "Enabled" }] } }),
        "replicationConfiguration.rules[0].deleteMarkerReplicationStatus",
      ),
      at([of("aws:s3/bucketV2:BucketV2", {}, { name: "cache" })], "cache"),
    ],
  }),
  table(retention.disksBackedUp, [of("gcp:compute/disk:Disk", {}, { name: "cache-0" })], {
    passes: [
      [disk, attached("DiskResourcePolicyAttachment", "control")],
      [
        of("gcp:compute/regionDisk:RegionDisk", {}, { name: "control" }),
        attached("RegionDiskResourcePolicyAttachment", "control"),
      ],
      [another],
      [volume, of("aws:dlm/lifecyclePolicy:LifecyclePolicy", {}, { name: "p" })],
      [volume, of("aws:backup/selection:Selection", {}, { name: "p" })],
      [
        azureDisk,
        of("azure-native:dataprotection:BackupInstance", {}, { name: "p", madeFrom: { properties: ["control"] } }),
      ],
      [of("aws:ec2/vpc:Vpc", {}, { name: "control" })],
    ],
    fails: [
      at([disk], "control"),
      at([volume], "control"),
      at([azureDisk], "control"),
      // Another disk's plan is not this one's.
      at([disk, another, attached("DiskResourcePolicyAttachment", "another")], "control"),
      at([azureDisk, of("azure-native:dataprotection:BackupInstance", {}, { name: "p" })], "control"),
      at([disk, of("aws:backup/selection:Selection", {}, { name: "p" })], "control"),
      at([of("gcp:compute/disk:Disk", { resourcePolicies: [] }, { name: "control" })], "control"),
    ],
    unknown: [
      at([of("gcp:compute/disk:Disk", { resourcePolicies: U }, { name: "control" })], "control: resourcePolicies"),
    ],
    omitted: [[at([disk], "control"), "fails"]],
    twins: [
      at([of("gcp:compute/regionDisk:RegionDisk", {}, { name: "control" })], "control"),
      at([of("aws:efs/fileSystem:FileSystem", {}, { name: "shared" })], "shared"),
    ],
  }),
  table(
    deletions.snapshotsKept,
    of(lifecycle, { rules: [{ filter: { prefix: "sandbox/" }, transitions: [{ days: 30 }] }] }),
    {
      passes: [
        { "rules[0]": { filter: { prefix: "cache/" }, expiration: { days: 1 } } },
        { "rules[0]": { filter: { prefix: "" }, expiration: { days: 365 } } },
        of(lifecycle, { rules: [{ filter: { prefix: "tmp/" }, expiration: { days: 1 } }] }, { name: "archive" }),
        of(gcs, gcsRule("Delete", "cache/")),
        of(gcs, gcsRule("SetStorageClass", "sandbox/")),
        of(gcs, gcsRule("Delete"), { name: "cache" }),
        managed({ baseBlob: { tierToArchive: { daysAfterModificationGreaterThan: 1 } } }, ["archive/sandbox"]),
        managed({ baseBlob: deleted }, ["cache/"]),
        managed({ baseBlob: deleted }, undefined, "flow-logs"),
      ],
      fails: [
        at({ "rules[0].expiration": { days: 400 } }, "rules[0]"),
        at({ "rules[0]": { prefix: "snapshots/", expiration: { days: 1 } } }, "rules[0]"),
        at({ "rules[0]": { filter: { and: { prefix: "sandbox/" } }, expiration: { days: 1 } } }, "rules[0]"),
        at({ "rules[0].noncurrentVersionExpiration": { noncurrentDays: 1 } }, "rules[0]"),
        // For all of the bucket is for the snapshots too.
        at(
          of(lifecycle, { rules: [{ filter: { prefix: "" }, expiration: { days: 1 } }] }, { name: "archive" }),
          "rules[0]",
        ),
        at(of(lifecycle, { rules: [{ filter: {}, expiration: { days: 1 } }] }, { name: "data-archive" }), "rules[0]"),
        at(
          {
            rules: [
              { filter: { prefix: U }, expiration: U },
              { prefix: "sandbox/", expiration: { days: 1 } },
            ],
          },
          "rules[1]",
        ),
      ],
      unknown: [
        at({ "rules[0]": { filter: { prefix: U }, expiration: { days: 1 } } }, "rules[0].filter.prefix"),
        at(of(gcs, gcsRule("Delete", U)), "lifecycleRules[0].condition.matchesPrefixes[0]"),
        at(managed({ baseBlob: deleted }, [U]), "policy.rules[0].definition.filters.prefixMatch[0]"),
      ],
      omitted: [["rules", "passes"]],
      twins: [
        at(
          of("aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2", {
            rules: [{ filter: { prefix: "sandbox/" }, expiration: { days: 1 } }],
          }),
          "rules[0]",
        ),
        at(of(s3, { lifecycleRules: [{ prefix: "sandbox/", expiration: { days: 1 } }] }), "lifecycleRules[0]"),
        at(of(gcs, gcsRule("Delete", "cache/", "sandbox/")), "lifecycleRules[0]"),
        at(of(gcs, gcsRule("Delete"), { name: "archive" }), "lifecycleRules[0]"),
        at(managed({ baseBlob: deleted }, ["cache/", "archive/sandbox"]), managedRule),
        at(managed({ snapshot: deleted }, ["archive/"]), managedRule),
        at(managed({ version: deleted }, ["archive/"]), managedRule),
        at(managed({ baseBlob: deleted }, [], "archive"), managedRule),
      ],
    },
  ),
];
