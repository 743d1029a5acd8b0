import * as stores from "../../../../policies/rules/ingress/stores.ts";
import { at, type Cases, of, table, U } from "../kit.ts";
import { account, pab, s3, s3Pab } from "./scenes.ts";

const bucket = "aws:s3/bucket:Bucket";
const acl = "aws:s3/bucketAcl:BucketAcl";
const block = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";
const policy = "aws:s3/bucketPolicy:BucketPolicy";
const member = "gcp:storage/bucketIAMMember:BucketIAMMember";
const container = "azure-native:storage:BlobContainer";
const hsm = "azure-native:keyvault:ManagedHsm";
const launch = "aws:ec2/amiLaunchPermission:AmiLaunchPermission";
const volume = "aws:ec2/snapshotCreateVolumePermission:SnapshotCreateVolumePermission";
const disk = "azure-native:compute:Disk";
const closed = { networkAccessPolicy: "DenyAll", publicNetworkAccess: "Disabled" };
const gallery = "azure-native:compute:Gallery";
const groups = "http://acs.amazonaws.com/groups";
const everybody = `${groups}/global/AllUsers`;
const anybody = { Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "*" };
/** A bucket's policy that lets everybody in, but for what is changed. */
const open = (change: object = {}) => of(policy, { policy: { Statement: [{ ...anybody, ...change }] } });
const when = (Condition: object) => open({ Condition });
const own = { StringEquals: { "aws:PrincipalOrgID": "o-1" } };

export const storesCases: readonly Cases[] = [
  table(stores.bucketsPrivate, [s3, s3Pab], {
    passes: [
      ...["private", "bucket-owner-full-control", "log-delivery-write"].map((name) => of(acl, { acl: name })),
      of(acl, { accessControlPolicy: { grants: [{ grantee: { uri: `${groups}/s3/LogDelivery` } }] } }),
      of(acl, { accessControlPolicy: { grants: [{ grantee: { uri: `${everybody}Of` } }, { grantee: { id: "o" } }] } }),
      of(policy, { policy: JSON.stringify({ Statement: [{ Effect: "Deny", Principal: "*", Action: "*" }] }) }),
      open({ Principal: { AWS: "arn:aws:iam::123456789012:role/node" } }),
      open({ Effect: "Deny", Principal: undefined, NotPrincipal: { AWS: "123456789012" } }),
      // Requests of this deployment alone, whoever sends them.
      when(own),
      when({ "ForAnyValue:StringLike": { "aws:sourcevpce": ["vpce-1", "vpce-2"] } }),
      when({
        ArnLike: { "aws:SourceArn": "arn:aws:sns:eu-central-1:1:topic" },
        Bool: { "aws:SecureTransport": "true" },
      }),
      [of(bucket, { id: "cache-1" }, { name: "cache" }), of(block, { ...pab, bucket: "cache-1" }, { name: "pab" })],
      [of(bucket, { bucket: "cache-1" }, { name: "cache" }), of(block, { ...pab, bucket: "cache-1" }, { name: "pab" })],
    ],
    fails: [
      ...Object.keys(pab).map((key) => at(of(block, { ...pab, [key]: false }), key)),
      at(of(acl, { acl: "public-read" }), "acl"),
      at(open({ Principal: { AWS: "*" } }), "policy.Statement[0]"),
      at(open({ Principal: undefined, NotPrincipal: { AWS: "123456789012" } }), "policy.Statement[0]"),
      // Conditions that anybody can meet.
      when({ Bool: { "aws:SecureTransport": "true" } }),
      when({ StringLike: { "aws:PrincipalArn": ["arn:aws:iam::1:role/x", "*"] } }),
      when({ StringEquals: { "aws:UserAgent": "logos" } }),
      when({ StringNotEquals: own.StringEquals }),
      when({ StringEqualsIfExists: own.StringEquals }),
      when({ NotStringEquals: own.StringEquals }),
      when({ StringEquals: { "x-aws:SourceVpc": "vpc-1", "aws:SourceVpcTag": "x" } }),
      at(of(policy, { policy: "{" }), "policy"),
      at([s3], "cache"),
      at([s3, of(bucket, {}, { name: "logs" }), s3Pab], "logs"),
      at([s3, of(block, { ...pab, bucket: U }, { name: "pab" })], "cache"),
      at([of(bucket, { id: U }, { name: "cache" }), of(block, { ...pab, bucket: "logs" }, { name: "pab" })], "cache"),
      at(
        [of(bucket, { id: "cache-1" }, { name: "cache" }), of(block, { ...pab, bucket: "x" }, { name: "b" })],
        "cache",
      ),
    ],
    unknown: [of(block, { ...pab, blockPublicAcls: U })],
    later: [of(policy, { policy: U }), when({ StringEquals: { "aws:SourceVpce": U } })],
    omitted: [
      [of(block, {}), "fails"],
      [of(acl, {}), "passes"],
      [[s3, of(block, pab, { name: "pab" })], "fails"],
    ],
    twins: [
      of("aws:s3/bucketAclV2:BucketAclV2", { acl: "public-read-write" }),
      of(bucket, { acl: "public-read" }),
      of("aws:s3/bucketV2:BucketV2", { policy: JSON.stringify({ Statement: anybody }) }),
      at(
        of(acl, { accessControlPolicy: { grants: [{ grantee: { uri: everybody } }] } }),
        "accessControlPolicy.grants[0].grantee.uri",
      ),
      at(of(bucket, { grants: [{ uri: `${groups}/global/AuthenticatedUsers` }] }), "grants[0].uri"),
      of("aws:s3/bucketObject:BucketObject", { acl: "public-read" }),
      ...["aws:secretsmanager/secretPolicy:SecretPolicy", "aws:sns/topicPolicy:TopicPolicy"].map((type) =>
        at(of(type, { policy: JSON.stringify({ Statement: anybody }) }), "policy.Statement"),
      ),
    ],
  }),
  table(
    stores.gcsPrivate,
    of("gcp:storage/bucket:Bucket", { publicAccessPrevention: "enforced", uniformBucketLevelAccess: true }),
    {
      passes: [of(member, { member: "serviceAccount:x" }), of(member, { member: "group:allUsers@example.org" })],
      fails: [
        at({ publicAccessPrevention: "inherited" }, "publicAccessPrevention"),
        at({ uniformBucketLevelAccess: false }, "uniformBucketLevelAccess"),
        at(of(member, { member: "allUsers" }), "member"),
      ],
      unknown: [{ publicAccessPrevention: U }],
      omitted: [
        ["publicAccessPrevention", "fails"],
        ["uniformBucketLevelAccess", "fails"],
      ],
      twins: [
        at(
          of("gcp:storage/bucketIAMBinding:BucketIAMBinding", { members: ["user:x", U, "allAuthenticatedUsers"] }),
          "members[2]",
        ),
        of("gcp:storage/bucketACL:BucketACL"),
        at(of("gcp:secretmanager/secretIamMember:SecretIamMember", { member: "allUsers" }), "member"),
        at(of("gcp:pubsub/topicIAMMember:TopicIAMMember", { member: "allAuthenticatedUsers" }), "member"),
        of("gcp:storage/objectAccessControl:ObjectAccessControl"),
      ],
    },
  ),
  table(stores.storageAccountPrivate, of("azure-native:storage:StorageAccount", account), {
    passes: [
      { publicNetworkAccess: "SecuredByPerimeter" },
      of(container, { publicAccess: "None" }),
      [
        of("azure-native:storage:StorageAccount", account, { name: "a" }),
        of(
          "azure-native:network:PrivateEndpoint",
          {},
          { name: "e", madeFrom: { privateLinkServiceConnections: ["a"] } },
        ),
      ],
    ],
    fails: [
      at({ allowBlobPublicAccess: true }, "allowBlobPublicAccess"),
      at({ publicNetworkAccess: "Enabled" }, "publicNetworkAccess"),
      at({ "networkRuleSet.defaultAction": "Allow" }, "networkRuleSet.defaultAction"),
      at(of(container, { publicAccess: "Blob" }), "publicAccess"),
      at([of("azure-native:storage:StorageAccount", account, { name: "a" })], "a"),
    ],
    unknown: [{ allowBlobPublicAccess: U }],
    omitted: [
      ["allowBlobPublicAccess", "fails"],
      ["publicNetworkAccess", "fails"],
      ["networkRuleSet", "fails"],
      [of(container, {}), "passes"],
    ],
    twins: [
      of("azure-native:storage/v20240101:StorageAccount", { ...account, allowBlobPublicAccess: true }),
      of("azure-native:storage:BlobContainer", { publicAccess: "Container" }),
    ],
  }),
  table(
    stores.vaultPrivate,
    of("azure-native:keyvault:Vault", {
      properties: { publicNetworkAccess: "disabled", networkAcls: { defaultAction: "Deny" } },
    }),
    {
      passes: [
        { "properties.publicNetworkAccess": "Disabled" },
        of(hsm, { properties: { publicNetworkAccess: "Disabled" } }),
      ],
      fails: [
        at({ "properties.publicNetworkAccess": "enabled" }, "properties.publicNetworkAccess"),
        at({ "properties.networkAcls.defaultAction": "Allow" }, "properties.networkAcls.defaultAction"),
        { properties: {} },
      ],
      unknown: [{ "properties.publicNetworkAccess": U }],
      omitted: [
        ["properties.networkAcls", "fails"],
        ["properties.publicNetworkAccess", "fails"],
      ],
      twins: [
        at(of(hsm, { properties: {} }), "properties.publicNetworkAccess"),
        of("azure-native:keyvault/v20240101:Vault", { properties: {} }),
      ],
    },
  ),
  table(stores.imagesPrivate, of(launch, { accountId: "123456789012" }), {
    config: { profile: "standard", accounts: ["123456789012", "210987654321"] },
    passes: [
      of(volume, { accountId: "210987654321" }),
      of("aws:ec2/imageBlockPublicAccess:ImageBlockPublicAccess", { state: "block-new-sharing" }),
      of("aws:ebs/snapshotBlockPublicAccess:SnapshotBlockPublicAccess", { state: "block-all-sharing" }),
      of(disk, closed),
      of(disk, { ...closed, networkAccessPolicy: "AllowPrivate" }),
      of(gallery, { sharingProfile: { permissions: "Private" } }),
    ],
    fails: [
      at({ accountId: "999999999999" }, "accountId"),
      at(of("aws:ec2/imageBlockPublicAccess:ImageBlockPublicAccess", { state: "unblocked" }), "state"),
      at(of("aws:ebs/snapshotBlockPublicAccess:SnapshotBlockPublicAccess", { state: "block-new-sharing" }), "state"),
      at(of(disk, { ...closed, networkAccessPolicy: "AllowAll" }), "networkAccessPolicy"),
      at(of(disk, { ...closed, publicNetworkAccess: "Enabled" }), "publicNetworkAccess"),
      at(of(gallery, { sharingProfile: { permissions: "Community" } }), "sharingProfile.permissions"),
    ],
    unknown: [{ accountId: U }],
    omitted: [
      [at(of(launch, { group: "all" }), "accountId"), "fails"],
      [at(of("azure-native:compute:Snapshot", {}), "networkAccessPolicy", "publicNetworkAccess"), "fails"],
      [of(gallery, {}), "passes"],
    ],
    twins: [
      at(of(volume, { accountId: "x" }), "accountId"),
      of("gcp:compute/imageIamMember:ImageIamMember", { member: "allUsers" }),
      of("gcp:compute/snapshotIamBinding:SnapshotIamBinding", { members: ["allAuthenticatedUsers"] }),
    ],
  }),
];
