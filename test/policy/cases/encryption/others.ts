import * as others from "../../../../policies/rules/encryption/others.ts";
import { at, type Cases, of, table, U } from "../kit.ts";

const vaultKey = "azure-native:keyvault:Key";
const gcpKey = { kmsKeySelfLink: U };
const vm = "azure-native:compute:VirtualMachine";
const vmss = "azure-native:compute:VirtualMachineScaleSet";
const os = { osDisk: { managedDisk: { diskEncryptionSet: { id: U } } } };
const account = "azure-native:storage:StorageAccount";
const vault = { properties: { enablePurgeProtection: true, enableRbacAuthorization: true } };

export const otherCases: readonly Cases[] = [
  table(others.gcpDisks, of("gcp:compute/disk:Disk", { diskEncryptionKey: gcpKey }), {
    passes: [
      of("gcp:compute/instance:Instance", { bootDisk: gcpKey, attachedDisks: [gcpKey] }),
      of("gcp:compute/instanceFromTemplate:InstanceFromTemplate", {}),
      of("gcp:compute/instanceTemplate:InstanceTemplate", { disks: [{ diskEncryptionKey: gcpKey }] }),
      of("gcp:compute/image:Image", { imageEncryptionKey: gcpKey }),
      of("gcp:compute/snapshot:Snapshot", { snapshotEncryptionKey: gcpKey }),
      of("gcp:compute/machineImage:MachineImage", { machineImageEncryptionKey: { kmsKeyName: U } }),
    ],
    fails: [
      at({ diskEncryptionKey: { rawKey: "x", ...gcpKey } }, "diskEncryptionKey.rawKey"),
      { diskEncryptionKey: { rsaEncryptedKey: "x", ...gcpKey } },
      at({ diskEncryptionKey: {} }, "diskEncryptionKey"),
      at(of("gcp:compute/instance:Instance", { bootDisk: {} }), "bootDisk"),
      of("gcp:compute/instance:Instance", { bootDisk: { diskEncryptionKeyRaw: U, ...gcpKey } }),
      of("gcp:compute/instance:Instance", { bootDisk: { diskEncryptionKeyRsa: U, ...gcpKey } }),
      at(of("gcp:compute/instance:Instance", { bootDisk: gcpKey, attachedDisks: [gcpKey, {}] }), "attachedDisks[1]"),
      at(
        of("gcp:compute/instanceTemplate:InstanceTemplate", { disks: [{ diskEncryptionKey: gcpKey }, {}] }),
        "disks[1].diskEncryptionKey",
      ),
    ],
    later: [{ "diskEncryptionKey.kmsKeySelfLink": U }],
    omitted: [
      ["diskEncryptionKey", "fails"],
      [at(of("gcp:compute/instanceTemplate:InstanceTemplate", {}), "disks"), "fails"],
    ],
    twins: [
      of("gcp:compute/regionDisk:RegionDisk", {}),
      of("gcp:compute/image:Image", {}),
      of("gcp:compute/snapshot:Snapshot", {}),
      of("gcp:compute/machineImage:MachineImage", { machineImageEncryptionKey: gcpKey }),
      of("gcp:compute/regionInstanceTemplate:RegionInstanceTemplate", { disks: [{}] }),
      of("gcp:compute/instanceFromTemplate:InstanceFromTemplate", { bootDisk: { deviceName: "x" } }),
    ],
  }),
  table(others.gcsKeys, of("gcp:storage/bucket:Bucket", { encryption: { defaultKmsKeyName: U } }), {
    passes: [{ "encryption.defaultKmsKeyName": "projects/p/k" }],
    fails: [
      at({ encryption: {} }, "encryption.defaultKmsKeyName"),
      { "encryption.defaultKmsKeyName": "" },
      { encryption: null },
    ],
    later: [{ encryption: U }],
    omitted: [["encryption", "fails"]],
    twins: "No other token makes a bucket of GCS.",
  }),
  table(others.azureDisks, of("azure-native:compute:Disk", { encryption: { diskEncryptionSetId: U } }), {
    passes: [
      of(vm, { storageProfile: { ...os, dataDisks: [{ managedDisk: { id: U } }] } }),
      of(vm, {
        storageProfile: { osDisk: { managedDisk: { securityProfile: { diskEncryptionSet: { id: U } } } } },
      }),
      [
        of("azure-native:compute:Disk", { encryption: { diskEncryptionSetId: U } }, { name: "d" }),
        of(vm, { storageProfile: os }, { name: "vm", madeFrom: { storageProfile: ["d"] } }),
      ],
      [
        of("azure-native:compute:Disk", { encryption: { diskEncryptionSetId: U } }, { name: "d" }),
        of(
          vmss,
          { virtualMachineProfile: { storageProfile: os } },
          { name: "vmss", madeFrom: { virtualMachineProfile: ["d"] } },
        ),
      ],
    ],
    fails: [
      at({ encryption: {} }, "encryption.diskEncryptionSetId"),
      at(of(vm, { storageProfile: { osDisk: { managedDisk: {} } } }), "storageProfile.osDisk.managedDisk"),
      at(
        of(vm, { storageProfile: { ...os, dataDisks: [{ managedDisk: {} }] } }),
        "storageProfile.dataDisks[0].managedDisk",
      ),
      at([of("azure-native:compute:Disk", { encryption: { diskEncryptionSetId: U } }, { name: "d" })], "d"),
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
        at({ "encryption.keySource": "Microsoft.Storage" }, "encryption.keySource"),
        at({ "encryption.requireInfrastructureEncryption": false }, "encryption.requireInfrastructureEncryption"),
        { encryption: {} },
      ],
      later: [{ encryption: U }],
      omitted: [["encryption", "fails"]],
      twins: [of("azure-native:storage/v20240101:StorageAccount", {})],
    },
  ),
  table(others.vaultsKept, of("azure-native:keyvault:Vault", vault), {
    passes: [
      of(vaultKey, {
        properties: { kty: "RSA-HSM", rotationPolicy: { lifetimeActions: [] }, attributes: { expires: 1 } },
      }),
      ...["RSA-HSM", "EC-HSM", "oct-HSM"].map((kty) =>
        of(vaultKey, { properties: { kty, rotationPolicy: { attributes: { expiryTime: "P2Y" } } } }),
      ),
    ],
    fails: [
      at({ "properties.enablePurgeProtection": false }, "properties.enablePurgeProtection"),
      at({ "properties.enableSoftDelete": false }, "properties.enableSoftDelete"),
      at({ "properties.softDeleteRetentionInDays": 89 }, "properties.softDeleteRetentionInDays"),
      at({ "properties.enabledForTemplateDeployment": true }, "properties.enabledForTemplateDeployment"),
      at(of(vaultKey, { properties: { kty: "RSA", rotationPolicy: U, attributes: { expires: 1 } } }), "properties.kty"),
      at(
        of(vaultKey, { properties: { kty: "RSA-HSM", rotationPolicy: { lifetimeActions: [] } } }),
        "properties.rotationPolicy",
      ),
      at(of(vaultKey, { properties: { kty: "RSA-HSM", attributes: { expires: 1 } } }), "properties.rotationPolicy"),
    ],
    unknown: [{ "properties.enablePurgeProtection": U }],
    omitted: [
      ["properties.enablePurgeProtection", "fails"],
      [of(vaultKey, { properties: { kty: "RSA-HSM" } }), "fails"],
    ],
    twins: [of("azure-native:keyvault/v20240101:Vault", { properties: {} }), of(vaultKey, { properties: {} })],
  }),
];
