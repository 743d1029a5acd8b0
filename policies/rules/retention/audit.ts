import { refusePresent, requireFalse, requireOneOf, requireTrue, requireWithin } from "../../require.ts";
import { attempt, each, type Outcome, type Rule, type Stack, type StackSubject, type Subject } from "../../rule.ts";
import type { View } from "../../view.ts";
import { matches, type Statement, statementsOf } from "../documents.ts";
import { pointingAt } from "../machines.ts";
import {
  blobContainer,
  bucketPolicies,
  dataComponent,
  gcsBucket,
  isAuditStore,
  isBucket,
  s3Buckets,
  s3Lifecycle,
  s3ObjectLock,
  storageAccount,
} from "../stores.ts";
import { locksOf } from "./stores.ts";

const secondsPerDay = 86_400;
const immutability = "azure-native:storage:BlobContainerImmutabilityPolicy";
const keys = ["aws:kms/key:Key", "gcp:kms/cryptoKey:CryptoKey", "azure-native:keyvault:Key"];

/** What nobody but a break-glass role may do to the audit store. */
const forbidden = [
  "s3:DeleteObject",
  "s3:DeleteObjectVersion",
  "s3:PutObjectRetention",
  "s3:BypassGovernanceRetention",
  "s3:PutBucketPolicy",
  "s3:DeleteBucketPolicy",
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
    if (isBucket(resource) && isAuditStore(resource)) yield* checkAuditBucket(resource, stack);
    if (resource.type === blobContainer && isAuditStore(resource)) {
      const policies = pointingAt(stack, resource, [immutability], "containerName");
      if (policies.length === 0) yield { found: "has no immutability policy" };
    }
  },
};

function* checkAuditBucket(bucket: StackSubject, stack: Stack): Generator<Outcome> {
  yield* attempt(function* () {
    const locks = pointingAt(stack, bucket, s3ObjectLock, "bucket");
    if (locks.length === 0 && bucket.props.keys("objectLockConfiguration").length === 0)
      yield { found: "has no lock that says how long" };
  });
  for (const { props } of pointingAt(stack, bucket, s3Lifecycle, "bucket"))
    for (const rule of props.items("rules")) yield* refuseExpiry(bucket, rule);
  const policies = pointingAt(stack, bucket, bucketPolicies, "bucket");
  yield* attempt(function* () {
    const denials = policies.flatMap(({ props }) => statementsOf(props.at("policy")) ?? []).filter(bindsAll);
    const open = forbidden.filter((one) => !denials.some((denial) => denies(denial, one)));
    if (open.length > 0) yield { found: `has no policy that denies ${open.join(", ")}` };
  });
}

/**
 * A denial that holds for everybody, or for everybody but some by who they are. One for what comes without TLS, which every
 * bucket has, denies nothing to those who come with it.
 */
function bindsAll({ allow, anyone, at }: Statement): boolean {
  const conditions = at.keys("Condition").flatMap((operator) => at.keys("Condition", operator));
  return !allow && anyone && conditions.every((key) => key.toLowerCase() === "aws:principalarn");
}

/** The bucket's own settings are the bucket's, the rest is for all that lies in it. */
function denies({ actions, resources }: Statement, action: string): boolean {
  const whole = /Bucket|Lifecycle/.test(action) ? /^[^/]+$/ : /^([^/]+\/)?\*$/;
  return actions.some((one) => matches(one, action)) && resources.some((one) => whole.test(one));
}

/** Whatever removes entries by age removes them later than the log may be asked for. */
function* refuseExpiry({ config }: Subject, rule: View): Generator<Outcome> {
  yield* refusePresent(rule.at("expiration", "date"), "removes audit entries on a day");
  for (const path of [
    ["expiration", "days"],
    ["noncurrentVersionExpiration", "noncurrentDays"],
    ["noncurrentVersionExpiration", "days"],
  ]) {
    const days = rule.at(...path);
    yield* requireWithin(days, config.audit.retentionDays, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
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
