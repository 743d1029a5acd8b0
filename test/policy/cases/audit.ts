import { auditAppendOnly, teardownSafe } from "../../../policies/rules/retention/audit.ts";
import { at, type Cases, of, table, U } from "./kit.ts";

export const s3 = "aws:s3/bucket:Bucket";
export const gcs = "gcp:storage/bucket:Bucket";
export const lock = "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration";
export const locked = { rule: { defaultRetention: { mode: "COMPLIANCE", days: 365 } } };
export const lifecycle = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration";
export const auditConfig = {
  profile: "standard",
  audit: { stores: ["audit", "archive"], tag: "logos-audit", retentionDays: 365 },
};
const container = "azure-native:storage:BlobContainer";
const immutability = "azure-native:storage:BlobContainerImmutabilityPolicy";
const key = "gcp:kms/cryptoKey:CryptoKey";
const component = "logos:substrate:Data";
const year = 365 * 86_400;
const sound = { lock: "compliance", keep: true, retentionDays: 365 };
const data = of(component, sound, { name: "data" });
const audit = of(s3, { objectLockEnabled: true }, { name: "audit", protect: true });
/** A bucket inside the data of a stack. */
const stored = (name: string, labels: object) =>
  of(gcs, { labels, retentionPolicy: { retentionPeriod: year } }, { name, within: [component] });
export const gcsAudit = (more: object) =>
  of(gcs, { retentionPolicy: { isLocked: true, retentionPeriod: year }, ...more }, { name: "audit", protect: true });

const objectActions = ["s3:DeleteObject*", "s3:PutObjectRetention", "s3:BypassGovernanceRetention"];
const bucketActions = ["s3:*BucketPolicy", "s3:PutLifecycleConfiguration"];
const deny = (Action: unknown, more: object = {}) => ({
  Effect: "Deny",
  Principal: "*",
  Action,
  Resource: "*",
  ...more,
});
const noPlainText = deny("s3:*", { Condition: { Bool: { "aws:SecureTransport": "false" } } });
const ofServices = { Condition: { Bool: { "aws:PrincipalIsAWSService": "true" } } };
const arn = "arn:aws:s3:::audit";
const policyOf = (...Statement: readonly object[]) => ({ Version: "2012-10-17", Statement });
const denial = policyOf(noPlainText, deny([...objectActions, ...bucketActions]));

interface Rest {
  readonly bucket?: object;
  readonly lifecycle?: object;
  readonly policies?: readonly unknown[];
  readonly lock?: boolean;
}
/** The audit bucket and what is made for it; the lock, as all the rest, may be for another bucket. */
const auditStack = (rest: Rest, to = "audit") => [
  of(s3, { objectLockEnabled: true, ...rest.bucket }, { name: "audit", protect: true }),
  ...(rest.lock === false ? [] : [of(lock, locked, { name: "lock", madeFrom: { bucket: [to] } })]),
  ...(rest.policies ?? [denial]).map((policy, index) =>
    of("aws:s3/bucketPolicy:BucketPolicy", { policy }, { name: `policy${index}`, madeFrom: { bucket: [to] } }),
  ),
  ...(rest.lifecycle === undefined
    ? []
    : [of(lifecycle, { rules: [rest.lifecycle] }, { name: "rules", madeFrom: { bucket: [to] } })]),
];
const denying = (...statements: readonly object[]) => auditStack({ policies: [policyOf(...statements)] });
const immutable = of(
  immutability,
  { immutabilityPeriodSinceCreationInDays: 365 },
  { name: "worm", madeFrom: { containerName: ["audit"] } },
);

export const auditCases: readonly Cases[] = [
  table(auditAppendOnly, audit, {
    config: auditConfig,
    passes: [
      auditStack({}),
      auditStack({ policies: [JSON.stringify(denial)] }),
      auditStack({ policies: [policyOf(deny(objectActions)), policyOf(deny(bucketActions))] }),
      denying(deny(objectActions, { Resource: `${arn}/*` }), deny(bucketActions, { Resource: [arn] })),
      denying(deny([...objectActions, ...bucketActions], { Resource: [arn, `${arn}/*`] })),
      // All but those who break the glass; and whoever the stack itself has made.
      denying(
        deny([...objectActions, ...bucketActions], {
          Principal: { AWS: "*" },
          Condition: { ArnNotEquals: { "aws:PrincipalArn": "arn:aws:iam::123456789012:role/break-glass" } },
        }),
      ),
      auditStack({ lock: false, bucket: { objectLockConfiguration: locked } }),
      auditStack({ lifecycle: { expiration: { days: 365 }, noncurrentVersionExpiration: { noncurrentDays: 365 } } }),
      auditStack({ lifecycle: { transitions: [{ days: 30 }] } }),
      [
        ...auditStack({}),
        of(s3, {}, { name: "cache" }),
        of(lifecycle, { rules: [{ expiration: { days: 1 } }] }, { name: "r", madeFrom: { bucket: ["cache"] } }),
      ],
      gcsAudit({}),
      gcsAudit({ lifecycleRules: [{ action: { type: "SetStorageClass" } }] }),
      of(s3, { forceDestroy: true, lifecycleRules: [{ expiration: { days: 1 } }] }, { name: "cache" }),
      of(gcs, { forceDestroy: true }, { name: "cache" }),
      [data, stored("a", { "logos-audit": "true" }), stored("b", {})],
      // A store outside of the data is not what the component promises.
      [data, of(gcs, {}, { name: "logs" })],
      [data],
      data,
      [of(container, {}, { name: "cache" })],
      [of(container, {}, { name: "audit" }), immutable],
      // Ids as a state has them, without what they were made from.
      ...["name", "containerName"].map((key) => [
        of(container, { [key]: "entries", metadata: { logos_audit: "true" } }),
        of(immutability, { immutabilityPeriodSinceCreationInDays: 365, containerName: "entries" }, { name: "policy" }),
      ]),
    ],
    fails: [
      at({ objectLockEnabled: false }, "objectLockEnabled"),
      at({ forceDestroy: true }, "forceDestroy"),
      at({ lifecycleRules: [{ expiration: { days: 30 } }] }, "lifecycleRules[0].expiration.days"),
      at(
        { lifecycleRules: [{}, { noncurrentVersionExpiration: { days: 364 } }] },
        "lifecycleRules[1].noncurrentVersionExpiration.days",
      ),
      at({ objectLockEnabled: U, forceDestroy: true }, "forceDestroy"),
      at(auditStack({ lock: false }), "audit"),
      at(auditStack({ lock: false, bucket: { objectLockConfiguration: {} } }), "audit"),
      at([...auditStack({ lock: false }), of(lock, locked, { name: "l", madeFrom: { bucket: ["cache"] } })], "audit"),
      at(auditStack({ policies: [] }), "audit"),
      at(auditStack({ policies: ["no document"] }), "audit"),
      // Each bucket has this one, and who comes with TLS may do all of it.
      at(denying(noPlainText), "audit"),
      at(denying(deny([...objectActions, ...bucketActions], ofServices)), "audit"),
      at(denying({ ...deny([...objectActions, ...bucketActions]), Effect: "Allow" }), "audit"),
      at(
        denying(deny([...objectActions, ...bucketActions], { Principal: { AWS: "arn:aws:iam::1:role/node" } })),
        "audit",
      ),
      at(denying(deny(objectActions), deny("s3:PutLifecycleConfiguration")), "audit"),
      at(denying(deny([...objectActions, "s3:PutBucketPolicy", "s3:PutLifecycleConfiguration"])), "audit"),
      at(denying(deny(objectActions.slice(1)), deny(bucketActions)), "audit"),
      // On a part of the entries, on the entries instead of the bucket, on the bucket instead of the entries.
      at(denying(deny(objectActions, { Resource: `${arn}/2025/*` }), deny(bucketActions)), "audit"),
      at(denying(deny(objectActions, { Resource: `${arn}/*.tmp` }), deny(bucketActions)), "audit"),
      at(denying(deny(objectActions), deny(bucketActions, { Resource: `${arn}/*` })), "audit"),
      at(denying(deny([...objectActions, ...bucketActions], { Resource: arn })), "audit"),
      at(auditStack({ lifecycle: { expiration: { days: 364 } } }), "audit: rules[0].expiration.days"),
      at(auditStack({ lifecycle: { expiration: { date: "2026-12-01" } } }), "audit: rules[0].expiration.date"),
      at(
        auditStack({ lifecycle: { noncurrentVersionExpiration: { noncurrentDays: 30 } } }),
        "audit: rules[0].noncurrentVersionExpiration.noncurrentDays",
      ),
      at([data, stored("a", {})], "data"),
      at([data, stored("a", { audit: "true" })], "data"),
      at(of(component, { ...sound, lock: "governance" }), "lock"),
      at(of(component, { ...sound, retentionDays: 364 }), "retentionDays"),
      at(of(component, { ...sound, keep: false }), "keep"),
    ],
    unknown: [
      at({ objectLockEnabled: U }, "objectLockEnabled"),
      at(auditStack({ lock: false, bucket: { objectLockConfiguration: U } }), "audit: objectLockConfiguration"),
      at(auditStack({ policies: [U] }), "audit: policy"),
      at(auditStack({ lifecycle: { expiration: { days: U } } }), "audit: rules[0].expiration.days"),
      at(gcsAudit({ lifecycleRules: [{ action: U }] }), "lifecycleRules[0].action"),
    ],
    omitted: [
      [at("objectLockEnabled", "objectLockEnabled"), "fails"],
      ["forceDestroy", "passes"],
      [at(of(component, {}), "keep", "lock", "retentionDays"), "fails"],
      [at(of(immutability, {}), "immutabilityPeriodSinceCreationInDays"), "fails"],
    ],
    twins: [
      at(gcsAudit({ forceDestroy: true }), "forceDestroy"),
      at(gcsAudit({ retentionPolicy: { retentionPeriod: year - 1 } }), "retentionPolicy.retentionPeriod"),
      at(gcsAudit({ lifecycleRules: [{ action: { type: "Delete" } }] }), "lifecycleRules[0]"),
      at([of(container, { metadata: { logos_audit: "true" } }, { name: "c" })], "c"),
      at([of(container, {}, { name: "audit" }), { ...immutable, madeFrom: { containerName: ["cache"] } }], "audit"),
      at(of(immutability, { immutabilityPeriodSinceCreationInDays: 364 }), "immutabilityPeriodSinceCreationInDays"),
      at(of("aws:s3/bucketV2:BucketV2", {}, { name: "audit" }), "objectLockEnabled"),
      at(of(s3, { tags: { "logos-audit": "true" } }), "objectLockEnabled"),
      at(of(s3, { bucket: "audit" }), "objectLockEnabled"),
      at(of(gcs, { name: "audit" }), "retentionPolicy.retentionPeriod"),
      at([of(container, { immutableStorageWithVersioning: { enabled: true } }, { name: "audit" })], "audit"),
    ],
  }),
  table(teardownSafe, audit, {
    config: auditConfig,
    passes: [
      of(s3, {}, { name: "cache" }),
      gcsAudit({}),
      of(key, {}, { within: [component], protect: true }),
      of(key, {}, { within: ["logos:substrate:Network"] }),
      of(s3, {}, { name: "cache", within: [component] }),
    ],
    fails: [
      at(of(s3, {}, { name: "audit" }), "protect"),
      at(of("aws:kms/key:Key", { tags: { "logos-audit": "1" } }), "protect"),
      at(of(gcs, { labels: { "logos-audit": "1" } }), "protect"),
      at(of(key, {}, { within: [component] }), "protect"),
    ],
    later: [of(s3, { bucket: U, tags: U }, { name: "cache" })],
    omitted: [[at(of("azure-native:storage:StorageAccount", { accountName: "audit" }), "protect"), "fails"]],
    twins: [
      at(of("aws:s3/bucketV2:BucketV2", {}, { name: "audit" }), "protect"),
      at(of(container, { containerName: "audit" }), "protect"),
      at(of("azure-native:keyvault:Key", { tags: { "logos-audit": "1" } }), "protect"),
      at(of("aws:kms/key:Key", {}, { within: [component] }), "protect"),
      at(of("azure-native:keyvault:Key", {}, { within: [component] }), "protect"),
    ],
  }),
];
