import { Vault } from "@pulumi/azure-native/keyvault/vault.js";
import type * as pulumi from "@pulumi/pulumi";

export interface VaultArgs {
  readonly resourceGroupName: pulumi.Input<string>;
  readonly location: string;
  readonly tags: Record<string, string>;
  readonly tenantId: string;
}

/**
 * A key vault as every one here is: rights by role assignments, no public end, and what was deleted comes back for 90 days.
 * Purge protection cannot be taken back, and keeps the name of a destroyed vault from being used again for that time: the
 * provider therefore adds random letters to it.
 */
export function vault(name: string, { tenantId, ...args }: VaultArgs, opts: pulumi.CustomResourceOptions): Vault {
  return new Vault(
    name,
    {
      ...args,
      properties: {
        tenantId,
        sku: { family: "A", name: "standard" },
        enableRbacAuthorization: true,
        enableSoftDelete: true,
        softDeleteRetentionInDays: 90,
        enablePurgeProtection: true,
        // Secrets are written through the resource manager, which is let in as one of Azure's own services.
        enabledForTemplateDeployment: true,
        enabledForDeployment: false,
        enabledForDiskEncryption: false,
        publicNetworkAccess: "Disabled",
        networkAcls: { defaultAction: "Deny", bypass: "AzureServices", ipRules: [], virtualNetworkRules: [] },
      },
    },
    opts,
  );
}
