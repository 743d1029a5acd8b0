import { RoleAssignment } from "@pulumi/azure-native/authorization/roleAssignment.js";
import type * as pulumi from "@pulumi/pulumi";
import { type AzureSite, subscriptionScope } from "./site.ts";

/** Built-in roles by name: https://learn.microsoft.com/azure/role-based-access-control/built-in-roles */
const builtIn = {
  Reader: "acdd72a7-3385-48ef-bd42-f606fba81ae7",
  "Compute Gallery Artifacts Publisher": "85a2d0d9-2eba-4c9c-b355-11c2cc0788ab",
  "Compute Gallery Sharing Admin": "1ef6a3be-d0ac-425d-8c01-acb62866290b",
  "Disk Backup Reader": "3e5e47e6-65f7-47ef-90b5-e5dd4d455f24",
  "Disk Snapshot Contributor": "7efff54f-a5b4-42b5-a1c5-5411624893ce",
  "Key Vault Administrator": "00482a5a-887f-4fb3-b363-3b7fe8e74483",
  "Key Vault Crypto Service Encryption User": "e147488a-f6f5-4113-8e2d-b22465e65bf6",
  "Key Vault Crypto User": "12338af0-0e69-4776-bea7-57ae8d297424",
  "Key Vault Secrets User": "4633458b-17de-408a-b874-0445c86b69e6",
  "Managed Identity Operator": "f1a07417-d97a-45cb-824c-7a7467783830",
  "Monitoring Metrics Publisher": "3913510d-42f4-4e42-8a64-420c390055eb",
  "Network Contributor": "4d97b98b-1d4f-4787-a291-c67834d212e7",
  "Storage Blob Data Contributor": "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
  "Storage Blob Data Reader": "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
  "Virtual Machine Contributor": "9980e02c-c2be-4d73-94e8-173b1dc7cf3c",
} as const;
export type BuiltInRole = keyof typeof builtIn;

/** Id of a built-in role as assignments name it. */
export function roleDefinition(site: AzureSite, role: BuiltInRole): string {
  return `${subscriptionScope(site)}/providers/Microsoft.Authorization/roleDefinitions/${builtIn[role]}`;
}

export interface Grant {
  /** Id of what the right is about. */
  readonly scope: pulumi.Input<string>;
  readonly role: BuiltInRole | { readonly id: pulumi.Input<string> };
  readonly to: { readonly identity: pulumi.Input<string> } | { readonly group: string };
}

/** Gives a right. Its end is the end of what it is about or of who has it. */
export function grant(
  name: string,
  site: AzureSite,
  { scope, role, to }: Grant,
  opts: pulumi.CustomResourceOptions,
): RoleAssignment {
  return new RoleAssignment(
    name,
    {
      scope,
      roleDefinitionId: typeof role === "string" ? roleDefinition(site, role) : role.id,
      ...("group" in to
        ? { principalId: to.group, principalType: "Group" }
        : // Without the type Azure looks the principal up, which fails for minutes after an identity was made.
          { principalId: to.identity, principalType: "ServicePrincipal" }),
    },
    opts,
  );
}
