import * as transit from "../../../policies/rules/transit/transit.ts";
import { type Cases, of, table, U } from "./kit.ts";

const bucket = of("aws:s3/bucket:Bucket", {}, { name: "cache" });
const account = "azure-native:storage:StorageAccount";
const tls = {
  Effect: "Deny",
  Principal: "*",
  Action: "s3:*",
  Resource: "*",
  Condition: { Bool: { "aws:SecureTransport": "false" } },
};
const policy = "aws:s3/bucketPolicy:BucketPolicy";

export const transitCases: readonly Cases[] = [
  table(transit.bucketsTls, of(policy, { policy: { Statement: [tls] } }), {
    passes: [
      { policy: JSON.stringify({ Statement: tls }) },
      [bucket, of(policy, { policy: { Statement: [tls] } }, { name: "p", madeFrom: { bucket: ["cache"] } })],
    ],
    fails: [
      { policy: { Statement: [{ ...tls, Effect: "Allow" }] } },
      { policy: { Statement: [{ ...tls, Action: "s3:GetObject" }] } },
      { policy: { Statement: [{ ...tls, Condition: { Bool: { "aws:SecureTransport": "true" } } }] } },
      { policy: "{" },
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
    fails: [{ minimumTlsVersion: "TLS1_1" }, { enableHttpsTrafficOnly: false }, { minimumTlsVersion: "TLS1_0" }],
    unknown: [{ minimumTlsVersion: U }],
    omitted: [
      ["minimumTlsVersion", "fails"],
      ["enableHttpsTrafficOnly", "passes"],
    ],
    twins: [of("azure-native:storage/v20240101:StorageAccount", {})],
  }),
  table(transit.sessionsEncrypted, of("aws:ssm/document:Document", { documentType: "Command" }), {
    passes: [
      {
        documentType: "Session",
        content: JSON.stringify({
          inputs: { s3EncryptionEnabled: true, cloudWatchEncryptionEnabled: true, kmsKeyId: "k" },
        }),
      },
    ],
    fails: [
      { permissions: { type: "Share", accountIds: "All" } },
      { documentType: "Session", content: JSON.stringify({ inputs: {} }) },
      { documentType: "Session", content: "{" },
    ],
    unknown: [{ documentType: U }],
    omitted: [["permissions", "passes"]],
    twins: "No other token makes a document.",
  }),
  table(transit.modernTls, of("gcp:compute/sSLPolicy:SSLPolicy", { minTlsVersion: "TLS_1_2", profile: "MODERN" }), {
    passes: [{ profile: "RESTRICTED" }],
    fails: [{ minTlsVersion: "TLS_1_1" }, { profile: "COMPATIBLE" }, { profile: "CUSTOM" }],
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
