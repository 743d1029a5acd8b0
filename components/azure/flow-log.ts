import { UserAssignedIdentity } from "@pulumi/azure-native/managedidentity/userAssignedIdentity.js";
import { FlowLog } from "@pulumi/azure-native/network/flowLog.js";
import type { VirtualNetwork } from "@pulumi/azure-native/network/virtualNetwork.js";
import type { ResourceGroup } from "@pulumi/azure-native/resources/resourceGroup.js";
import type { StorageAccount } from "@pulumi/azure-native/storage/storageAccount.js";
import type * as pulumi from "@pulumi/pulumi";
import type { AzureData } from "./data.ts";
import { grant } from "./rights.ts";
import { type AzureSite, inSite, tags } from "./site.ts";
import { storageAccount } from "./storage-account.ts";

/** Days that flows are kept: they are for finding out what happened. */
const keptDays = 90;

/** Records every flow of a network, into an account of its own that nobody but the recorder writes to. */
export function flowLog(
  name: string,
  args: { readonly group: ResourceGroup; readonly network: VirtualNetwork; readonly data: AzureData },
  site: AzureSite,
  parent: pulumi.Resource,
): StorageAccount {
  const child = inSite(site, parent);
  const { keys } = args.data;
  const shared = { resourceGroupName: args.group.name, location: site.settings.region, tags: tags() };
  const account = storageAccount(
    name,
    {
      ...shared,
      accountName: site.names.flowLogAccount,
      redundancy: "Standard_LRS",
      key: keys.forStores,
      deleteAfterDays: keptDays,
    },
    { ...child, dependsOn: [...keys.ready] },
  );
  const recorder = new UserAssignedIdentity(name, { ...shared, resourceName: site.names.of("flows") }, child);
  const right = grant(
    name,
    site,
    { scope: account.id, role: "Storage Blob Data Contributor", to: { identity: recorder.principalId } },
    child,
  );
  new FlowLog(
    name,
    {
      // Azure makes the watcher of a region by itself, in a group of its own.
      networkWatcherName: `NetworkWatcher_${site.settings.region}`,
      resourceGroupName: "NetworkWatcherRG",
      flowLogName: site.names.of("flows"),
      location: shared.location,
      tags: shared.tags,
      enabled: true,
      targetResourceId: args.network.id,
      storageId: account.id,
      identity: { type: "UserAssigned", userAssignedIdentities: [recorder.id] },
      retentionPolicy: { enabled: true, days: keptDays },
      format: { type: "JSON", version: 2 },
    },
    { ...child, dependsOn: [right] },
  );
  return account;
}
