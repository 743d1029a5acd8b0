import type { Key } from "@pulumi/aws/kms/key.js";
import { Bucket } from "@pulumi/aws/s3/bucket.js";
import { BucketLifecycleConfiguration } from "@pulumi/aws/s3/bucketLifecycleConfiguration.js";
import { BucketLogging } from "@pulumi/aws/s3/bucketLogging.js";
import { BucketObjectLockConfiguration } from "@pulumi/aws/s3/bucketObjectLockConfiguration.js";
import { BucketOwnershipControls } from "@pulumi/aws/s3/bucketOwnershipControls.js";
import { BucketPolicy } from "@pulumi/aws/s3/bucketPolicy.js";
import { BucketPublicAccessBlock } from "@pulumi/aws/s3/bucketPublicAccessBlock.js";
import { BucketServerSideEncryptionConfiguration } from "@pulumi/aws/s3/bucketServerSideEncryptionConfiguration.js";
import { BucketVersioning } from "@pulumi/aws/s3/bucketVersioning.js";
import type * as pulumi from "@pulumi/pulumi";
import { auditTag } from "../../core/guardrails.ts";
import type { DataArgs } from "../contract.ts";
import type { Account } from "./account.ts";
import { policyDocument, type Statement } from "./policy.ts";

const stores = ["cache", "audit", "archive"] as const;
export type Store = (typeof stores)[number];
/** Who read what of the stores. */
const logs = "access-logs";
type Kept = Store | typeof logs;

interface StoresArgs {
  readonly name: string;
  readonly args: DataArgs;
  readonly account: Account;
  readonly key: Key;
  /** Arn of the only role that writes to the cache. */
  readonly publisher: pulumi.Input<string>;
  readonly parent: pulumi.Resource;
}

/** Days after which parts of uploads that were never finished are removed. */
const unfinishedDays = 7;
/** Days that is known who read what. */
const logDays = 365;
/** Days that a cache entry which was replaced can still be restored. */
const replacedDays = 30;

/** The buckets of a stack: versioned, encrypted with its key, closed to the public, reached by TLS alone. */
export class Stores {
  readonly names: readonly Store[] = stores;
  readonly #buckets: Readonly<Record<Store, Bucket>>;

  constructor(args: StoresArgs) {
    const target = makeStore(logs, args);
    const logged = (store: Store): Bucket => {
      const bucket = makeStore(store, args);
      new BucketLogging(
        `${args.name}-${store}`,
        { bucket: bucket.bucket, targetBucket: target.bucket, targetPrefix: `${store}/` },
        { parent: args.parent, protect: args.args.keep },
      );
      return bucket;
    };
    this.#buckets = { cache: logged("cache"), audit: logged("audit"), archive: logged("archive") };
  }

  bucket(store: Store): pulumi.Output<string> {
    return this.#buckets[store].bucket;
  }
}

function makeStore(store: Kept, all: StoresArgs): Bucket {
  const { args, account, key, parent } = all;
  const name = `${all.name}-${store}`;
  const options = { parent, protect: args.keep };
  const bucket = new Bucket(
    name,
    {
      bucket: account.bucket(store),
      // Only at birth can a bucket be given locks.
      ...(store === "audit" ? { objectLockEnabled: true } : {}),
      // It would remove locked entries too, so the audit store never has it.
      forceDestroy: store !== "audit" && !args.keep,
      tags: { ...account.tags(store), ...(store === "audit" ? { [auditTag]: "true" } : {}) },
    },
    options,
  );
  const of = { bucket: bucket.bucket };
  const versioning = new BucketVersioning(name, { ...of, versioningConfiguration: { status: "Enabled" } }, options);
  new BucketServerSideEncryptionConfiguration(
    name,
    {
      ...of,
      rules: [
        {
          // S3 delivers logs only into a bucket that it encrypts with a key of its own.
          applyServerSideEncryptionByDefault:
            store === logs ? { sseAlgorithm: "AES256" } : { sseAlgorithm: "aws:kms", kmsMasterKeyId: key.arn },
          bucketKeyEnabled: true,
        },
      ],
    },
    options,
  );
  const closed = new BucketPublicAccessBlock(
    name,
    {
      ...of,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    },
    options,
  );
  new BucketOwnershipControls(name, { ...of, rule: { objectOwnership: "BucketOwnerEnforced" } }, options);
  new BucketPolicy(
    name,
    { ...of, policy: policyDocument(refusals(store, all)) },
    // S3 refuses two changes of a bucket's access at once.
    { ...options, dependsOn: [closed] },
  );
  const ordered = { ...options, dependsOn: [versioning] };
  if (store === "audit") {
    new BucketObjectLockConfiguration(
      name,
      {
        ...of,
        rule: {
          defaultRetention: {
            mode: args.lock === "compliance" ? "COMPLIANCE" : "GOVERNANCE",
            days: args.retentionDays,
          },
        },
      },
      ordered,
    );
  }
  new BucketLifecycleConfiguration(name, { ...of, rules: lifecycle(store, args) }, ordered);
  return bucket;
}

function lifecycle(store: Kept, { coldAfterDays }: DataArgs) {
  const always = { status: "Enabled", filter: { prefix: "" } };
  return [
    { id: "unfinished", ...always, abortIncompleteMultipartUpload: { daysAfterInitiation: unfinishedDays } },
    ...(store === "cache"
      ? [{ id: "replaced", ...always, noncurrentVersionExpiration: { noncurrentDays: replacedDays } }]
      : []),
    ...(store === logs ? [{ id: "old", ...always, expiration: { days: logDays } }] : []),
    ...(store === "archive"
      ? [{ id: "cold", ...always, transitions: [{ days: coldAfterDays, storageClass: "DEEP_ARCHIVE" }] }]
      : []),
  ];
}

/** What nobody may do, whatever rights they have elsewhere; and that S3 itself may write its logs. */
function refusals(store: Kept, { account, publisher }: StoresArgs): readonly Statement[] {
  const bucket = account.bucketArn(store);
  const objects = `${bucket}/*`;
  const plainText: Statement = {
    Sid: "NoPlainText",
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: [bucket, objects],
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
  switch (store) {
    case logs:
      return [
        plainText,
        {
          Sid: "StoresWriteLogs",
          Effect: "Allow",
          Principal: { Service: "logging.s3.amazonaws.com" },
          Action: "s3:PutObject",
          Resource: objects,
          Condition: {
            StringEquals: { "aws:SourceAccount": account.settings.account },
            ArnLike: { "aws:SourceArn": stores.map((one) => account.bucketArn(one)) },
          },
        },
      ];
    case "cache":
      return [
        plainText,
        {
          Sid: "OnlyPublisherWrites",
          Effect: "Deny",
          Principal: "*",
          Action: ["s3:PutObject", "s3:DeleteObject"],
          Resource: objects,
          Condition: { ArnNotEquals: { "aws:PrincipalArn": publisher } },
        },
      ];
    case "audit":
      return [
        plainText,
        {
          Sid: "NothingIsDeleted",
          Effect: "Deny",
          Principal: "*",
          Action: [
            "s3:DeleteObject",
            "s3:DeleteObjectVersion",
            "s3:BypassGovernanceRetention",
            "s3:PutObjectRetention",
            "s3:PutObjectLegalHold",
          ],
          Resource: objects,
        },
        {
          // Whoever runs Pulumi may; nothing that the stack itself has made, whatever right it is given by mistake.
          Sid: "OursChangeNoRules",
          Effect: "Deny",
          Principal: "*",
          Action: ["s3:PutBucketPolicy", "s3:DeleteBucketPolicy", "s3:PutLifecycleConfiguration"],
          Resource: bucket,
          Condition: { ArnEquals: { "aws:PrincipalArn": account.ownRoles } },
        },
      ];
    case "archive":
      return [
        plainText,
        {
          Sid: "NothingIsDeleted",
          Effect: "Deny",
          Principal: "*",
          Action: ["s3:DeleteObject", "s3:DeleteObjectVersion"],
          Resource: objects,
        },
      ];
  }
}
