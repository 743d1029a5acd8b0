import { Vault } from "@pulumi/azure-native/keyvault/vault.js";
import type * as pulumi from "@pulumi/pulumi";

export interface VaultArgs {
  readonly resourceGroupName: pulumi.Input<string>;
  readonly location: string;
  readonly tags: Record<string, string>;
  readonly tenantId: string;
  /** `premium`: keys lie in hardware. */
  readonly tier: "standard" | "premium";
}

/**
 * A key vault as every one here is: rights by role assignments, no public end, and what was deleted comes back for 90 days.
 * Purge protection cannot be taken back, and keeps the name of a destroyed vault from being used again for that time: the
 * provider therefore adds random letters to it.
 */
export function vault(name: string, { tenantId, tier, ...args }: VaultArgs, opts: pulumi.CustomResourceOptions): Vault {
  return new Vault(
    name,
    {
      ...args,
      properties: {
        tenantId,
        sku: { family: "A", name: tier },
        enableRbacAuthorization: true,
        enableSoftDelete: true,
        softDeleteRetentionInDays: 90,
        enablePurgeProtection: true,
        enabledForTemplateDeployment: false,
        enabledForDeployment: false,
        enabledForDiskEncryption: false,
        publicNetworkAccess: "Disabled",
        networkAcls: { defaultAction: "Deny", bypass: "AzureServices", ipRules: [], virtualNetworkRules: [] },
      },
    },
    opts,
  );
}
