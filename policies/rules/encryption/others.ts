import { requireFalse, requireOneOf, requireTrue, requireWithin } from "../../require.ts";
import { attempt, each, type Outcome, type Rule } from "../../rule.ts";
import type { View } from "../../view.ts";
import { azureMachineTypes, azureProfile, gcpInstances, gcpTemplates, given, pointingAt } from "../machines.ts";
import { gcsBucket, storageAccount } from "../stores.ts";

const disk = "azure-native:compute:Disk";
const diskWith = "kmsKeySelfLink";

export const gcpDisks: Rule = {
  id: "E10",
  name: "disks-with-own-key",
  title:
    "Disks, snapshots, images and the disks of instances and templates use a key of this deployment, never a raw one.",
  family: "encryption",
  severity: "critical",
  reason: "With Google's key whoever may read the disk may read the text; a raw key stands in the state.",
  remediation: "diskEncryptionKey: { kmsKeySelfLink: key.id }",
  upstream: [
    "CKV_GCP_37",
    "CKV_GCP_38",
    "GCP-0033",
    "GCP-0034",
    "GCP-0037",
    "persistent-disk-cmek",
    "instance-template-disk-cmek",
    "CIS-GCP-4.7",
  ],
  checks: {
    ...each(["gcp:compute/disk:Disk", "gcp:compute/regionDisk:RegionDisk"], function* ({ props }) {
      yield* requireKey(props.at("diskEncryptionKey"), diskWith);
    }),
    "gcp:compute/image:Image": ({ props }) => requireKey(props.at("imageEncryptionKey"), diskWith),
    "gcp:compute/machineImage:MachineImage": ({ props }) =>
      requireKey(props.at("machineImageEncryptionKey"), "kmsKeyName"),
    "gcp:compute/snapshot:Snapshot": ({ props }) => requireKey(props.at("snapshotEncryptionKey"), diskWith),
    ...each(gcpTemplates, function* ({ props }) {
      const disks = props.items("disks");
      if (disks.length === 0) yield { at: props.at("disks"), found: "is left out" };
      for (const one of disks) yield* requireKey(one.at("diskEncryptionKey"), diskWith);
    }),
    ...each(gcpInstances, function* ({ type, props }) {
      // A machine from a template takes the template's disks unless it names its own.
      if (type === gcpInstances[0] || given(props.at("bootDisk"))) yield* requireKey(props.at("bootDisk"), diskWith);
      for (const one of props.items("attachedDisks")) yield* requireKey(one, diskWith);
    }),
  },
};

function* requireKey(key: View, name: string): Generator<Outcome> {
  for (const raw of ["rawKey", "rsaEncryptedKey", "diskEncryptionKeyRaw", "diskEncryptionKeyRsa"]) {
    yield* attempt(function* () {
      if (given(key.at(raw))) yield { at: key.at(raw), found: "is a raw key, which stands in the state" };
    });
  }
  yield* attempt(function* () {
    if (!given(key.at(name))) yield { at: key, found: "names no key of this deployment" };
  });
}

export const gcsKeys: Rule = {
  id: "E11",
  name: "gcs-with-own-key",
  title: "GCS buckets encrypt with a key of this deployment.",
  family: "encryption",
  severity: "high",
  reason: "With Google's key whoever may read the bucket may read the text.",
  remediation: "encryption: { defaultKmsKeyName: key.id }",
  upstream: ["GCP-0066", "bucket-cmek"],
  checks: {
    [gcsBucket]: function* ({ props }) {
      const key = props.at("encryption", "defaultKmsKeyName");
      if (!given(key)) yield { at: key, found: "is left out, so Google's key is used" };
    },
  },
};

export const azureDisks: Rule = {
  id: "E12",
  name: "managed-disks-with-own-key",
  title: "Managed disks, snapshots and the disks of machines use a disk encryption set, and are attached to something.",
  family: "encryption",
  severity: "critical",
  reason: "With Microsoft's key whoever may export the disk may read the text.",
  remediation: 'encryption: { diskEncryptionSetId: set.id, type: "EncryptionAtRestWithCustomerKey" }',
  upstream: [
    "CKV_AZURE_2",
    "CKV_AZURE_93",
    "CKV2_AZURE_14",
    "AZU-0038",
    "managed-disk-encryption",
    "managed-disk-attached-encryption-enabled",
  ],
  checks: {
    ...each([disk, "azure-native:compute:Snapshot"], function* ({ props }) {
      const set = props.at("encryption", "diskEncryptionSetId");
      if (!given(set)) yield { at: set, found: "is left out, so Microsoft's key is used" };
    }),
    ...each(azureMachineTypes, function* (subject) {
      const storage = azureProfile(subject).at("storageProfile");
      yield* requireSet(storage.at("osDisk"));
      for (const one of storage.items("dataDisks")) {
        // A disk that is a resource of its own is judged as such.
        if (!given(one.at("managedDisk", "id"))) yield* requireSet(one);
      }
    }),
  },
  stack: function* (resource, stack) {
    if (resource.type !== disk) return;
    const users = pointingAt(stack, resource, azureMachineTypes, "storageProfile", "virtualMachineProfile");
    if (users.length === 0) yield { found: "is attached to nothing of this stack" };
  },
};

function* requireSet(one: View): Generator<Outcome> {
  yield* attempt(function* () {
    const managed = one.at("managedDisk");
    const sets = [managed.at("diskEncryptionSet"), managed.at("securityProfile", "diskEncryptionSet")];
    if (!sets.some(given)) yield { at: managed, found: "names no disk encryption set, so Microsoft's key is used" };
  });
}

export const encryptionAtHost: Rule = {
  id: "E13",
  name: "encryption-at-host",
  title: "Machines and scale sets encrypt at the host, temporary disks and caches included.",
  family: "encryption",
  severity: "high",
  reason: "What a proof writes to a temporary disk is not under the disk's own encryption.",
  remediation: "securityProfile: { encryptionAtHost: true }",
  upstream: ["CKV_AZURE_97"],
  checks: each(azureMachineTypes, function* (subject) {
    yield* requireTrue(azureProfile(subject).at("securityProfile", "encryptionAtHost"));
  }),
};

export const storageKeys: Rule = {
  id: "E14",
  name: "storage-with-own-key",
  title: "Storage accounts use a key of this deployment and encrypt twice.",
  family: "encryption",
  severity: "high",
  reason: "With Microsoft's key whoever may read the account may read the text.",
  remediation:
    'encryption: { keySource: "Microsoft.Keyvault", requireInfrastructureEncryption: true, keyVaultProperties: … }',
  upstream: ["CKV2_AZURE_1", "AZU-0060", "AZU-0061", "storage-account-default-encryption-cmk", "CIS-AZ-2.1.1.2.1"],
  checks: {
    [storageAccount]: function* ({ props }) {
      yield* requireOneOf(props.at("encryption", "keySource"), ["Microsoft.Keyvault"]);
      yield* requireTrue(props.at("encryption", "requireInfrastructureEncryption"));
    },
  },
  // The SDK hands it over as one value, which names an identity of this stack.
  knownAtUpdate: ["encryption"],
};

export const vaultsKept: Rule = {
  id: "E15",
  name: "vaults-kept",
  title: "Key vaults cannot be purged; keys rotate, each version ends on a day, and they lie in hardware.",
  family: "encryption",
  severity: "high",
  reason: "What a purged key encrypted is lost.",
  remediation: "properties: { enablePurgeProtection: true, enableSoftDelete: true, softDeleteRetentionInDays: 90 }",
  upstream: [
    "CKV_AZURE_40",
    "CKV_AZURE_42",
    "CKV_AZURE_110",
    "CKV_AZURE_111",
    "CKV_AZURE_112",
    "AZU-0014",
    "AZU-0016",
    "key-vault-key-rotation-enabled",
    "key-vault-key-not-scheduled-for-deletion",
    "CIS-AZ-9.3.1",
    "CIS-AZ-9.3.2",
    "CIS-AZ-9.3.5",
    "CIS-AZ-9.3.6",
    "CIS-AZ-9.3.9",
  ],
  checks: {
    "azure-native:keyvault:Vault": function* ({ props }) {
      yield* requireTrue(props.at("properties", "enablePurgeProtection"));
      yield* requireTrue(props.at("properties", "enableSoftDelete"), true);
      yield* requireWithin(props.at("properties", "softDeleteRetentionInDays"), 90, 90, 90);
      yield* requireTrue(props.at("properties", "enableRbacAuthorization"));
      yield* requireFalse(props.at("properties", "enabledForTemplateDeployment"));
    },
    "azure-native:keyvault:Key": function* ({ props }) {
      const rotation = props.at("properties", "rotationPolicy");
      yield* requireOneOf(props.at("properties", "kty"), ["RSA-HSM", "EC-HSM", "oct-HSM"]);
      yield* attempt(function* () {
        if (!given(rotation)) yield { at: rotation, found: "is left out, so the key never changes" };
      });
      yield* attempt(function* () {
        // A program that names a day for the first version would name another one each day; the policy names a time.
        const ends = [props.at("properties", "attributes", "expires"), rotation.at("attributes", "expiryTime")];
        if (!ends.some(given)) {
          yield { at: rotation, found: "gives no attributes.expiryTime, so no version of the key ever ends" };
        }
      });
    },
  },
};
