import * as transit from "../../../policies/rules/transit/transit.ts";
import { at, type Cases, type Change, of, table, U } from "./kit.ts";

const bucket = of("aws:s3/bucket:Bucket", {}, { name: "cache" });
const account = "azure-native:storage:StorageAccount";
const arn = "arn:aws:s3:::cache";
const tls = {
  Effect: "Deny",
  Principal: "*",
  Action: "s3:*",
  Resource: [arn, `${arn}/*`],
  Condition: { Bool: { "aws:SecureTransport": "false" } },
};
const policy = "aws:s3/bucketPolicy:BucketPolicy";
const denial = (change: object): Change => ({ policy: { Statement: [{ ...tls, ...change }] } });
const document = "aws:ssm/document:Document";
const inputs = { s3EncryptionEnabled: true, cloudWatchEncryptionEnabled: true, kmsKeyId: "k", s3BucketName: "logs" };
const session = (change: object): Change => ({
  documentType: "Session",
  content: JSON.stringify({ inputs: { ...inputs, ...change } }),
});

export const transitCases: readonly Cases[] = [
  table(transit.bucketsTls, of(policy, { policy: { Statement: [tls] } }), {
    passes: [
      { policy: JSON.stringify({ Statement: tls }) },
      denial({ Principal: { AWS: ["*"] }, Action: ["s3:Get*", "*"], Resource: "*" }),
      denial({ Condition: { Bool: { "aws:SecureTransport": [false] } } }),
      { policy: { Statement: [{ Effect: "Allow", Principal: { AWS: "1" }, Action: "s3:GetObject" }, tls] } },
      [bucket, of(policy, { policy: { Statement: [tls] } }, { name: "p", madeFrom: { bucket: ["cache"] } })],
    ],
    fails: [
      at(denial({ Effect: "Allow" }), "policy"),
      denial({ Effect: undefined }),
      denial({ Principal: { AWS: "arn:aws:iam::123456789012:root" } }),
      denial({ Action: "s3:GetObject" }),
      denial({ Action: ["s3:*Object", "s3:Get*"] }),
      denial({ Condition: { Bool: { "aws:SecureTransport": "true" } } }),
      denial({ Condition: {} }),
      // What is denied only under another condition too, or for some objects, or not for the list of them.
      denial({ Condition: { ...tls.Condition, StringEquals: { "aws:PrincipalTag/team": "x" } } }),
      denial({ Condition: { Bool: { "aws:SecureTransport": "false", "aws:ViaAWSService": "false" } } }),
      denial({ Resource: [arn, `${arn}/public/*`] }),
      denial({ Resource: [arn, `${arn}/*.vo`] }),
      denial({ Resource: `${arn}/*` }),
      denial({ Resource: arn }),
      at({ policy: "{" }, "policy"),
    ],
    later: [{ policy: U }],
    omitted: [
      ["policy", "fails"],
      [[bucket], "fails"],
    ],
    twins: [[of("aws:s3/bucketV2:BucketV2", {})]],
  }),
  table(transit.storageTls, of(account, { minimumTlsVersion: "TLS1_2" }), {
    passes: [{ minimumTlsVersion: "TLS1_3", enableHttpsTrafficOnly: true }],
    fails: [
      at({ minimumTlsVersion: "TLS1_1" }, "minimumTlsVersion"),
      at({ enableHttpsTrafficOnly: false }, "enableHttpsTrafficOnly"),
      { minimumTlsVersion: "TLS1_0" },
    ],
    unknown: [{ minimumTlsVersion: U }],
    omitted: [
      ["minimumTlsVersion", "fails"],
      ["enableHttpsTrafficOnly", "passes"],
    ],
    twins: [of("azure-native:storage/v20240101:StorageAccount", {})],
  }),
  table(transit.sessionsEncrypted, of(document, { documentType: "Command", content: "schemaVersion: '2.2'" }), {
    passes: [
      session({}),
      session({ s3BucketName: "", cloudWatchLogGroupName: "sessions" }),
      { permissions: { type: "Share", account_ids: "123456789012" } },
    ],
    fails: [
      at({ permissions: { type: "Share", account_ids: "All" } }, "permissions.account_ids"),
      at({ permissions: { type: "Share", accountIds: "all" } }, "permissions.accountIds"),
      at(session({ s3EncryptionEnabled: false }), "content.inputs.s3EncryptionEnabled"),
      at(session({ cloudWatchEncryptionEnabled: undefined }), "content.inputs.cloudWatchEncryptionEnabled"),
      at(session({ kmsKeyId: "" }), "content.inputs.kmsKeyId"),
      at(session({ s3BucketName: "" }), "content.inputs"),
      at({ documentType: "Session", content: "{" }, "content"),
    ],
    unknown: [at({ documentType: U }, "documentType"), { permissions: U }, { documentType: "Session", content: U }],
    omitted: [
      ["permissions", "passes"],
      [at({ documentType: "Session", content: undefined }, "content"), "fails"],
    ],
    twins: "No other token makes a document.",
  }),
  table(transit.modernTls, of("gcp:compute/sSLPolicy:SSLPolicy", { minTlsVersion: "TLS_1_2", profile: "MODERN" }), {
    passes: [{ profile: "RESTRICTED", minTlsVersion: "TLS_1_3" }, { profile: "FIPS_202205" }],
    fails: [
      at({ minTlsVersion: "TLS_1_1" }, "minTlsVersion"),
      at({ profile: "COMPATIBLE" }, "profile"),
      { profile: "CUSTOM" },
    ],
    unknown: [{ profile: U }],
    omitted: [
      ["minTlsVersion", "fails"],
      ["profile", "fails"],
    ],
    twins: [of("gcp:compute/regionSslPolicy:RegionSslPolicy", {})],
  }),
  table(transit.noLegacyShares, of(account, {}), {
    passes: [{ isSftpEnabled: false }],
    fails: [{ isSftpEnabled: true }, { enableNfsV3: true }, { allowCrossTenantReplication: true }],
    unknown: [{ isSftpEnabled: U }],
    omitted: [["isSftpEnabled", "passes"]],
    twins: [of("azure-native:storage/v20240101:StorageAccount", { isSftpEnabled: true })],
  }),
];
