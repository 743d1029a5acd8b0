import { BlobServiceProperties } from "@pulumi/azure-native/storage/blobServiceProperties.js";
import { ManagementPolicy } from "@pulumi/azure-native/storage/managementPolicy.js";
import { StorageAccount } from "@pulumi/azure-native/storage/storageAccount.js";
import type * as pulumi from "@pulumi/pulumi";

/** Our own key, and the identity by which the storage service uses it. */
export interface StoresKey {
  readonly vaultUri: pulumi.Input<string>;
  readonly keyName: pulumi.Input<string>;
  readonly identityId: pulumi.Input<string>;
}

export interface StorageAccountArgs {
  readonly resourceGroupName: pulumi.Input<string>;
  readonly location: string;
  readonly tags: Record<string, string>;
  readonly accountName: string;
  readonly redundancy: "Standard_LRS" | "Standard_ZRS" | "Standard_GRS";
  readonly key: StoresKey;
  /** Days after which everything in it is deleted. */
  readonly deleteAfterDays?: number;
}

/**
 * A storage account as every one here is: no keys that could be stolen, no public end, nothing anonymous. Azure's own
 * services (flow logs) may write where a right says so.
 */
export function storageAccount(
  name: string,
  { redundancy, key, deleteAfterDays, ...args }: StorageAccountArgs,
  opts: pulumi.CustomResourceOptions,
): StorageAccount {
  const account = new StorageAccount(
    name,
    {
      ...args,
      kind: "StorageV2",
      sku: { name: redundancy },
      accessTier: "Hot",
      allowBlobPublicAccess: false,
      allowCrossTenantReplication: false,
      // Every access is somebody's: account keys and the tokens made of them name nobody.
      allowSharedKeyAccess: false,
      defaultToOAuthAuthentication: true,
      isLocalUserEnabled: false,
      sasPolicy: { expirationAction: "Block", sasExpirationPeriod: "0.01:00:00" },
      enableHttpsTrafficOnly: true,
      minimumTlsVersion: "TLS1_2",
      publicNetworkAccess: "Disabled",
      networkRuleSet: { defaultAction: "Deny", bypass: "AzureServices", ipRules: [], virtualNetworkRules: [] },
      identity: { type: "UserAssigned", userAssignedIdentities: [key.identityId] },
      encryption: {
        keySource: "Microsoft.Keyvault",
        requireInfrastructureEncryption: true,
        encryptionIdentity: { encryptionUserAssignedIdentity: key.identityId },
        // Without a version, the account follows the key's rotation.
        keyVaultProperties: { keyVaultUri: key.vaultUri, keyName: key.keyName },
      },
    },
    opts,
  );
  if (deleteAfterDays !== undefined) {
    new ManagementPolicy(
      name,
      {
        resourceGroupName: args.resourceGroupName,
        accountName: account.name,
        managementPolicyName: "default",
        policy: {
          rules: [
            {
              name: "delete-old",
              type: "Lifecycle",
              enabled: true,
              definition: {
                filters: { blobTypes: ["blockBlob", "appendBlob"] },
                actions: { baseBlob: { delete: { daysAfterModificationGreaterThan: deleteAfterDays } } },
              },
            },
          ],
        },
      },
      { ...opts, deletedWith: account },
    );
  }
  return account;
}

/** Old versions are kept, so that an overwrite or a deletion by mistake can be taken back for a while. */
export function versioned(
  name: string,
  account: StorageAccount,
  resourceGroupName: pulumi.Input<string>,
  opts: pulumi.CustomResourceOptions,
): BlobServiceProperties {
  return new BlobServiceProperties(
    name,
    {
      resourceGroupName,
      accountName: account.name,
      blobServicesName: "default",
      isVersioningEnabled: true,
      deleteRetentionPolicy: { enabled: true, days: 14 },
      containerDeleteRetentionPolicy: { enabled: true, days: 14 },
    },
    { ...opts, deletedWith: account },
  );
}
