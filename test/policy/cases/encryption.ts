import * as aws from "../../../policies/rules/encryption/aws.ts";
import { disksEncrypted } from "../../../policies/rules/encryption/disks-encrypted.ts";
import * as others from "../../../policies/rules/encryption/others.ts";
import { type Cases, of, table, U } from "./kit.ts";

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
const keyType = "aws:kms/key:Key";
const cryptoKey = "gcp:kms/cryptoKey:CryptoKey";
const gcpKey = { kmsKeySelfLink: U };
const vm = "azure-native:compute:VirtualMachine";
const vmss = "azure-native:compute:VirtualMachineScaleSet";
const os = { osDisk: { managedDisk: { diskEncryptionSet: { id: U } } } };
const account = "azure-native:storage:StorageAccount";
const vault = { properties: { enablePurgeProtection: true, enableRbacAuthorization: true } };

export const encryptionCases: readonly Cases[] = [
  table(
    aws.instanceDisks,
    of(instance, { rootBlockDevice: { encrypted: true }, ebsBlockDevices: [{ encrypted: true }] }),
    {
      passes: [{ ebsBlockDevices: [] }],
      fails: [
        { "rootBlockDevice.encrypted": false },
        { "ebsBlockDevices[0].encrypted": false },
        { "rootBlockDevice.encrypted": U, "ebsBlockDevices[0].encrypted": false },
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
        of("aws:ec2/spotFleetRequest:SpotFleetRequest", {
          launchSpecifications: [{ rootBlockDevices: [{ encrypted: false }] }],
        }),
        of("aws:ec2/spotFleetRequest:SpotFleetRequest", { launchSpecifications: [{}] }),
      ],
    },
  ),
  table(aws.templateDisks, of(template, { blockDeviceMappings: [{ ebs: { encrypted: "true", kmsKeyId: U } }] }), {
    passes: [{ "blockDeviceMappings[1]": { noDevice: "" } }, { "blockDeviceMappings[0].ebs.encrypted": true }],
    fails: [
      { "blockDeviceMappings[0].ebs.encrypted": "false" },
      { "blockDeviceMappings[0].ebs.kmsKeyId": "" },
      { blockDeviceMappings: [] },
    ],
    unknown: [{ "blockDeviceMappings[0].ebs.encrypted": U }, { blockDeviceMappings: U }],
    omitted: [
      ["blockDeviceMappings", "fails"],
      ["blockDeviceMappings[0].ebs.encrypted", "fails"],
      ["blockDeviceMappings[0].ebs.kmsKeyId", "fails"],
    ],
    twins: "The other tokens that map disks are E01's; no second token makes a launch template.",
  }),
  table(
    aws.volumesEncrypted,
    [
      of(volume, { encrypted: true, kmsKeyId: U }, { name: "v" }),
      of("aws:ec2/volumeAttachment:VolumeAttachment", {}, { name: "a", madeFrom: { volumeId: ["v"] } }),
    ],
    {
      passes: [of(volume, { encrypted: true, kmsKeyId: "arn" })],
      fails: [
        { encrypted: false },
        { kmsKeyId: "" },
        [of(volume, { encrypted: true, kmsKeyId: "arn" }, { name: "v" })],
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
    passes: [of("aws:ec2/ami:Ami", { ebsBlockDevices: [{ snapshotId: U }] })],
    fails: [{ encrypted: false }, { kmsKeyId: "" }, of("aws:ec2/ami:Ami", { ebsBlockDevices: [{ volumeSize: 1 }] })],
    unknown: [{ encrypted: U }],
    omitted: [
      ["encrypted", "fails"],
      ["kmsKeyId", "fails"],
    ],
    twins: [of("aws:ebs/snapshotCopy:SnapshotCopy", {})],
  }),
  table(aws.efsEncrypted, of("aws:efs/fileSystem:FileSystem", { encrypted: true, kmsKeyId: U }), {
    passes: [{ kmsKeyId: "arn" }],
    fails: [{ encrypted: false }, { kmsKeyId: "" }, { encrypted: "false" }],
    unknown: [{ encrypted: U }],
    omitted: [
      ["encrypted", "fails"],
      ["kmsKeyId", "fails"],
    ],
    twins: "No other token makes a file system here; those of FSx are refused by G03.",
  }),
  table(aws.bucketsEncrypted, of(sseType, sse), {
    passes: [
      [bucket, of(sseType, sse, { name: "s", madeFrom: { bucket: ["cache"] } })],
      [
        bucket,
        of(sseType, sse, { name: "s", madeFrom: { bucket: ["cache"] } }),
        ...logStore,
        of(
          "aws:s3/bucketLogging:BucketLogging",
          {},
          { name: "l", madeFrom: { bucket: ["cache"], targetBucket: ["logs"] } },
        ),
      ],
    ],
    fails: [
      logStore,
      { "rules[0].applyServerSideEncryptionByDefault.sseAlgorithm": "AES256" },
      { "rules[0].applyServerSideEncryptionByDefault.kmsMasterKeyId": "" },
      { "rules[0].bucketKeyEnabled": false },
      [bucket],
    ],
    unknown: [{ "rules[0].applyServerSideEncryptionByDefault.sseAlgorithm": U }],
    omitted: [
      ["rules", "fails"],
      ["rules[0].bucketKeyEnabled", "fails"],
    ],
    twins: [
      of("aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2", { rules: [{}] }),
      of("aws:s3/bucket:Bucket", {
        serverSideEncryptionConfiguration: { rule: { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } } },
      }),
    ],
  }),
  table(aws.logsEncrypted, of("aws:cloudwatch/logGroup:LogGroup", { kmsKeyId: U }), {
    passes: [of("aws:ssm/parameter:Parameter", { type: "SecureString", keyId: U })],
    fails: [
      { kmsKeyId: "" },
      of("aws:ssm/parameter:Parameter", { type: "String", keyId: U }),
      of("aws:sns/topic:Topic", { kmsMasterKeyId: null }),
    ],
    unknown: [of("aws:ssm/parameter:Parameter", { type: U, keyId: U })],
    omitted: [["kmsKeyId", "fails"]],
    twins: [
      of("aws:sns/topic:Topic", {}),
      of("aws:sqs/queue:Queue", {}),
      of("aws:secretsmanager/secret:Secret", {}),
      of("aws:ssm/parameter:Parameter", { type: "SecureString" }),
    ],
  }),
  table(aws.keysKept, of(keyType, key), {
    passes: [
      { customerMasterKeySpec: "ECC_NIST_P256", enableKeyRotation: false },
      of(cryptoKey, { rotationPeriod: "7776000s", deletionPolicy: "PREVENT" }),
    ],
    fails: [
      { enableKeyRotation: false },
      { deletionWindowInDays: 7 },
      { isEnabled: false },
      { bypassPolicyLockoutSafetyCheck: true },
      { policy: JSON.stringify({ Statement: [{ Effect: "Allow", Principal: "*", Action: "kms:*" }] }) },
      of(cryptoKey, { rotationPeriod: "31536000s", deletionPolicy: "PREVENT" }),
      of("gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember", { member: "allUsers" }),
    ],
    unknown: [{ deletionWindowInDays: U }],
    later: [{ policy: U }],
    omitted: [
      ["enableKeyRotation", "fails"],
      ["policy", "fails"],
      ["deletionWindowInDays", "passes"],
      [of(cryptoKey, {}), "fails"],
    ],
    twins: [
      of("aws:kms/replicaKey:ReplicaKey", { deletionWindowInDays: 7, policy: key.policy }),
      of("aws:kms/externalKey:ExternalKey", { enabled: false, policy: key.policy }),
      of("gcp:kms/keyRingIAMBinding:KeyRingIAMBinding", { members: ["allAuthenticatedUsers"] }),
    ],
  }),
  table(others.gcpDisks, of("gcp:compute/disk:Disk", { diskEncryptionKey: gcpKey }), {
    passes: [
      of("gcp:compute/instance:Instance", { bootDisk: gcpKey, attachedDisks: [gcpKey] }),
      of("gcp:compute/instanceFromTemplate:InstanceFromTemplate", {}),
    ],
    fails: [
      { diskEncryptionKey: { rawKey: "x", ...gcpKey } },
      { diskEncryptionKey: {} },
      of("gcp:compute/instance:Instance", { bootDisk: {} }),
      of("gcp:compute/instance:Instance", { bootDisk: { diskEncryptionKeyRaw: U, ...gcpKey } }),
      of("gcp:compute/instanceTemplate:InstanceTemplate", { disks: [{ diskEncryptionKey: gcpKey }, {}] }),
    ],
    later: [{ "diskEncryptionKey.kmsKeySelfLink": U }],
    omitted: [
      ["diskEncryptionKey", "fails"],
      [of("gcp:compute/instanceTemplate:InstanceTemplate", {}), "fails"],
    ],
    twins: [
      of("gcp:compute/regionDisk:RegionDisk", {}),
      of("gcp:compute/image:Image", {}),
      of("gcp:compute/snapshot:Snapshot", {}),
      of("gcp:compute/machineImage:MachineImage", {}),
      of("gcp:compute/regionInstanceTemplate:RegionInstanceTemplate", { disks: [{}] }),
    ],
  }),
  table(others.gcsKeys, of("gcp:storage/bucket:Bucket", { encryption: { defaultKmsKeyName: U } }), {
    passes: [{ "encryption.defaultKmsKeyName": "projects/p/k" }],
    fails: [{ encryption: {} }, { "encryption.defaultKmsKeyName": "" }, { encryption: null }],
    later: [{ encryption: U }],
    omitted: [["encryption", "fails"]],
    twins: "No other token makes a bucket of GCS.",
  }),
  table(others.azureDisks, of("azure-native:compute:Disk", { encryption: { diskEncryptionSetId: U } }), {
    passes: [
      of(vm, { storageProfile: { ...os, dataDisks: [{ managedDisk: { id: U } }] } }),
      [
        of("azure-native:compute:Disk", { encryption: { diskEncryptionSetId: U } }, { name: "d" }),
        of(vm, { storageProfile: os }, { name: "vm", madeFrom: { storageProfile: ["d"] } }),
      ],
    ],
    fails: [
      { encryption: {} },
      of(vm, { storageProfile: { osDisk: { managedDisk: {} } } }),
      of(vm, { storageProfile: { ...os, dataDisks: [{ managedDisk: {} }] } }),
      [of("azure-native:compute:Disk", { encryption: { diskEncryptionSetId: U } }, { name: "d" })],
    ],
    later: [{ "encryption.diskEncryptionSetId": U }],
    omitted: [
      ["encryption", "fails"],
      [of(vm, {}), "fails"],
    ],
    twins: [
      of(vmss, { virtualMachineProfile: { storageProfile: { osDisk: {} } } }),
      of("azure-native:compute:Snapshot", {}),
      of("azure-native:compute/v20240101:Disk", {}),
    ],
  }),
  table(others.encryptionAtHost, of(vmss, { virtualMachineProfile: { securityProfile: { encryptionAtHost: true } } }), {
    passes: [of(vm, { securityProfile: { encryptionAtHost: true } })],
    fails: [
      { "virtualMachineProfile.securityProfile.encryptionAtHost": false },
      { virtualMachineProfile: {} },
      of(vm, { securityProfile: { encryptionAtHost: false } }),
    ],
    unknown: [{ "virtualMachineProfile.securityProfile.encryptionAtHost": U }],
    omitted: [["virtualMachineProfile.securityProfile", "fails"]],
    twins: [of(vm, {}), of("azure-native:compute:VirtualMachineScaleSetVM", {})],
  }),
  table(
    others.storageKeys,
    of(account, { encryption: { keySource: "Microsoft.Keyvault", requireInfrastructureEncryption: true } }),
    {
      passes: [{ "encryption.keySource": "microsoft.keyvault" }],
      fails: [
        { "encryption.keySource": "Microsoft.Storage" },
        { "encryption.requireInfrastructureEncryption": false },
        { encryption: {} },
      ],
      later: [{ encryption: U }],
      omitted: [["encryption", "fails"]],
      twins: [of("azure-native:storage/v20240101:StorageAccount", {})],
    },
  ),
  table(others.vaultsKept, of("azure-native:keyvault:Vault", vault), {
    passes: [
      of("azure-native:keyvault:Key", {
        properties: { kty: "RSA-HSM", rotationPolicy: { lifetimeActions: [] }, attributes: { expires: 1 } },
      }),
      of("azure-native:keyvault:Key", {
        properties: { kty: "RSA-HSM", rotationPolicy: { attributes: { expiryTime: "P2Y" } } },
      }),
    ],
    fails: [
      { "properties.enablePurgeProtection": false },
      { "properties.enableSoftDelete": false },
      { "properties.softDeleteRetentionInDays": 7 },
      of("azure-native:keyvault:Key", { properties: { kty: "RSA", rotationPolicy: U, attributes: { expires: 1 } } }),
      of("azure-native:keyvault:Key", { properties: { kty: "RSA-HSM", rotationPolicy: { lifetimeActions: [] } } }),
      of("azure-native:keyvault:Key", { properties: { kty: "RSA-HSM", attributes: { expires: 1 } } }),
    ],
    unknown: [{ "properties.enablePurgeProtection": U }],
    omitted: [
      ["properties.enablePurgeProtection", "fails"],
      [of("azure-native:keyvault:Key", { properties: { kty: "RSA-HSM" } }), "fails"],
    ],
    twins: [
      of("azure-native:keyvault/v20240101:Vault", { properties: {} }),
      of("azure-native:keyvault:Key", { properties: {} }),
    ],
  }),
  table(disksEncrypted, of("logos:substrate:NodePool", { node: { cacheDiskMb: 1, cacheDiskEncrypted: true } }), {
    passes: [of("lab:index:Machine", { credentials: { "logos.ssh-host-key": "x" } })],
    fails: [{ "node.cacheDiskEncrypted": false }, { "node.cacheDiskMb": 0 }, { "node.cacheDiskEncrypted": "true" }],
    unknown: [{ "node.cacheDiskEncrypted": U }],
    omitted: [
      ["node.cacheDiskEncrypted", "fails"],
      [of("lab:index:Machine"), "passes"],
    ],
    twins: [
      of("lab:index:NodePool", { node: { cacheDiskMb: 0 } }),
      of("lab:index:Machine", { credentials: { "logos.disk-key": "x" } }),
    ],
  }),
];
