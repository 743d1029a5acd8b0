import { RoleDefinition } from "@pulumi/azure-native/authorization/roleDefinition.js";
import { UserAssignedIdentity } from "@pulumi/azure-native/managedidentity/userAssignedIdentity.js";
import type { ResourceGroup } from "@pulumi/azure-native/resources/resourceGroup.js";
import { BlobContainer } from "@pulumi/azure-native/storage/blobContainer.js";
import { BlobContainerImmutabilityPolicy } from "@pulumi/azure-native/storage/blobContainerImmutabilityPolicy.js";
import { ManagementPolicy } from "@pulumi/azure-native/storage/managementPolicy.js";
import type { StorageAccount } from "@pulumi/azure-native/storage/storageAccount.js";
import * as pulumi from "@pulumi/pulumi";
import { auditTag } from "../../core/guardrails.ts";
import type { DataArgs } from "../contract.ts";
import type { AzureKeys } from "./data-keys.ts";
import { grant } from "./rights.ts";
import { type AzureSite, inSite, tags } from "./site.ts";
import { storageAccount, versioned } from "./storage-account.ts";

export const storeNames = ["cache", "audit", "archive"] as const;
export type StoreName = (typeof storeNames)[number];

export interface AzureStoresArgs extends DataArgs {
  readonly group: ResourceGroup;
  readonly keys: AzureKeys;
}

/**
 * The three stores. The audit log has an account of its own: a locked policy keeps its whole account from being deleted,
 * and must not keep the cache.
 */
export class AzureStores {
  readonly accounts: Readonly<Record<"stores" | "audit", StorageAccount>>;
  readonly containers: Readonly<Record<StoreName, BlobContainer>>;
  /** May create blobs, and neither read, change nor delete one: what a node may do to the audit log. */
  readonly appendOnly: RoleDefinition;
  /** Signs and writes the cache, and no machine of the pool has it. */
  readonly publisher: UserAssignedIdentity;
  /** What a person must do for the lock that was asked for: Azure makes every policy unlocked. */
  readonly lockStep: { readonly lockAuditWith?: pulumi.Output<string> };

  constructor(name: string, args: AzureStoresArgs, site: AzureSite, parent: pulumi.Resource) {
    const { group, keys, keep } = args;
    const child = { ...inSite(site, parent), protect: keep };
    const shared = { resourceGroupName: group.name, location: site.settings.region, tags: tags() };
    const account = (what: string, accountName: string, redundancy: "Standard_ZRS" | "Standard_GRS") => {
      const made = storageAccount(
        `${name}-${what}`,
        {
          ...shared,
          tags: { ...tags(), ...(what === "audit" ? { [auditTag]: "true" } : {}) },
          accountName,
          redundancy,
          key: keys.forStores,
        },
        { ...child, dependsOn: [...keys.ready] },
      );
      versioned(`${name}-${what}`, made, group.name, child);
      return made;
    };
    const stores = account("stores", site.names.storesAccount, "Standard_GRS");
    const audit = account("audit", site.names.auditAccount, "Standard_ZRS");
    this.accounts = { stores, audit };
    const container = (what: StoreName, of: StorageAccount) =>
      new BlobContainer(
        `${name}-${what}`,
        {
          resourceGroupName: group.name,
          accountName: of.name,
          containerName: what,
          publicAccess: "None",
          ...(what === "audit" ? { metadata: { [auditTag.replaceAll("-", "_")]: "true" } } : {}),
        },
        // An account takes its containers with it, also one that holds entries under an unlocked policy.
        { ...child, deletedWith: of },
      );
    this.containers = {
      cache: container("cache", stores),
      audit: container("audit", audit),
      archive: container("archive", stores),
    };
    const immutable = new BlobContainerImmutabilityPolicy(
      `${name}-audit`,
      {
        resourceGroupName: group.name,
        accountName: audit.name,
        containerName: this.containers.audit.name,
        immutabilityPolicyName: "default",
        immutabilityPeriodSinceCreationInDays: args.retentionDays,
        // Entries are new blobs. An append blob could grow, and an entry must not.
        allowProtectedAppendWrites: false,
      },
      {
        ...child,
        // Its deletion is answered with 412 (https://github.com/pulumi/pulumi-azure-native/issues/2156); it goes with its account.
        retainOnDelete: true,
        deletedWith: audit,
      },
    );
    new ManagementPolicy(
      `${name}-stores`,
      {
        resourceGroupName: group.name,
        accountName: stores.name,
        managementPolicyName: "default",
        policy: { rules: lifecycle(args.coldAfterDays) },
      },
      { ...child, deletedWith: stores },
    );

    this.appendOnly = new RoleDefinition(
      `${name}-append`,
      {
        scope: group.id,
        roleName: site.names.of("append", "audit"),
        description: "Creates blobs; neither reads, changes nor deletes one",
        assignableScopes: [group.id],
        permissions: [
          {
            actions: [],
            notActions: [],
            dataActions: ["Microsoft.Storage/storageAccounts/blobServices/containers/blobs/add/action"],
            notDataActions: [],
          },
        ],
      },
      child,
    );
    this.publisher = new UserAssignedIdentity(
      `${name}-publisher`,
      { ...shared, resourceName: site.names.of("publisher") },
      child,
    );
    const publisher = { identity: this.publisher.principalId };
    const operators = { group: site.settings.operators };
    grant(
      `${name}-publisher-cache`,
      site,
      { scope: this.containers.cache.id, role: "Storage Blob Data Contributor", to: publisher },
      child,
    );
    grant(
      `${name}-publisher-sign`,
      site,
      { scope: keyScope(keys.vault.id, "publisher"), role: "Key Vault Crypto User", to: publisher },
      { ...child, dependsOn: [keys.publisher] },
    );
    for (const [what, of] of Object.entries(this.accounts))
      grant(
        `${name}-operators-${what}`,
        site,
        { scope: of.id, role: "Storage Blob Data Reader", to: operators },
        child,
      );

    this.lockStep = args.lock === "compliance" ? { lockAuditWith: lockCommand(group, audit, immutable) } : {};
  }

  /** URL of a store. */
  urlOf(store: StoreName): pulumi.Output<string> {
    const account = store === "audit" ? this.accounts.audit : this.accounts.stores;
    return pulumi.interpolate`https://${account.name}.blob.core.windows.net/${this.containers[store].name}`;
  }
}

function keyScope(vaultId: pulumi.Output<string>, key: string): pulumi.Output<string> {
  return pulumi.interpolate`${vaultId}/keys/${key}`;
}

/** The cache is churned: old versions go soon. The archive goes to the cold classes and is never deleted here. */
function lifecycle(coldAfterDays: number) {
  return [
    {
      name: "cache-old-versions",
      type: "Lifecycle",
      enabled: true,
      definition: {
        filters: { blobTypes: ["blockBlob"], prefixMatch: ["cache/"] },
        actions: { version: { delete: { daysAfterCreationGreaterThan: 7 } } },
      },
    },
    {
      name: "archive-to-cold",
      type: "Lifecycle",
      enabled: true,
      definition: {
        filters: { blobTypes: ["blockBlob"], prefixMatch: ["archive/"] },
        actions: {
          baseBlob: {
            tierToCool: { daysAfterModificationGreaterThan: Math.min(30, coldAfterDays) },
            tierToArchive: { daysAfterModificationGreaterThan: coldAfterDays },
          },
        },
      },
    },
  ];
}

/** For a person, on purpose: what it does cannot be undone by anybody. */
function lockCommand(
  group: ResourceGroup,
  audit: StorageAccount,
  policy: BlobContainerImmutabilityPolicy,
): pulumi.Output<string> {
  return pulumi.interpolate`az storage container immutability-policy lock --resource-group ${group.name} --account-name ${audit.name} --container-name audit --if-match ${policy.etag}`;
}
