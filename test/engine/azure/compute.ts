import { numberAt, placesAt, textAt, valueAt } from "../cloud/paths.ts";
import { CloudError, type CloudFunction, type Inputs, type Reference, type Row } from "../cloud/table.ts";
import type { CloudView, Standing } from "../cloud/view.ts";
import { armId, kind, named, resourceGroup, subscription } from "./arm.ts";
import { idsAt, isText, mayWrap, standbyMay } from "./data.ts";
import { firstAddress, firstPublicAddress } from "./network.ts";

const identity = { to: "azure-native:managedidentity:UserAssignedIdentity" };
const diskKey = { to: "azure-native:compute:DiskEncryptionSet" };
const subnet = { to: "azure-native:network:Subnet" };
const card = { to: "azure-native:network:NetworkInterface" };
const gallery = { to: "azure-native:compute:Gallery" };
const virtualMachineContributor = "9980e02c-c2be-4d73-94e8-173b1dc7cf3c";

function inBackupVault(input: string, path: string, references: Readonly<Record<string, Reference>>): Row {
  return {
    name: named(input, ["vaultName"]),
    id: (made) => armId(made, `Microsoft.DataProtection/backupVaults/${made.text("vaultName")}/${path}/${made.name}`),
    references: {
      resourceGroupName: resourceGroup,
      vaultName: { to: "azure-native:dataprotection:BackupVault" },
      ...references,
    },
    replaceOn: ["resourceGroupName", "vaultName", input],
    retries: true,
  };
}

export const compute: Readonly<Record<string, Row>> = {
  "azure-native:compute:DiskEncryptionSet": {
    ...kind("Microsoft.Compute/diskEncryptionSets", "diskEncryptionSetName", {
      references: {
        "activeKey.keyUrl": { to: "azure-native:keyvault:Key" },
        "activeKey.sourceVault.id": { to: "azure-native:keyvault:Vault" },
        "identity.userAssignedIdentities[]": identity,
      },
      replaceOn: ["encryptionType"],
    }),
    retries: true,
    onCreate: ({ inputs }, cloud) => {
      for (const user of idsAt(inputs, "identity.userAssignedIdentities[]")) mayWrap(user, cloud);
    },
  },
  "azure-native:compute:Disk": kind("Microsoft.Compute/disks", "diskName", {
    references: { "encryption.diskEncryptionSetId": diskKey },
    replaceOn: ["creationData", "zones"],
  }),
  "azure-native:dataprotection:BackupVault": {
    ...kind("Microsoft.DataProtection/backupVaults", "vaultName"),
    outputs: {
      identity: (made) => ({
        ...Object(made.inputs.identity),
        principalId: `${made.fresh("", 8)}-b000-4000-8000-000000000000`,
      }),
    },
    handles: ["name", "identity.principalId"],
  },
  "azure-native:dataprotection:BackupPolicy": inBackupVault("backupPolicyName", "backupPolicies", {}),
  "azure-native:dataprotection:BackupInstance": inBackupVault("backupInstanceName", "backupInstances", {
    "properties.dataSourceInfo.resourceID": { to: "azure-native:compute:Disk" },
    "properties.policyInfo.policyId": { to: "azure-native:dataprotection:BackupPolicy" },
    "properties.policyInfo.policyParameters.dataStoreParametersList[].resourceGroupId": resourceGroup,
  }),
  "azure-native:compute:VirtualMachine": {
    ...kind("Microsoft.Compute/virtualMachines", "vmName", {
      references: {
        "networkProfile.networkInterfaces[].id": card,
        "identity.userAssignedIdentities[]": identity,
        "storageProfile.osDisk.managedDisk.diskEncryptionSet.id": diskKey,
        "storageProfile.dataDisks[].managedDisk.id": { to: "azure-native:compute:Disk" },
      },
      replaceOn: ["osProfile", "zones", "storageProfile.imageReference"],
    }),
    name: { ...named("vmName"), max: 64 },
    required: ["hardwareProfile.vmSize", "osProfile.adminUsername", "osProfile.computerName"],
    outputs: {
      vmId: (made) => `${made.fresh("", 8)}-0000-4000-8000-${made.fresh("", 12)}`,
      storageProfile: (made) => {
        const profile = Object(made.inputs.storageProfile);
        const id = armId(made, `Microsoft.Compute/disks/${textAt(profile, "osDisk.name") ?? made.name}`);
        return {
          ...profile,
          osDisk: { ...profile.osDisk, managedDisk: { ...profile.osDisk?.managedDisk, id } },
        };
      },
    },
    renewed: ["storageProfile"],
    handles: ["storageProfile.osDisk.managedDisk.id"],
    retries: true,
    machine: {
      privateAddress: (machine, cloud) => firstAddress(cardOf(machine, cloud)?.outputs),
      publicAddress: (machine, cloud) => {
        const id = firstPublicAddress(cardOf(machine, cloud)?.outputs);
        const found = id === undefined ? undefined : cloud.find("azure-native:network:PublicIPAddress", id);
        return textAt(found?.outputs, "ipAddress");
      },
    },
  },
  "azure-native:compute:Snapshot": {
    ...kind("Microsoft.Compute/snapshots", "snapshotName", {
      references: {
        // A copy: what it was taken from may go.
        "creationData.sourceResourceId": {
          to: ["azure-native:compute:VirtualMachine", "azure-native:compute:Disk"],
          holds: false,
        },
        "encryption.diskEncryptionSetId": diskKey,
      },
      replaceOn: ["creationData", "incremental"],
    }),
  },
  "azure-native:compute:Gallery": {
    ...kind("Microsoft.Compute/galleries", "galleryName"),
    name: { ...named("galleryName"), pattern: /^[0-9A-Za-z](\.?\w)*$/, what: "letters, digits, dots and underscores" },
    handles: ["name"],
  },
  "azure-native:compute:GalleryImage": {
    name: named("galleryImageName", ["galleryName"]),
    id: (made) => armId(made, `Microsoft.Compute/galleries/${made.text("galleryName")}/images/${made.name}`),
    handles: ["name"],
    references: { resourceGroupName: resourceGroup, galleryName: gallery },
    replaceOn: [
      "resourceGroupName",
      "galleryName",
      "galleryImageName",
      "osState",
      "hyperVGeneration",
      "identifier",
      "features",
    ],
  },
  "azure-native:compute:GalleryImageVersion": {
    image: true,
    name: {
      input: "galleryImageVersionName",
      pattern: /^\d{1,10}\.\d{1,10}\.\d{1,10}$/,
      what: "three numbers of 32 bits",
      max: 32,
      unique: { within: ["galleryName", "galleryImageName"] },
    },
    id: (made) =>
      versionId(made.text("resourceGroupName"), made.text("galleryName"), made.text("galleryImageName"), made.name),
    references: {
      resourceGroupName: resourceGroup,
      galleryName: gallery,
      galleryImageName: { to: "azure-native:compute:GalleryImage" },
      "storageProfile.osDiskImage.source.id": { to: "azure-native:compute:Snapshot", holds: false },
      "publishingProfile.targetRegions[].encryption.osDiskImage.diskEncryptionSetId": diskKey,
    },
    replaceOn: ["resourceGroupName", "galleryName", "galleryImageName", "galleryImageVersionName", "storageProfile"],
    onCreate: ({ inputs }, cloud) => {
      const definition = cloud.find("azure-native:compute:GalleryImage", textAt(inputs, "galleryImageName") ?? "");
      const source = cloud.find(
        "azure-native:compute:Snapshot",
        textAt(inputs, "storageProfile.osDiskImage.source.id") ?? "",
      );
      const generation = valueAt(source?.inputs, "hyperVGeneration") ?? "V1";
      if ((valueAt(definition?.inputs, "hyperVGeneration") ?? "V1") !== generation)
        throw new CloudError(
          `Status=409 Code="OperationNotAllowed" Message="The source is ${String(generation)}, the image definition is not"`,
        );
      const trusted = placesAt(definition?.inputs, "features[]").some(({ value }) =>
        isText(value, "name", "SecurityType"),
      );
      if (!trusted)
        throw new CloudError(
          'Status=409 Code="BadRequest" Message="The source has a guest state; the definition takes none"',
        );
    },
  },
  "azure-native:compute:VirtualMachineScaleSet": {
    ...kind("Microsoft.Compute/virtualMachineScaleSets", "vmScaleSetName", {
      references: {
        "virtualMachineProfile.storageProfile.imageReference.id": {
          to: "azure-native:compute:GalleryImageVersion",
          external: /^never$/,
          holds: false,
        },
        "virtualMachineProfile.storageProfile.osDisk.managedDisk.diskEncryptionSet.id": diskKey,
        "virtualMachineProfile.storageProfile.dataDisks[].managedDisk.diskEncryptionSet.id": diskKey,
        "virtualMachineProfile.networkProfile.networkInterfaceConfigurations[].ipConfigurations[].subnet.id": subnet,
        "identity.userAssignedIdentities[]": identity,
      },
      replaceOn: ["orchestrationMode", "platformFaultDomainCount", "zones", "singlePlacementGroup"],
    }),
    retries: true,
    check: ({ orchestrationMode, platformFaultDomainCount }) =>
      orchestrationMode === "Flexible" && platformFaultDomainCount !== 1
        ? "a flexible set over zones has one fault domain"
        : undefined,
    group: {
      current: "sku.capacity",
      bounds: ["azure-native:monitor:AutoscaleSetting", "azure-native:standbypool:StandbyVirtualMachinePool"],
      limits: (group, cloud) => {
        const setting = autoscalerOf(group, cloud);
        const [profile] = placesAt(setting?.inputs, "profiles[]");
        const min = numberAt(profile?.value, "capacity.minimum");
        const max = numberAt(profile?.value, "capacity.maximum");
        return min === undefined || max === undefined ? undefined : { min, max };
      },
      template: ({ inputs }) =>
        JSON.stringify([
          valueAt(inputs, "virtualMachineProfile.storageProfile.imageReference"),
          valueAt(inputs, "virtualMachineProfile.osProfile.customData"),
        ]),
      rolling: ({ inputs }) =>
        isText(inputs, "upgradePolicy.mode", "Rolling")
          ? { surge: valueAt(inputs, "upgradePolicy.rollingUpgradePolicy.maxSurge") === true ? 1 : 0, unavailable: 0 }
          : undefined,
    },
  },
  "azure-native:standbypool:StandbyVirtualMachinePool": {
    ...kind("Microsoft.StandbyPool/standbyVirtualMachinePools", "standbyVirtualMachinePoolName", {
      references: { attachedVirtualMachineScaleSetId: { to: "azure-native:compute:VirtualMachineScaleSet" } },
      replaceOn: ["attachedVirtualMachineScaleSetId"],
    }),
    name: {
      ...named("standbyVirtualMachinePoolName"),
      pattern: /^[0-9A-Za-z-]+$/,
      what: "letters, digits and hyphens",
      min: 3,
      max: 24,
      automatic: false,
    },
    onCreate: ({ inputs, id }, cloud) => {
      const set = cloud.find(
        "azure-native:compute:VirtualMachineScaleSet",
        textAt(inputs, "attachedVirtualMachineScaleSetId") ?? "",
      );
      if (set === undefined || !isText(set.inputs, "orchestrationMode", "Flexible"))
        throw new CloudError('Status=400 Code="InvalidScaleSet" Message="Standby pools want a flexible scale set"');
      if (autoscalerOf(set, cloud) !== undefined && inputs.virtualMachineState !== "Deallocated")
        throw new CloudError(
          'Status=400 Code="InvalidState" Message="Beside an autoscaler the state must be Deallocated"',
        );
      const twin = cloud
        .all("azure-native:standbypool:StandbyVirtualMachinePool")
        .some((other) => other.id !== id && other.inputs.attachedVirtualMachineScaleSetId === set.id);
      if (twin) throw new CloudError('Status=409 Code="Conflict" Message="The scale set has a standby pool already"');
      const group = `/subscriptions/${subscription}/resourceGroups/${textAt(inputs, "resourceGroupName")}`;
      if (!standbyMay(virtualMachineContributor, group, cloud))
        throw new CloudError(
          'Status=403 Code="AuthorizationFailed" Message="The standby pool provider has no right to make machines"',
        );
    },
  },
};

/** What a program may ask for by name, and is told 404 of when it is not there. */
export const functions: Readonly<Record<string, CloudFunction>> = {
  "azure-native:compute:getGalleryImageVersion": (args, cloud) =>
    found(
      cloud,
      "azure-native:compute:GalleryImageVersion",
      versionId(
        String(args.resourceGroupName),
        String(args.galleryName),
        String(args.galleryImageName),
        String(args.galleryImageVersionName),
      ),
    ),
  "azure-native:compute:getVirtualMachine": (args, cloud) =>
    found(
      cloud,
      "azure-native:compute:VirtualMachine",
      `/subscriptions/${subscription}/resourceGroups/${String(args.resourceGroupName)}/providers/Microsoft.Compute/virtualMachines/${String(args.vmName)}`,
    ),
};

function found(cloud: CloudView, type: string, id: string): Inputs {
  const standing = cloud.find(type, id);
  if (standing === undefined) throw new CloudError(`Status=404 Code="ResourceNotFound" Message="${id} was not found"`);
  return { ...standing.outputs, id: standing.id };
}

function versionId(group: string, galleryName: string, image: string, version: string): string {
  return `/subscriptions/${subscription}/resourceGroups/${group}/providers/Microsoft.Compute/galleries/${galleryName}/images/${image}/versions/${version}`;
}

function cardOf(machine: Standing, cloud: CloudView): Standing | undefined {
  const [id] = idsAt(machine.inputs, "networkProfile.networkInterfaces[].id");
  return id === undefined ? undefined : cloud.find(card.to, id);
}

function autoscalerOf(set: Standing, cloud: CloudView): Standing | undefined {
  return cloud.all("azure-native:monitor:AutoscaleSetting").find(({ inputs }) => inputs.targetResourceUri === set.id);
}
