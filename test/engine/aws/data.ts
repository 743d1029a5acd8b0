import { CloudError, type Row } from "../cloud/table.ts";
import { account, arn } from "./arn.ts";

const roleName = { input: "name", pattern: /^[\w+=,.@-]+$/, what: "letters, digits and _+=,.@-" };

export const data: Readonly<Record<string, Row>> = {
  "aws:kms/key:Key": {
    id: (made) => made.fresh("", 32),
    outputs: { keyId: ({ id }) => id, arn: ({ id }) => arn("kms", `key/${id}`) },
    handles: ["arn"],
    // The real one goes into a waiting time; whatever is encrypted with it is lost all the same.
    replaceOn: ["customerMasterKeySpec", "keyUsage", "multiRegion"],
  },
  "aws:s3/bucket:Bucket": {
    name: {
      input: "bucket",
      pattern: /^(?!xn--)[a-z0-9][a-z0-9.-]*[a-z0-9]$/,
      what: "lower-case letters, digits, dots and hyphens",
      min: 3,
      max: 63,
      unique: "cloud",
    },
    id: ({ name }) => name,
    outputs: {
      arn: ({ id }) => arn("s3", id, true),
      bucketDomainName: ({ id }) => `${id}.s3.amazonaws.com`,
      bucketRegionalDomainName: ({ id }) => `${id}.s3.eu-central-1.amazonaws.com`,
    },
    handles: ["arn"],
    replaceOn: ["bucket", "bucketPrefix", "objectLockEnabled"],
    onDelete({ id, inputs, live }) {
      const objects = live.objects ?? [];
      if (objects.length > 0 && inputs.forceDestroy !== true)
        throw new CloudError(`operation error S3: DeleteBucket, BucketNotEmpty: ${id} holds ${objects.length} objects`);
      if (objects.some(({ locked }) => locked))
        throw new CloudError(
          `operation error S3: DeleteObject, AccessDenied: ${id} holds objects under a retention lock`,
        );
    },
  },
  "aws:iam/role:Role": {
    name: { ...roleName, max: 64, unique: "cloud" },
    id: ({ name }) => name,
    outputs: { arn: ({ name }) => arn("iam", `role/${name}`, true), uniqueId: (made) => made.fresh("AROA", 16) },
    handles: ["arn", "name"],
    replaceOn: ["name", "path"],
    settlesAfter: 300,
    check({ assumeRolePolicy }) {
      if (typeof assumeRolePolicy !== "string") return undefined;
      return isJson(assumeRolePolicy) ? undefined : "MalformedPolicyDocument: assumeRolePolicy is not JSON";
    },
  },
  "aws:iam/instanceProfile:InstanceProfile": {
    name: { ...roleName, max: 128, unique: "cloud" },
    id: ({ name }) => name,
    outputs: { arn: ({ name }) => `arn:aws:iam::${account}:instance-profile/${name}` },
    handles: ["arn", "name"],
    references: { role: { to: "aws:iam/role:Role" } },
    replaceOn: ["name", "path"],
    // The provider tries again while IAM does not know the role yet, and so do instances; a launch template does not.
    retries: true,
    settlesAfter: 300,
  },
};

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
