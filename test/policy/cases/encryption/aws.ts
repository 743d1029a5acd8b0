import * as aws from "../../../../policies/rules/encryption/aws.ts";
import { disksEncrypted } from "../../../../policies/rules/encryption/disks-encrypted.ts";
import { at, type Cases, of, table, U } from "../kit.ts";

const instance = "aws:ec2/instance:Instance";
const volume = "aws:ebs/volume:Volume";
const template = "aws:ec2/launchTemplate:LaunchTemplate";
const bucket = of("aws:s3/bucket:Bucket", {}, { name: "cache" });
const sse = {
  rules: [
    { applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: U }, bucketKeyEnabled: true },
  ],
};
const sseType = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";
/** A store of access logs, encrypted as S3 wants it. */
const logStore = [
  of("aws:s3/bucket:Bucket", {}, { name: "logs" }),
  of(
    sseType,
    { rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" }, bucketKeyEnabled: true }] },
    { name: "data-logs", madeFrom: { bucket: ["logs"] } },
  ),
];
const key = {
  enableKeyRotation: true,
  deletionWindowInDays: 30,
  policy: JSON.stringify({
    Statement: [{ Effect: "Allow", Principal: { AWS: "arn:aws:iam::1:role/x" }, Action: "kms:*" }],
  }),
};
const allows = (statement: object) =>
  JSON.stringify({ Statement: [{ Effect: "Allow", Action: "kms:*", ...statement }] });
const gcpKept = { rotationPeriod: "7776000s", deletionPolicy: "PREVENT" };
const spotFleet = "aws:ec2/spotFleetRequest:SpotFleetRequest";
const keyType = "aws:kms/key:Key";
const cryptoKey = "gcp:kms/cryptoKey:CryptoKey";

export const awsCases: readonly Cases[] = [
  table(
    aws.instanceDisks,
    of(instance, { rootBlockDevice: { encrypted: true }, ebsBlockDevices: [{ encrypted: true }] }),
    {
      passes: [
        { ebsBlockDevices: [] },
        of(spotFleet, {
          launchSpecifications: [{ rootBlockDevices: [{ encrypted: true }], ebsBlockDevices: [{ encrypted: true }] }],
        }),
      ],
      fails: [
        at({ "rootBlockDevice.encrypted": false }, "rootBlockDevice.encrypted"),
        at({ "ebsBlockDevices[0].encrypted": false }, "ebsBlockDevices[0].encrypted"),
        at({ "rootBlockDevice.encrypted": U, "ebsBlockDevices[0].encrypted": false }, "ebsBlockDevices[0].encrypted"),
      ],
      unknown: [{ "rootBlockDevice.encrypted": U }, { ebsBlockDevices: U }],
      omitted: [
        ["rootBlockDevice", "fails"],
        ["ebsBlockDevices[0].encrypted", "fails"],
        ["ebsBlockDevices", "passes"],
      ],
      twins: [
        of("aws:ec2/launchConfiguration:LaunchConfiguration", {}),
        of("aws:ec2/spotInstanceRequest:SpotInstanceRequest", {}),
        at(
          of(spotFleet, {
            launchSpecifications: [
              { rootBlockDevices: [{ encrypted: false }] },
              { rootBlockDevices: [{ encrypted: true }], ebsBlockDevices: [{}] },
            ],
          }),
          "launchSpecifications[0].rootBlockDevices[0].encrypted",
          "launchSpecifications[1].ebsBlockDevices[0].encrypted",
        ),
        at(of(spotFleet, { launchSpecifications: [{}] }), "launchSpecifications[0]"),
      ],
    },
  ),
  table(
    aws.templateDisks,
    of(template, { blockDeviceMappings: [{ deviceName: "/dev/sda1", ebs: { encrypted: "true", kmsKeyId: U } }] }),
    {
      passes: [
        { "blockDeviceMappings[1]": { noDevice: "" } },
        { "blockDeviceMappings[0].ebs.encrypted": true },
        { "blockDeviceMappings[0].deviceName": "/dev/xvda" },
        { "blockDeviceMappings[0].deviceName": U },
        { "blockDeviceMappings[1]": { deviceName: "/dev/sdf", ebs: { encrypted: "true", kmsKeyId: "arn" } } },
      ],
      fails: [
        at({ "blockDeviceMappings[0].ebs.encrypted": "false" }, "blockDeviceMappings[0].ebs.encrypted"),
        at({ "blockDeviceMappings[0].ebs.kmsKeyId": "" }, "blockDeviceMappings[0].ebs.kmsKeyId"),
        { "blockDeviceMappings[0].ebs.kmsKeyId": "alias/aws/ebs" },
        { "blockDeviceMappings[0].ebs": {} },
        at({ blockDeviceMappings: [] }, "blockDeviceMappings"),
        // The cache's disk alone: the first one is as the account's default says.
        at({ "blockDeviceMappings[0].deviceName": "/dev/sdf" }, "blockDeviceMappings"),
      ],
      unknown: [{ "blockDeviceMappings[0].ebs.encrypted": U }, at({ blockDeviceMappings: U }, "blockDeviceMappings")],
      omitted: [
        ["blockDeviceMappings", "fails"],
        ["blockDeviceMappings[0].ebs.encrypted", "fails"],
        ["blockDeviceMappings[0].ebs.kmsKeyId", "fails"],
      ],
      twins: "The other tokens that map disks are E01's; no second token makes a launch template.",
    },
  ),
  table(
    aws.volumesEncrypted,
    [
      of(volume, { encrypted: true, kmsKeyId: U }, { name: "v" }),
      of("aws:ec2/volumeAttachment:VolumeAttachment", {}, { name: "a", madeFrom: { volumeId: ["v"] } }),
    ],
    {
      passes: [
        of(volume, { encrypted: true, kmsKeyId: "arn" }),
        // As a state has it, which keeps no properties' sources.
        [
          of(volume, { encrypted: true, kmsKeyId: "arn", id: "vol-1" }, { name: "v" }),
          of("aws:ec2/volumeAttachment:VolumeAttachment", { volumeId: "vol-1" }, { name: "a" }),
        ],
        // The machine finds it by its tag, and is made after it.
        [
          of(volume, { encrypted: true, kmsKeyId: "arn" }, { name: "v" }),
          of(instance, {}, { name: "control", dependsOn: ["v"] }),
        ],
      ],
      fails: [
        at(of(volume, { encrypted: false, kmsKeyId: "arn" }), "encrypted"),
        at(of(volume, { encrypted: true, kmsKeyId: "" }), "kmsKeyId"),
        of(volume, { encrypted: true, kmsKeyId: "arn:aws:kms:eu-central-1:1:alias/aws/ebs" }),
        at([of(volume, { encrypted: true, kmsKeyId: "arn" }, { name: "v" })], "v"),
        at(
          [
            of(volume, { encrypted: true, kmsKeyId: "arn" }, { name: "v" }),
            of(instance, {}, { name: "control" }),
            of(instance, {}, { name: "bastion", dependsOn: ["control"] }),
          ],
          "v",
        ),
      ],
      unknown: [of(volume, { encrypted: U, kmsKeyId: "arn" })],
      omitted: [
        ["encrypted", "fails"],
        ["kmsKeyId", "fails"],
      ],
      twins: "aws:ebs/volumeCopy:VolumeCopy is refused by G03, as no rule reads it.",
    },
  ),
  table(aws.encryptionByDefault, of("aws:ebs/encryptionByDefault:EncryptionByDefault", { enabled: true }), {
    passes: [{ enabled: "true" }],
    fails: [{ enabled: false }, { enabled: "false" }, { enabled: "no" }],
    unknown: [{ enabled: U }],
    omitted: [["enabled", "passes"]],
    twins: "The account has one such switch, and one token sets it.",
  }),
  table(aws.imagesEncrypted, of("aws:ec2/amiCopy:AmiCopy", { encrypted: true, kmsKeyId: U }), {
    passes: [
      of("aws:ec2/ami:Ami", { ebsBlockDevices: [{ snapshotId: U }] }),
      of("aws:ec2/ami:Ami", { ebsBlockDevices: [{ snapshotId: "snap-1" }, { volumeSize: 1, encrypted: true }] }),
    ],
    fails: [
      at({ encrypted: false }, "encrypted"),
      at({ kmsKeyId: "" }, "kmsKeyId"),
      at(of("aws:ec2/ami:Ami", { ebsBlockDevices: [{ volumeSize: 1 }] }), "ebsBlockDevices[0].encrypted"),
    ],
    unknown: [{ encrypted: U }],
    omitted: [
      ["encrypted", "fails"],
      ["kmsKeyId", "fails"],
    ],
    twins: [of("aws:ebs/snapshotCopy:SnapshotCopy", {})],
  }),
  table(aws.efsEncrypted, of("aws:efs/fileSystem:FileSystem", { encrypted: true, kmsKeyId: U }), {
    passes: [{ kmsKeyId: "arn" }],
    fails: [
      at({ encrypted: false }, "encrypted"),
      at({ kmsKeyId: "" }, "kmsKeyId"),
      { kmsKeyId: "alias/aws/elasticfilesystem" },
      { encrypted: "false" },
    ],
    unknown: [{ encrypted: U }],
    omitted: [
      ["encrypted", "fails"],
      ["kmsKeyId", "fails"],
    ],
    twins: "No other token makes a file system here; those of FSx are refused by G03.",
  }),
  table(aws.bucketsEncrypted, of(sseType, sse), {
    passes: [
      { "rules[0].applyServerSideEncryptionByDefault.sseAlgorithm": "aws:kms:dsse" },
      [bucket, of(sseType, sse, { name: "s", madeFrom: { bucket: ["cache"] } })],
      [of("aws:s3/bucket:Bucket", { serverSideEncryptionConfiguration: { rule: sse.rules[0] } })],
      [of("aws:s3/bucketV2:BucketV2", { serverSideEncryptionConfigurations: [sse] })],
      [
        bucket,
        of(sseType, sse, { name: "s", madeFrom: { bucket: ["cache"] } }),
        ...logStore,
        of(
          "aws:s3/bucketLogging:BucketLogging",
          {},
          { name: "data-logs", madeFrom: { bucket: ["cache"], targetBucket: ["logs"] } },
        ),
      ],
    ],
    fails: [
      at(logStore, "data-logs"),
      at(
        { "rules[0].applyServerSideEncryptionByDefault.sseAlgorithm": "AES256" },
        "rules[0].applyServerSideEncryptionByDefault.sseAlgorithm",
      ),
      at(
        { "rules[0].applyServerSideEncryptionByDefault.kmsMasterKeyId": "" },
        "rules[0].applyServerSideEncryptionByDefault.kmsMasterKeyId",
      ),
      { "rules[0].applyServerSideEncryptionByDefault.kmsMasterKeyId": "alias/aws/s3" },
      at({ "rules[0].bucketKeyEnabled": false }, "rules[0].bucketKeyEnabled"),
      at([bucket], "cache"),
      at([of("aws:s3/bucketV2:BucketV2", { serverSideEncryptionConfigurations: [{}] })], "it"),
    ],
    unknown: [{ "rules[0].applyServerSideEncryptionByDefault.sseAlgorithm": U }],
    omitted: [
      [at("rules", "rules"), "fails"],
      ["rules[0].bucketKeyEnabled", "fails"],
    ],
    twins: [
      of("aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2", { rules: [{}] }),
      of("aws:s3/bucket:Bucket", {
        serverSideEncryptionConfiguration: { rule: { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } } },
      }),
      at(
        of("aws:s3/bucketV2:BucketV2", {
          serverSideEncryptionConfigurations: [sse, { rules: [{ ...sse.rules[0], bucketKeyEnabled: false }] }],
        }),
        "serverSideEncryptionConfigurations[1].rules[0].bucketKeyEnabled",
      ),
    ],
  }),
  table(aws.logsEncrypted, of("aws:cloudwatch/logGroup:LogGroup", { kmsKeyId: U }), {
    passes: [
      of("aws:ssm/parameter:Parameter", { type: "SecureString", keyId: U }),
      of("aws:sns/topic:Topic", { kmsMasterKeyId: "alias/logos" }),
    ],
    fails: [
      at({ kmsKeyId: "" }, "kmsKeyId"),
      at(of("aws:ssm/parameter:Parameter", { type: "String", keyId: U }), "type"),
      at(of("aws:sns/topic:Topic", { kmsMasterKeyId: null }), "kmsMasterKeyId"),
      of("aws:sns/topic:Topic", { kmsMasterKeyId: "alias/aws/sns" }),
    ],
    unknown: [of("aws:ssm/parameter:Parameter", { type: U, keyId: U })],
    omitted: [["kmsKeyId", "fails"]],
    twins: [
      of("aws:sns/topic:Topic", {}),
      of("aws:sqs/queue:Queue", {}),
      of("aws:secretsmanager/secret:Secret", {}),
      at(of("aws:ssm/parameter:Parameter", { type: "SecureString" }), "keyId"),
    ],
  }),
  table(aws.keysKept, of(keyType, key), {
    passes: [
      { customerMasterKeySpec: "ECC_NIST_P256", enableKeyRotation: false },
      { policy: allows({ Principal: "*", Condition: { StringEquals: { "kms:CallerAccount": "1" } } }) },
      { policy: JSON.stringify({ Statement: [{ Effect: "Deny", Principal: "*", Action: "kms:*" }] }) },
      of("aws:kms/replicaKey:ReplicaKey", { policy: key.policy }),
      of(cryptoKey, gcpKept),
      of(cryptoKey, { ...gcpKept, rotationPeriod: "86400s" }),
      of(cryptoKey, { ...gcpKept, rotationPeriod: "7776000.000000000s", deletionPolicy: "ABANDON" }),
      of(cryptoKey, { purpose: "ASYMMETRIC_SIGN", deletionPolicy: "PREVENT" }),
      of("gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember", { member: "group:allUsers@example.org" }),
    ],
    fails: [
      at({ enableKeyRotation: false }, "enableKeyRotation"),
      at({ deletionWindowInDays: 29 }, "deletionWindowInDays"),
      at({ isEnabled: false }, "isEnabled"),
      at({ bypassPolicyLockoutSafetyCheck: true }, "bypassPolicyLockoutSafetyCheck"),
      at({ policy: allows({ Principal: "*" }) }, "policy.Statement[0]"),
      at({ policy: allows({ Principal: { AWS: ["*"] } }) }, "policy.Statement[0]"),
      at({ policy: allows({ NotPrincipal: { AWS: "arn:aws:iam::1:role/x" } }) }, "policy.Statement[0]"),
      at({ policy: "{" }, "policy"),
      ...["31536000s", "86399s", "7776001s", "1d", "x86400s", ""].map((rotationPeriod) =>
        at(of(cryptoKey, { ...gcpKept, rotationPeriod }), "rotationPeriod"),
      ),
      at(of(cryptoKey, { ...gcpKept, deletionPolicy: "DELETE" }), "deletionPolicy"),
      at(of("gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember", { member: "allUsers" }), "member"),
    ],
    unknown: [{ deletionWindowInDays: U }, of(cryptoKey, { ...gcpKept, purpose: U })],
    later: [{ policy: U }],
    omitted: [
      ["enableKeyRotation", "fails"],
      [at("policy", "policy"), "fails"],
      ["deletionWindowInDays", "passes"],
      [at(of(cryptoKey, {}), "rotationPeriod", "deletionPolicy"), "fails"],
    ],
    twins: [
      at(of("aws:kms/replicaKey:ReplicaKey", { deletionWindowInDays: 7, policy: key.policy }), "deletionWindowInDays"),
      at(of("aws:kms/externalKey:ExternalKey", { enabled: false, policy: key.policy }), "enabled"),
      at(
        of("gcp:kms/keyRingIAMBinding:KeyRingIAMBinding", { members: ["group:x", "allAuthenticatedUsers"] }),
        "members[1]",
      ),
    ],
  }),
  table(disksEncrypted, of("logos:substrate:NodePool", { node: { cacheDiskMb: 1, cacheDiskEncrypted: true } }), {
    passes: [
      of("lab:index:Machine", { credentials: { "logos.ssh-host-key": "x" } }),
      of("lab:index:NodePool", { node: { cacheDiskMb: 1, credentials: { "slurm.jwks": "x" } } }),
    ],
    fails: [
      at({ "node.cacheDiskEncrypted": false }, "node.cacheDiskEncrypted"),
      at({ "node.cacheDiskMb": 0 }, "node.cacheDiskMb"),
      { "node.cacheDiskMb": "1" },
      { "node.cacheDiskEncrypted": "true" },
    ],
    unknown: [
      at({ "node.cacheDiskEncrypted": U }, "node.cacheDiskEncrypted"),
      at({ "node.cacheDiskMb": U }, "node.cacheDiskMb"),
      of("lab:index:Machine", { credentials: U }),
    ],
    omitted: [
      ["node.cacheDiskEncrypted", "fails"],
      [at("node", "node.cacheDiskEncrypted", "node.cacheDiskMb"), "fails"],
      [of("lab:index:Machine"), "passes"],
    ],
    twins: [
      at(of("lab:index:NodePool", { node: { cacheDiskMb: 0 } }), "node.cacheDiskMb"),
      at(
        of("lab:index:NodePool", { node: { cacheDiskMb: 1, credentials: { "logos.disk-key": "x" } } }),
        "node.credentials",
      ),
      at(of("lab:index:Machine", { credentials: { "logos.disk-key": "x" } }), "credentials"),
    ],
  }),
];
