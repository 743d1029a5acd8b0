import { CloudError, type Row } from "../cloud/table.ts";
import { arn } from "./arn.ts";

const bucket = { to: "aws:s3/bucket:Bucket" };
const key = { to: "aws:kms/key:Key" };

/** A setting of a bucket, of which each bucket has one. */
const ofBucket: Row = {
  id: ({ inputs }) => String(inputs.bucket),
  // The bucket may not go before its settings, or they would be changed on a bucket that is no more.
  references: { bucket },
  replaceOn: ["bucket"],
};

function isVersioned(view: Parameters<NonNullable<Row["onCreate"]>>[1], name: unknown): boolean {
  return view.all("aws:s3/bucketVersioning:BucketVersioning").some(({ inputs }) => inputs.bucket === name);
}

/** Settings of buckets, and secrets. */
export const stores: Readonly<Record<string, Row>> = {
  "aws:s3/bucketVersioning:BucketVersioning": ofBucket,
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": ofBucket,
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": ofBucket,
  "aws:s3/bucketLogging:BucketLogging": { ...ofBucket, references: { bucket, targetBucket: bucket } },
  "aws:s3/bucketPolicy:BucketPolicy": {
    ...ofBucket,
    onCreate({ inputs }) {
      if (typeof inputs.policy === "string" && !inputs.policy.includes(String(inputs.bucket)))
        throw new CloudError("operation error S3: PutBucketPolicy, MalformedPolicy: Policy has invalid resource");
    },
  },
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": {
    ...ofBucket,
    references: { bucket, "rules[].applyServerSideEncryptionByDefault.kmsMasterKeyId": key },
  },
  "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": {
    ...ofBucket,
    onCreate({ inputs }, cloud) {
      const of = cloud.find("aws:s3/bucket:Bucket", String(inputs.bucket));
      if (of?.inputs.objectLockEnabled !== true && !isVersioned(cloud, inputs.bucket))
        throw new CloudError(
          "operation error S3: PutObjectLockConfiguration, InvalidBucketState: Object Lock needs versioning",
        );
    },
  },
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": {
    ...ofBucket,
    check({ rules }) {
      const ids = Array.isArray(rules) ? rules.map((rule: { id?: unknown }) => rule.id) : [];
      return new Set(ids).size === ids.length ? undefined : "two rules of a lifecycle have the same id";
    },
  },
  "aws:secretsmanager/secret:Secret": {
    name: {
      input: "name",
      pattern: /^[A-Za-z0-9/_+=.@-]+$/,
      what: "letters, digits and /_+=.@-",
      max: 512,
      unique: "cloud",
    },
    id: (made) => arn("secretsmanager", `secret:${made.name}-${made.fresh("", 6)}`),
    outputs: { arn: ({ id }) => id },
    references: { kmsKeyId: key },
    replaceOn: ["name"],
  },
  "aws:secretsmanager/secretVersion:SecretVersion": {
    id: (made) => `${made.text("secretId")}|${made.fresh("", 32)}`,
    outputs: { arn: (made) => made.text("secretId"), versionId: (made) => made.fresh("", 32) },
    references: { secretId: { to: "aws:secretsmanager/secret:Secret" } },
    replaceOn: ["secretId"],
    renewed: ["versionId"],
  },
};
