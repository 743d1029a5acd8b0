import { Disk } from "@pulumi/azure-native/compute/disk.js";
import type { ResourceGroup } from "@pulumi/azure-native/resources/resourceGroup.js";
import type * as pulumi from "@pulumi/pulumi";
import type { AzureKeys } from "./data-keys.ts";
import { type AzureSite, tags } from "./site.ts";
import { nightlyBackup } from "./state-backup.ts";

/** The disk of the scheduler's state, with a snapshot each night. It outlives the machine that uses it. */
export function stateDisk(
  name: string,
  { group, keys }: { readonly group: ResourceGroup; readonly keys: AzureKeys },
  site: AzureSite,
  opts: pulumi.CustomResourceOptions,
): Disk {
  const disk = new Disk(
    `${name}-state`,
    {
      resourceGroupName: group.name,
      location: site.settings.region,
      tags: tags(),
      diskName: site.names.of("control", "state"),
      zones: site.settings.zones.slice(0, 1),
      sku: { name: "Premium_LRS" },
      diskSizeGB: 32,
      creationData: { createOption: "Empty" },
      encryption: {
        type: "EncryptionAtRestWithPlatformAndCustomerKeys",
        diskEncryptionSetId: keys.diskEncryption.id,
      },
      networkAccessPolicy: "DenyAll",
      publicNetworkAccess: "Disabled",
    },
    opts,
  );
  nightlyBackup(`${name}-backup`, { disk, group }, site, opts);
  return disk;
}
