import type { Configuration } from "../../configuration.ts";
import { requireFalse, requireOneOf, requireTrue, requireWithin } from "../../require.ts";
import { attempt, each, type Outcome, type Rule, type StackSubject, type Subject } from "../../rule.ts";
import type { View } from "../../view.ts";
import { matches, statementsOf } from "../documents.ts";
import { given, pointingAt } from "../machines.ts";
import {
  blobContainer,
  bucketPolicies,
  gcsBucket,
  isAuditStore,
  s3Buckets,
  s3Lifecycle,
  s3ObjectLock,
  s3Versioning,
  storageAccount,
} from "../stores.ts";

const secondsPerDay = 86_400;
const immutability = "azure-native:storage:BlobContainerImmutabilityPolicy";
const blobService = "azure-native:storage:BlobServiceProperties";
const dataComponent = "logos:substrate:Data";
const keys = ["aws:kms/key:Key", "gcp:kms/cryptoKey:CryptoKey", "azure-native:keyvault:Key"];
const isBucket = ({ type }: Subject) => s3Buckets.some((one) => one === type);

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
    if (!isBucket(resource)) return;
    yield* attempt(function* () {
      if (resource.props.at("versioning").unknown || resource.props.boolean("versioning", "enabled") === true) return;
      if (pointingAt(stack, resource, s3Versioning, "bucket").length === 0) yield { found: "keeps no versions" };
    });
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
function locksOf({ audit }: Configuration): readonly string[] {
  return audit.lock === "governance" ? ["compliance", "governance"] : ["compliance"];
}

function* requireLock(rule: View, config: Configuration): Generator<Outcome> {
  const days = config.audit.retentionDays;
  const retention = rule.at("defaultRetention");
  yield* requireOneOf(
    retention.at("mode"),
    locksOf(config).map((lock) => lock.toUpperCase()),
  );
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

/** The shortest time that what was deleted can be had back, in days. */
const softDeleteDays = 7;

export const undeletable: Rule = {
  id: "W04",
  name: "deletions-can-be-undone",
  title: "Stores keep what was deleted for a week, and drop uploads that were not finished.",
  family: "retention",
  severity: "medium",
  reason: "A deletion by mistake is noticed the next day; a half upload is paid for ever.",
  remediation:
    "deleteRetentionPolicy: { enabled: true, days: 7 }, softDeletePolicy: { retentionDurationSeconds: 604800 }",
  upstream: [
    "CKV_AWS_144",
    "CKV_AWS_300",
    "CKV2_AWS_61",
    "CKV2_AWS_62",
    "CKV2_AZURE_38",
    "CKV_AZURE_206",
    "AWS-0170",
    "AZU-0056",
    "AZU-0058",
    "s3-bucket-replication",
    "bucket-soft-delete-retention",
    "S3.7",
    "S3.13",
    "S3.20",
    "CIS-AWS-3.1.2",
  ],
  checks: {
    [blobService]: function* ({ props }) {
      for (const key of ["deleteRetentionPolicy", "containerDeleteRetentionPolicy"]) {
        yield* requireTrue(props.at(key, "enabled"));
        yield* requireWithin(props.at(key, "days"), softDeleteDays, Number.POSITIVE_INFINITY);
      }
    },
    [gcsBucket]: function* (subject) {
      // The cache is rebuilt, not restored; its deleted objects would only be paid for.
      if (!isAuditStore(subject) || !given(subject.props.at("softDeletePolicy"))) return;
      yield* requireWithin(
        subject.props.at("softDeletePolicy", "retentionDurationSeconds"),
        softDeleteDays * secondsPerDay,
        Number.POSITIVE_INFINITY,
      );
    },
    ...each(s3Lifecycle, function* ({ props }) {
      yield* attempt(function* () {
        const aborts = props.items("rules").some((rule) => given(rule.at("abortIncompleteMultipartUpload")));
        if (!aborts) yield { at: "rules", found: "drops no unfinished uploads" };
      });
    }),
  },
};

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
    const plans = [
      "aws:backup/selection:Selection",
      "aws:dlm/lifecyclePolicy:LifecyclePolicy",
      "gcp:compute/diskResourcePolicyAttachment:DiskResourcePolicyAttachment",
      "gcp:compute/regionDiskResourcePolicyAttachment:RegionDiskResourcePolicyAttachment",
      "azure-native:dataprotection:BackupInstance",
    ];
    if (stack.ofType(...plans).length === 0 && !given(resource.props.at("resourcePolicies")))
      yield { found: "is backed up by nothing" };
  },
};

/** What nobody but a break-glass role may do to the audit store. */
const forbidden = [
  "s3:DeleteObject",
  "s3:DeleteObjectVersion",
  "s3:PutObjectRetention",
  "s3:BypassGovernanceRetention",
  "s3:PutBucketPolicy",
  "s3:PutLifecycleConfiguration",
];

export const auditAppendOnly: Rule = {
  id: "Q08",
  name: "audit-append-only",
  title:
    "The audit store can be added to and never changed: locked in the declared mode, without expiry or forced removal.",
  family: "retention",
  severity: "critical",
  reason: "An entry that can be removed proves nothing.",
  remediation:
    "objectLockEnabled: true with a COMPLIANCE rule, retentionPolicy with isLocked, or an immutability policy that is locked",
  upstream: [],
  waivable: false,
  checks: {
    [dataComponent]: function* ({ props, config }) {
      yield* requireWithin(props.at("retentionDays"), config.audit.retentionDays, Number.POSITIVE_INFINITY);
      yield* requireOneOf(props.at("lock"), locksOf(config));
      yield* requireTrue(props.at("keep"));
    },
    ...each(s3Buckets, function* (subject) {
      if (!isAuditStore(subject)) return;
      const { props } = subject;
      yield* requireTrue(props.at("objectLockEnabled"));
      yield* requireFalse(props.at("forceDestroy"));
      for (const rule of props.items("lifecycleRules")) yield* refuseExpiry(subject, rule);
    }),
    [gcsBucket]: function* (subject) {
      if (!isAuditStore(subject)) return;
      const { props, config } = subject;
      yield* requireFalse(props.at("forceDestroy"));
      yield* requireWithin(
        props.at("retentionPolicy", "retentionPeriod"),
        config.audit.retentionDays * secondsPerDay,
        Number.POSITIVE_INFINITY,
      );
      for (const rule of props.items("lifecycleRules")) {
        yield* attempt(function* () {
          if (rule.string("action", "type") === "Delete") yield { at: rule, found: "deletes audit entries" };
        });
      }
    },
    [immutability]: function* ({ props, config }) {
      yield* requireWithin(
        props.at("immutabilityPeriodSinceCreationInDays"),
        config.audit.retentionDays,
        Number.POSITIVE_INFINITY,
      );
    },
  },
  stack: function* (resource, stack) {
    if (resource.type === dataComponent) {
      const stores = stack
        .ofType(...s3Buckets, gcsBucket, blobContainer)
        .filter(({ types }) => types.includes(dataComponent));
      if (stores.length > 0 && !stores.some(isAuditStore))
        yield {
          found: `has no store with the tag ${resource.config.audit.tag}`,
          mend: `Tag the audit store with ${resource.config.audit.tag}: by that it is guarded.`,
        };
    }
    if (isBucket(resource) && isAuditStore(resource))
      yield* checkAuditBucket(resource, stack.ofType(...s3Lifecycle), stack);
    if (resource.type === blobContainer && isAuditStore(resource)) {
      const policies = pointingAt(stack, resource, [immutability], "containerName");
      if (policies.length === 0) yield { found: "has no immutability policy" };
    }
  },
};

function* checkAuditBucket(
  bucket: StackSubject,
  lifecycles: readonly StackSubject[],
  stack: Parameters<typeof pointingAt>[0],
): Generator<Outcome> {
  if (
    pointingAt(stack, bucket, s3ObjectLock, "bucket").length === 0 &&
    !given(bucket.props.at("objectLockConfiguration"))
  ) {
    yield { found: "has no lock that says how long" };
  }
  for (const lifecycle of lifecycles) {
    if (!pointingAt(stack, bucket, [lifecycle.type], "bucket").includes(lifecycle)) continue;
    for (const rule of lifecycle.props.items("rules")) yield* refuseExpiry(bucket, rule);
  }
  const policies = pointingAt(stack, bucket, bucketPolicies, "bucket");
  const denied = new Set<string>();
  for (const { props } of policies) {
    yield* attempt(function* () {
      for (const { allow, actions } of statementsOf(props.at("policy")) ?? []) {
        if (!allow) for (const one of forbidden) if (actions.some((action) => matches(action, one))) denied.add(one);
      }
    });
  }
  const open = forbidden.filter((one) => !denied.has(one));
  const isUnknown = policies.some(({ props }) => props.at("policy").unknown);
  if (open.length > 0 && !isUnknown) yield { found: `has no policy that denies ${open.join(", ")}` };
}

function* refuseExpiry(subject: Subject, rule: View): Generator<Outcome> {
  for (const [key, name] of [
    ["expiration", "days"],
    ["noncurrentVersionExpiration", "noncurrentDays"],
    ["noncurrentVersionExpiration", "days"],
  ] as const) {
    yield* attempt(function* () {
      const days = rule.number(key, name);
      if (days !== undefined && days < subject.config.audit.retentionDays)
        yield {
          at: rule,
          found: `removes audit entries after ${days} days`,
          expected: `at least ${subject.config.audit.retentionDays}`,
        };
    });
  }
}

export const teardownSafe: Rule = {
  id: "Q18",
  name: "teardown-safe",
  title: "The audit store and its keys are protected: a destroy stops before them.",
  family: "retention",
  severity: "critical",
  reason: "A destroy in the wrong stack would end the record.",
  remediation: "{ protect: true, retainOnDelete: true }",
  upstream: [],
  checks: each([...s3Buckets, gcsBucket, storageAccount, blobContainer, ...keys], function* (subject) {
    // A key of the data, once gone, takes every entry with it.
    const isKept = isAuditStore(subject) || (keys.includes(subject.type) && subject.types.includes(dataComponent));
    if (isKept && !subject.protect) yield { at: "protect", found: "is not protected", expected: "protect: true" };
  }),
};

/** What the lifecycle of sandbox snapshots may do is to move them; the agent removes them after it verified the archive. */
const snapshots = /sandbox|snapshot/i;

export const snapshotsKept: Rule = {
  id: "Q19",
  name: "snapshots-kept",
  title: "Sandbox snapshots are moved to colder storage and never expire.",
  family: "retention",
  severity: "high",
  reason: "A rule by age removes the last twenty as soon as nobody runs anything.",
  remediation: "transitions instead of expiration",
  upstream: [],
  checks: {
    ...each(s3Lifecycle, function* ({ props }) {
      for (const rule of props.items("rules")) {
        yield* attempt(function* () {
          const prefix = rule.string("filter", "prefix") ?? rule.string("prefix") ?? "";
          const expires = given(rule.at("expiration")) || given(rule.at("noncurrentVersionExpiration"));
          if (snapshots.test(prefix) && expires) yield { at: rule, found: "removes snapshots by age" };
        });
      }
    }),
    [gcsBucket]: function* ({ props }) {
      for (const rule of props.items("lifecycleRules")) {
        yield* attempt(function* () {
          const prefixes = rule.items("condition", "matchesPrefixes").map((one) => one.string() ?? "");
          if (rule.string("action", "type") === "Delete" && prefixes.some((one) => snapshots.test(one)))
            yield { at: rule, found: "removes snapshots by age" };
        });
      }
    },
    "azure-native:storage:ManagementPolicy": function* ({ props }) {
      for (const rule of props.items("policy", "rules")) {
        yield* attempt(function* () {
          const prefixes = rule.items("definition", "filters", "prefixMatch").map((one) => one.string() ?? "");
          if (
            given(rule.at("definition", "actions", "baseBlob", "delete")) &&
            prefixes.some((one) => snapshots.test(one))
          )
            yield { at: rule, found: "removes snapshots by age" };
        });
      }
    },
  },
};
