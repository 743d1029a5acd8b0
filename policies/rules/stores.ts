import type { Subject } from "../rule.ts";

/** Every token through which stores and their settings are made. */

const both = (name: string): readonly [string, string] => {
  const token = `aws:s3/${name[0]?.toLowerCase()}${name.slice(1)}`;
  return [`${token}:${name}`, `${token}V2:${name}V2`];
};

export const s3Buckets = both("Bucket");
export const s3Acls = both("BucketAcl");
export const s3Versioning = both("BucketVersioning");
export const s3ObjectLock = both("BucketObjectLockConfiguration");
export const s3Lifecycle = both("BucketLifecycleConfiguration");
export const s3Encryption = both("BucketServerSideEncryptionConfiguration");
export const s3Logging = both("BucketLogging");
export const s3PublicAccessBlock = ["aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"] as const;
export const bucketPolicies = ["aws:s3/bucketPolicy:BucketPolicy"] as const;
/** Policies of what else holds or carries something: a secret, or what alarms say. */
export const awsPolicies = [
  ...bucketPolicies,
  "aws:secretsmanager/secretPolicy:SecretPolicy",
  "aws:sns/topicPolicy:TopicPolicy",
] as const;
export const gcsBucket = "gcp:storage/bucket:Bucket";
export const gcsIam = [
  "gcp:storage/bucketIAMMember:BucketIAMMember",
  "gcp:storage/bucketIAMBinding:BucketIAMBinding",
] as const;
/** Grants on what else holds or carries something. */
export const gcpGrants = [
  ...gcsIam,
  "gcp:secretmanager/secretIamMember:SecretIamMember",
  "gcp:pubsub/topicIAMMember:TopicIAMMember",
] as const;
export const storageAccount = "azure-native:storage:StorageAccount";
export const blobContainer = "azure-native:storage:BlobContainer";
export const blobService = "azure-native:storage:BlobServiceProperties";
/** What holds the stores of a stack, whatever its cloud. */
export const dataComponent = "logos:substrate:Data";

export function isBucket({ type }: Subject): boolean {
  return s3Buckets.includes(type);
}

/** True for the audit store: declared by name, or tagged as such. */
export function isAuditStore({ name, props, config }: Subject): boolean {
  const { stores, tag } = config.audit;
  // Azure's metadata have names as programs do, without hyphens.
  const tagNames = [tag, tag.replaceAll("-", "_")];
  const called = ["bucket", "name", "accountName", "containerName"].some((key) => {
    const own = props.at(key);
    return !own.unknown && stores.some((one) => one === own.text());
  });
  const tagged = ["tags", "labels", "metadata"].some((key) => {
    const tags = props.at(key);
    return !tags.unknown && tags.keys().some((one) => tagNames.includes(one));
  });
  return stores.includes(name) || called || tagged;
}
