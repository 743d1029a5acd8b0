import { DiskEncryptionSet } from "@pulumi/azure-native/compute/diskEncryptionSet.js";
import { Key } from "@pulumi/azure-native/keyvault/key.js";
import type { Vault } from "@pulumi/azure-native/keyvault/vault.js";
import { UserAssignedIdentity } from "@pulumi/azure-native/managedidentity/userAssignedIdentity.js";
import type { ResourceGroup } from "@pulumi/azure-native/resources/resourceGroup.js";
import type { keyvault } from "@pulumi/azure-native/types/input.js";
import type * as pulumi from "@pulumi/pulumi";
import { grant } from "./rights.ts";
import { type AzureSite, inSite, tags } from "./site.ts";
import type { StoresKey } from "./storage-account.ts";
import { vault } from "./vault.ts";

/** A key is replaced by a new version each quarter; old versions stay for what they encrypted. */
const rotation: keyvault.RotationPolicyArgs = {
  lifetimeActions: [{ trigger: { timeAfterCreate: "P90D" }, action: { type: "rotate" } }],
  attributes: { expiryTime: "P2Y" },
};

export interface AzureKeysArgs {
  readonly group: ResourceGroup;
  readonly keep: boolean;
}

/** The vault of the keys, its keys, and who may use them. Nobody can take a key out, or destroy one for good in time. */
export class AzureKeys {
  readonly vault: Vault;
  readonly disks: Key;
  readonly stores: Key;
  /** Signs what goes into the cache; only the publisher may use it. */
  readonly publisher: Key;
  /** How storage accounts encrypt. */
  readonly forStores: StoresKey;
  /** What encrypts disks, snapshots and images. */
  readonly diskEncryption: DiskEncryptionSet;
  /** Rights without which the keys are of no use yet. */
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, { group, keep }: AzureKeysArgs, site: AzureSite, parent: pulumi.Resource) {
    const child = { ...inSite(site, parent), protect: keep };
    const shared = { resourceGroupName: group.name, location: site.settings.region, tags: tags() };
    this.vault = vault(name, { ...shared, tenantId: site.settings.tenant, tier: "premium" }, child);
    const key = (what: string, keyOps: readonly string[]) =>
      new Key(
        `${name}-${what}`,
        {
          resourceGroupName: group.name,
          vaultName: this.vault.name,
          keyName: what,
          tags: tags(),
          properties: { kty: "RSA-HSM", keySize: 3072, keyOps: [...keyOps], rotationPolicy: rotation },
        },
        // Keys go with their vault: to delete one by itself takes a way into the vault, which only machines have.
        { ...child, deletedWith: this.vault },
      );
    this.disks = key("disks", ["wrapKey", "unwrapKey"]);
    this.stores = key("stores", ["wrapKey", "unwrapKey"]);
    this.publisher = key("publisher", ["sign", "verify"]);

    const identity = (what: string) =>
      new UserAssignedIdentity(
        `${name}-${what}`,
        { ...shared, resourceName: site.names.of(what, "encryption") },
        child,
      );
    const mayWrap = (what: string, user: UserAssignedIdentity) =>
      grant(
        `${name}-${what}-wrap`,
        site,
        { scope: this.vault.id, role: "Key Vault Crypto Service Encryption User", to: { identity: user.principalId } },
        child,
      );
    const storesIdentity = identity("stores");
    this.forStores = {
      vaultUri: this.vault.properties.vaultUri,
      keyName: this.stores.name,
      identityId: storesIdentity.id,
    };
    const disksIdentity = identity("disks");
    const disksReady = mayWrap("disks", disksIdentity);
    this.ready = [mayWrap("stores", storesIdentity), disksReady];
    this.diskEncryption = new DiskEncryptionSet(
      `${name}-disks`,
      {
        ...shared,
        diskEncryptionSetName: site.names.of("disks"),
        encryptionType: "EncryptionAtRestWithPlatformAndCustomerKeys",
        identity: { type: "UserAssigned", userAssignedIdentities: [disksIdentity.id] },
        activeKey: { keyUrl: this.disks.keyUriWithVersion, sourceVault: { id: this.vault.id } },
        rotationToLatestKeyVersionEnabled: true,
      },
      {
        ...child,
        dependsOn: [disksReady],
        // It moves to new versions of the key by itself, and is not to be moved back.
        ignoreChanges: ["activeKey.keyUrl"],
      },
    );
    // Operators need no key: they administer the vault, and read the stores by their own right.
    grant(
      `${name}-operators`,
      site,
      { scope: this.vault.id, role: "Key Vault Administrator", to: { group: site.settings.operators } },
      child,
    );
  }
}
