import type { Configuration } from "../../configuration.ts";
import { requireOneOf, requireTrue, requireWithin } from "../../require.ts";
import { attempt, each, type Outcome, type Rule } from "../../rule.ts";
import type { View } from "../../view.ts";
import { given, pointingAt } from "../machines.ts";
import { blobService, gcsBucket, isAuditStore, isBucket, s3Buckets, s3ObjectLock, s3Versioning } from "../stores.ts";

const secondsPerDay = 86_400;

export const versioned: Rule = {
  id: "W01",
  name: "buckets-versioned",
  title: "Buckets keep old versions, or are locked against change.",
  family: "retention",
  severity: "high",
  reason: "What is overwritten by mistake is gone.",
  remediation:
    'new aws.s3.BucketVersioning(name, { bucket: bucket.id, versioningConfiguration: { status: "Enabled" } })',
  upstream: ["CKV_AWS_21", "CKV_GCP_78", "AWS-0090", "GCP-0078", "s3-bucket-versioning", "S3.14"],
  checks: {
    ...each(s3Versioning, ({ props }) => requireOneOf(props.at("versioningConfiguration", "status"), ["Enabled"])),
    [gcsBucket]: function* ({ props }) {
      yield* attempt(function* () {
        if (!given(props.at("retentionPolicy"))) yield* requireTrue(props.at("versioning", "enabled"));
      });
    },
    [blobService]: ({ props }) => requireTrue(props.at("isVersioningEnabled")),
  },
  stack: function* (resource, stack) {
    // A resource of its own is judged by itself.
    if (!isBucket(resource) || pointingAt(stack, resource, s3Versioning, "bucket").length > 0) return;
    if (resource.props.boolean("versioning", "enabled") !== true) yield { found: "keeps no versions" };
  },
};

export const objectLock: Rule = {
  id: "W02",
  name: "object-lock-means-it",
  title: "Every object lock says how long, for at least as long as audit entries are kept, in the declared mode.",
  family: "retention",
  severity: "high",
  reason: "A lock without a default holds nothing, and in governance mode a permission lifts it.",
  remediation: 'rule: { defaultRetention: { mode: "COMPLIANCE", days: 365 } }',
  upstream: ["CKV_AWS_143", "S3.15", "prowler-s3_bucket_object_lock"],
  checks: {
    ...each(s3ObjectLock, ({ props, config }) => requireLock(props.at("rule"), config)),
    ...each(s3Buckets, function* ({ props, config }) {
      const inline = props.at("objectLockConfiguration");
      if (given(inline)) yield* requireLock(inline.at("rule"), config);
    }),
  },
};

/** How a deployment may lock its audit log: it may declare that a named right lifts the lock, as a trial does. */
export function locksOf({ audit }: Configuration): readonly string[] {
  return audit.lock === "governance" ? ["compliance", "governance"] : ["compliance"];
}

function* requireLock(rule: View, config: Configuration): Generator<Outcome> {
  const days = config.audit.retentionDays;
  const retention = rule.at("defaultRetention");
  yield* requireOneOf(retention.at("mode"), locksOf(config));
  yield* attempt(function* () {
    const kept = retention.number("days") ?? (retention.number("years") ?? 0) * 365;
    if (!(kept >= days)) yield { at: retention, found: `keeps ${kept} days`, expected: `at least ${days}` };
  });
}

export const logsLocked: Rule = {
  id: "W03",
  name: "retention-locked",
  title:
    "Log buckets, and every retention policy of the audit store, are locked for as long as audit entries are kept.",
  family: "retention",
  severity: "high",
  reason: "A policy that is not locked is taken off before what it holds is removed.",
  remediation: "retentionPolicy: { isLocked: true, retentionPeriod: 365 * 86400 }",
  upstream: ["CKV2_GCP_4", "CIS-GCP-2.3", "prowler-cloudstorage_bucket_sufficient_retention_period"],
  checks: {
    "gcp:logging/projectBucketConfig:ProjectBucketConfig": ({ props }) => requireTrue(props.at("locked")),
    [gcsBucket]: function* (subject) {
      const { props, config } = subject;
      if (!isAuditStore(subject)) return;
      // What is locked on Google Cloud is locked for good: governance is a policy without a lock.
      if (config.audit.lock === "compliance") yield* requireTrue(props.at("retentionPolicy", "isLocked"));
      yield* requireWithin(
        props.at("retentionPolicy", "retentionPeriod"),
        config.audit.retentionDays * secondsPerDay,
        Number.POSITIVE_INFINITY,
      );
    },
  },
};

const plansByTag = ["aws:backup/selection:Selection", "aws:dlm/lifecyclePolicy:LifecyclePolicy"];
const plansOfDisk = [
  "gcp:compute/diskResourcePolicyAttachment:DiskResourcePolicyAttachment",
  "gcp:compute/regionDiskResourcePolicyAttachment:RegionDiskResourcePolicyAttachment",
  "azure-native:dataprotection:BackupInstance",
];

export const disksBackedUp: Rule = {
  id: "W05",
  name: "kept-disks-backed-up",
  title: "Disks that are not caches are in a backup plan or a snapshot schedule.",
  family: "retention",
  severity: "medium",
  reason: "The control plane's disk holds the record of which node was proven.",
  remediation: "new aws.backup.Selection(…), or name the disk cache",
  upstream: ["CKV2_AWS_9", "persistent-disk-in-backup-plan", "EC2.28"],
  stack: function* (resource, stack) {
    const disks = [
      "aws:ebs/volume:Volume",
      "aws:efs/fileSystem:FileSystem",
      "gcp:compute/disk:Disk",
      "gcp:compute/regionDisk:RegionDisk",
      "azure-native:compute:Disk",
    ];
    // A cache is hydrated from the store at boot: nothing is lost with it.
    if (!disks.includes(resource.type) || /cache/i.test(resource.name)) return;
    // AWS finds what to back up by its tags.
    if (resource.type.startsWith("aws:") && stack.ofType(...plansByTag).length > 0) return;
    if (pointingAt(stack, resource, plansOfDisk, "disk", "properties").length > 0) return;
    if (resource.props.count("resourcePolicies") === 0) yield { found: "is backed up by nothing" };
  },
};
