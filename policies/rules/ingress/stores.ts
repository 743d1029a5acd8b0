import { requireFalse, requireOneOf, requireTrue } from "../../require.ts";
import { attempt, each, type Outcome, type Rule } from "../../rule.ts";
import type { View } from "../../view.ts";
import { type Statement, statementsOf } from "../documents.ts";
import { given, pointingAt } from "../machines.ts";
import { awsPolicies, gcpGrants, s3Acls, s3Buckets, s3PublicAccessBlock } from "../stores.ts";

/** GCP's names for everybody, and for everybody who has an account anywhere. */
const everybody = /^all(Authenticated)?Users$/;

export const bucketsPrivate: Rule = {
  id: "N24",
  name: "buckets-private",
  title:
    "S3 buckets block public access in all four ways and have no public list; no policy of theirs, of a secret or of a topic is public.",
  family: "ingress",
  severity: "critical",
  reason: "A public cache lets anybody read what nodes trust; a public audit store lets anybody read who proved what.",
  remediation:
    "new aws.s3.BucketPublicAccessBlock(name, { bucket: bucket.id, blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true })",
  upstream: [
    "CKV_AWS_20",
    "CKV_AWS_53",
    "CKV_AWS_54",
    "CKV_AWS_55",
    "CKV_AWS_56",
    "CKV_AWS_57",
    "CKV_AWS_70",
    "CKV_AWS_375",
    "CKV2_AWS_6",
    "CKV2_AWS_43",
    "CKV2_AWS_65",
    "AWS-0086",
    "AWS-0087",
    "AWS-0091",
    "AWS-0092",
    "AWS-0093",
    "AWS-0094",
    "s3-bucket-level-public-access-prohibited",
    "S3.1",
    "S3.2",
    "S3.3",
    "S3.8",
    "S3.12",
    "CIS-AWS-3.1.4",
  ],
  checks: {
    ...each(s3PublicAccessBlock, function* ({ props }) {
      for (const key of ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"]) {
        yield* requireTrue(props.at(key));
      }
    }),
    ...each(
      [...s3Acls, ...s3Buckets, "aws:s3/bucketObject:BucketObject", "aws:s3/bucketObjectv2:BucketObjectv2"],
      function* ({ props }) {
        yield* requireOneOf(props.at("acl"), ["private", "bucket-owner-full-control", "log-delivery-write"], "private");
        yield* refuseEverybodysGrants([...props.items("grants"), ...props.at("accessControlPolicy").items("grants")]);
        yield* refusePublicPolicy(props.at("policy"));
      },
    ),
    ...each(awsPolicies, ({ props }) => refusePublicPolicy(props.at("policy"))),
  },
  stack: function* (resource, stack) {
    if (!s3Buckets.some((type) => type === resource.type)) return;
    if (pointingAt(stack, resource, s3PublicAccessBlock, "bucket").length > 0) return;
    yield { found: "has no public access block" };
  },
  // A policy names the bucket's ARN; the update reads it with all else in it.
  knownAtUpdate: ["policy"],
};

function* refuseEverybodysGrants(grants: readonly View[]): Generator<Outcome> {
  for (const grant of grants) {
    yield* attempt(function* () {
      const [uri] = [...grant.items("uri"), ...grant.items("grantee", "uri")];
      if (uri?.matches(/\/(AllUsers|AuthenticatedUsers)$/)) yield { at: uri, found: "is a grant to everybody" };
    });
  }
}

function* refusePublicPolicy(policy: View): Generator<Outcome> {
  yield* attempt(function* () {
    if (!given(policy)) return;
    const statements = statementsOf(policy);
    if (statements === undefined) yield { at: policy, found: "is no policy document" };
    else
      for (const statement of statements)
        if (isPublic(statement)) yield { at: statement.at, found: "lets everybody in", expected: "principals by name" };
  });
}

/** What S3 takes for public: everybody, or all but some, without a condition that only this deployment's requests meet. */
function isPublic({ at, allow, principals }: Statement): boolean {
  const condition = at.at("Condition");
  const isBound = condition
    .keys()
    .filter((operator) => /^(ForAnyValue:)?(String(Equals|EqualsIgnoreCase|Like)|Arn(Equals|Like))$/i.test(operator))
    .flatMap((operator) => condition.keys(operator).map((key) => ({ key, values: condition.at(operator, key) })))
    .some(({ key, values }) => binding.test(key) && [...values.texts()].every((one) => !one.matches(/[*?]/)));
  return allow && (principals.includes("*") || given(at.at("NotPrincipal"))) && !isBound;
}

/** Keys of the request that its sender cannot choose (S3, "The meaning of public"). */
const binding =
  /^(aws:(SourceArn|SourceAccount|SourceOwner|SourceOrgID|SourceVpc|SourceVpce|PrincipalArn|PrincipalAccount|PrincipalOrgID|userid)|s3:DataAccessPoint(Arn|Account))$/i;

export const gcsPrivate: Rule = {
  id: "N25",
  name: "gcs-private",
  title:
    "GCS buckets enforce public access prevention and uniform access; nothing of theirs, of a secret or of a topic is granted to everybody.",
  family: "ingress",
  severity: "critical",
  reason: "Per-object lists are granted one by one and seen by nobody.",
  remediation: 'publicAccessPrevention: "enforced", uniformBucketLevelAccess: true',
  upstream: [
    "CKV_GCP_28",
    "CKV_GCP_29",
    "CKV_GCP_114",
    "GCP-0001",
    "GCP-0002",
    "bucket-public-access-prevention",
    "bucket-uniform-bucket-level-access",
    "CIS-GCP-5.1",
    "CIS-GCP-5.2",
  ],
  checks: {
    "gcp:storage/bucket:Bucket": function* ({ props }) {
      yield* requireOneOf(props.at("publicAccessPrevention"), ["enforced"], "inherited");
      yield* requireTrue(props.at("uniformBucketLevelAccess"));
    },
    ...each(gcpGrants, ({ props }) => refuseEverybody([...props.items("member"), ...props.items("members")])),
    ...each(
      [
        "gcp:storage/bucketACL:BucketACL",
        "gcp:storage/bucketAccessControl:BucketAccessControl",
        "gcp:storage/defaultObjectACL:DefaultObjectACL",
        "gcp:storage/defaultObjectAccessControl:DefaultObjectAccessControl",
        "gcp:storage/objectACL:ObjectACL",
        "gcp:storage/objectAccessControl:ObjectAccessControl",
      ],
      () => [{ found: "is a list of its own beside the bucket's IAM", mend: "Use BucketIAMMember." }],
    ),
  },
};

export function* refuseEverybody(members: readonly View[]): Generator<Outcome> {
  for (const member of members) {
    yield* attempt(function* () {
      if (member.matches(everybody)) yield { at: member, found: `is "${member.string()}"`, expected: "one account" };
    });
  }
}

export const storageAccountPrivate: Rule = {
  id: "N26",
  name: "storage-account-private",
  title: "Storage accounts have no public blobs, deny by default and take no traffic from public networks.",
  family: "ingress",
  severity: "critical",
  reason: "The default of each of these lets anybody knock who knows the name.",
  remediation:
    'allowBlobPublicAccess: false, publicNetworkAccess: "Disabled", networkRuleSet: { defaultAction: "Deny" }',
  upstream: [
    "CKV_AZURE_34",
    "CKV_AZURE_35",
    "CKV_AZURE_59",
    "CKV_AZURE_190",
    "CKV2_AZURE_33",
    "CKV2_AZURE_47",
    "AZU-0007",
    "AZU-0012",
    "storage-account-public-access",
    "storage-account-firewall",
    "CIS-AZ-10.3.2.1",
    "CIS-AZ-10.3.2.2",
    "CIS-AZ-10.3.2.3",
    "CIS-AZ-10.3.9",
  ],
  checks: {
    "azure-native:storage:StorageAccount": function* ({ props }) {
      yield* requireFalse(props.at("allowBlobPublicAccess"), true);
      yield* requireOneOf(props.at("publicNetworkAccess"), ["Disabled", "SecuredByPerimeter"], "Enabled");
      yield* requireOneOf(props.at("networkRuleSet", "defaultAction"), ["Deny"], "Allow");
    },
    "azure-native:storage:BlobContainer": ({ props }) => requireOneOf(props.at("publicAccess"), ["None"], "None"),
  },
  stack: function* (resource, stack) {
    if (resource.type !== "azure-native:storage:StorageAccount") return;
    const endpoints = pointingAt(
      stack,
      resource,
      ["azure-native:network:PrivateEndpoint"],
      "privateLinkServiceConnections",
    );
    if (endpoints.length === 0)
      yield { found: "has no private endpoint", mend: "new azure.network.PrivateEndpoint(…)" };
  },
};

export const vaultPrivate: Rule = {
  id: "N27",
  name: "vault-private",
  title: "Key vaults take no traffic from public networks and deny by default.",
  family: "ingress",
  severity: "critical",
  reason: "Whoever reaches a vault needs one leaked token to read every key.",
  remediation:
    'properties: { publicNetworkAccess: "disabled", networkAcls: { defaultAction: "Deny", bypass: "None" } }',
  upstream: ["CKV_AZURE_109", "CKV_AZURE_189", "CKV2_AZURE_32", "AZU-0013", "CIS-AZ-9.3.7", "CIS-AZ-9.3.8"],
  checks: {
    "azure-native:keyvault:Vault": function* ({ props }) {
      yield* requireOneOf(props.at("properties", "publicNetworkAccess"), ["disabled"], "enabled");
      yield* requireOneOf(props.at("properties", "networkAcls", "defaultAction"), ["Deny"], "Allow");
    },
    "azure-native:keyvault:ManagedHsm": function* ({ props }) {
      yield* requireOneOf(props.at("properties", "publicNetworkAccess"), ["Disabled"], "Enabled");
    },
  },
};

export const imagesPrivate: Rule = {
  id: "N28",
  name: "images-private",
  title: "Snapshots and images are shared with nobody outside of this deployment's accounts.",
  family: "ingress",
  severity: "critical",
  reason: "An image holds all that a node has, and who copied it keeps it.",
  remediation: "Name an account of `accounts`, or take the share out.",
  upstream: [
    "CKV_AWS_205",
    "ebs-snapshot-not-publicly-restorable",
    "persistent-disk-snapshot-not-publicly-restorable",
    "managed-disk-snapshot-restrict-public-access",
    "EC2.1",
  ],
  checks: {
    ...each(
      [
        "aws:ec2/amiLaunchPermission:AmiLaunchPermission",
        "aws:ec2/snapshotCreateVolumePermission:SnapshotCreateVolumePermission",
      ],
      // A launch permission without an account is for a group, an organization or everybody.
      ({ props, config }) => requireOneOf(props.at("accountId"), config.accounts),
    ),
    "aws:ec2/imageBlockPublicAccess:ImageBlockPublicAccess": ({ props }) =>
      requireOneOf(props.at("state"), ["block-new-sharing"]),
    "aws:ebs/snapshotBlockPublicAccess:SnapshotBlockPublicAccess": ({ props }) =>
      requireOneOf(props.at("state"), ["block-all-sharing"]),
    ...each(
      [
        "gcp:compute/imageIamMember:ImageIamMember",
        "gcp:compute/imageIamBinding:ImageIamBinding",
        "gcp:compute/snapshotIamMember:SnapshotIamMember",
        "gcp:compute/snapshotIamBinding:SnapshotIamBinding",
        "gcp:compute/diskIamMember:DiskIamMember",
        "gcp:compute/diskIamBinding:DiskIamBinding",
      ],
      ({ props }) => refuseEverybody([...props.items("member"), ...props.items("members")]),
    ),
    ...each(["azure-native:compute:Snapshot", "azure-native:compute:Disk"], function* ({ props }) {
      yield* requireOneOf(props.at("networkAccessPolicy"), ["DenyAll", "AllowPrivate"], "AllowAll");
      yield* requireOneOf(props.at("publicNetworkAccess"), ["Disabled"], "Enabled");
    }),
    "azure-native:compute:Gallery": ({ props }) =>
      requireOneOf(props.at("sharingProfile", "permissions"), ["Private"], "Private"),
  },
};
