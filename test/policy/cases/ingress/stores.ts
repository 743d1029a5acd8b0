import * as stores from "../../../../policies/rules/ingress/stores.ts";
import { type Cases, of, table, U } from "../kit.ts";
import { account, pab, s3, s3Pab } from "./scenes.ts";

export const storesCases: readonly Cases[] = [
  table(stores.bucketsPrivate, [s3, s3Pab], {
    passes: [
      of("aws:s3/bucketAcl:BucketAcl", { acl: "private" }),
      of("aws:s3/bucketPolicy:BucketPolicy", {
        policy: JSON.stringify({ Statement: [{ Effect: "Deny", Principal: "*", Action: "*" }] }),
      }),
    ],
    fails: [
      ...Object.keys(pab).map((key) =>
        of("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", { ...pab, [key]: false }),
      ),
      of("aws:s3/bucketAcl:BucketAcl", { acl: "public-read" }),
      of("aws:s3/bucketPolicy:BucketPolicy", {
        policy: { Statement: [{ Effect: "Allow", Principal: { AWS: "*" }, Action: "s3:GetObject" }] },
      }),
      of("aws:s3/bucketPolicy:BucketPolicy", { policy: "{" }),
      [s3],
    ],
    unknown: [of("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", { ...pab, blockPublicAcls: U })],
    later: [of("aws:s3/bucketPolicy:BucketPolicy", { policy: U })],
    omitted: [
      [of("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", {}), "fails"],
      [of("aws:s3/bucketAcl:BucketAcl", {}), "passes"],
    ],
    twins: [
      of("aws:s3/bucketAclV2:BucketAclV2", { acl: "public-read-write" }),
      of("aws:s3/bucket:Bucket", { acl: "public-read" }),
      of("aws:s3/bucketV2:BucketV2", {
        policy: JSON.stringify({ Statement: { Effect: "Allow", Principal: "*", Action: "*" } }),
      }),
      of("aws:s3/bucketAcl:BucketAcl", {
        accessControlPolicy: { grants: [{ grantee: { uri: "http://acs.amazonaws.com/groups/global/AllUsers" } }] },
      }),
      of("aws:s3/bucketObject:BucketObject", { acl: "public-read" }),
    ],
  }),
  table(
    stores.gcsPrivate,
    of("gcp:storage/bucket:Bucket", { publicAccessPrevention: "enforced", uniformBucketLevelAccess: true }),
    {
      passes: [of("gcp:storage/bucketIAMMember:BucketIAMMember", { member: "serviceAccount:x" })],
      fails: [
        { publicAccessPrevention: "inherited" },
        { uniformBucketLevelAccess: false },
        of("gcp:storage/bucketIAMMember:BucketIAMMember", { member: "allUsers" }),
      ],
      unknown: [{ publicAccessPrevention: U }],
      omitted: [
        ["publicAccessPrevention", "fails"],
        ["uniformBucketLevelAccess", "fails"],
      ],
      twins: [
        of("gcp:storage/bucketIAMBinding:BucketIAMBinding", { members: ["user:x", "allAuthenticatedUsers"] }),
        of("gcp:storage/bucketACL:BucketACL"),
        of("gcp:storage/objectAccessControl:ObjectAccessControl"),
      ],
    },
  ),
  table(stores.storageAccountPrivate, of("azure-native:storage:StorageAccount", account), {
    passes: [
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
      { allowBlobPublicAccess: true },
      { publicNetworkAccess: "Enabled" },
      { "networkRuleSet.defaultAction": "Allow" },
      of("azure-native:storage:BlobContainer", { publicAccess: "Blob" }),
      [of("azure-native:storage:StorageAccount", account, { name: "a" })],
    ],
    unknown: [{ allowBlobPublicAccess: U }],
    omitted: [
      ["allowBlobPublicAccess", "fails"],
      ["publicNetworkAccess", "fails"],
      ["networkRuleSet", "fails"],
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
      passes: [{ "properties.publicNetworkAccess": "Disabled" }],
      fails: [
        { "properties.publicNetworkAccess": "enabled" },
        { "properties.networkAcls.defaultAction": "Allow" },
        { properties: {} },
      ],
      unknown: [{ "properties.publicNetworkAccess": U }],
      omitted: [
        ["properties.networkAcls", "fails"],
        ["properties.publicNetworkAccess", "fails"],
      ],
      twins: [
        of("azure-native:keyvault:ManagedHsm", { properties: {} }),
        of("azure-native:keyvault/v20240101:Vault", { properties: {} }),
      ],
    },
  ),
  table(stores.imagesPrivate, of("aws:ec2/amiLaunchPermission:AmiLaunchPermission", { accountId: "123456789012" }), {
    config: { profile: "standard", accounts: ["123456789012"] },
    passes: [of("azure-native:compute:Disk", { networkAccessPolicy: "DenyAll", publicNetworkAccess: "Disabled" })],
    fails: [
      { accountId: "999999999999" },
      of("aws:ec2/imageBlockPublicAccess:ImageBlockPublicAccess", { state: "unblocked" }),
      of("aws:ebs/snapshotBlockPublicAccess:SnapshotBlockPublicAccess", { state: "block-new-sharing" }),
      of("azure-native:compute:Disk", { networkAccessPolicy: "AllowAll", publicNetworkAccess: "Disabled" }),
    ],
    unknown: [{ accountId: U }],
    omitted: [
      [of("aws:ec2/amiLaunchPermission:AmiLaunchPermission", { group: "all" }), "fails"],
      [of("azure-native:compute:Snapshot", {}), "fails"],
      [of("azure-native:compute:Gallery", {}), "passes"],
    ],
    twins: [
      of("aws:ec2/snapshotCreateVolumePermission:SnapshotCreateVolumePermission", { accountId: "x" }),
      of("gcp:compute/imageIamMember:ImageIamMember", { member: "allUsers" }),
      of("gcp:compute/snapshotIamBinding:SnapshotIamBinding", { members: ["allAuthenticatedUsers"] }),
    ],
  }),
];
