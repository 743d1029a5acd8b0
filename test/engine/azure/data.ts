import { placesAt, textAt, valueAt } from "../cloud/paths.ts";
import { CloudError, type Row } from "../cloud/table.ts";
import type { CloudView } from "../cloud/view.ts";
import { armId, contains, kind, named, operators, resourceGroup, standbyProvider, subscription } from "./arm.ts";

const identity = { to: "azure-native:managedidentity:UserAssignedIdentity" };
const vault = { to: "azure-native:keyvault:Vault" };
const account = { to: "azure-native:storage:StorageAccount" };
const cryptoUser = "e147488a-f6f5-4113-8e2d-b22465e65bf6";

const inVault = (path: string, input: string) => ({
  name: { ...named(input, ["vaultName"]), pattern: /^[0-9A-Za-z-]+$/, what: "letters, digits and hyphens", max: 127 },
  references: { resourceGroupName: resourceGroup, vaultName: vault },
  replaceOn: ["resourceGroupName", "vaultName", input],
  path,
});
const key = inVault("keys", "keyName");
const secret = inVault("secrets", "secretName");

/** A key or a secret is deleted at the vault's own door, not at the resource manager's. */
const throughTheDoor: Row["onDelete"] = ({ id, inputs }, cloud) => {
  const of = cloud.find(vault.to, textAt(inputs, "vaultName") ?? "");
  if (textAt(of?.inputs, "properties.publicNetworkAccess") === "Disabled")
    throw new CloudError(`Status=403 Code="ForbiddenByConnection" Message="Public network access is disabled: ${id}"`);
};

const inAccount = (input: string, path: string): Row => ({
  name: { ...named(input, ["accountName"]), pattern: /^[\w$-]+$/, what: "letters, digits and hyphens" },
  id: (made) => armId(made, `Microsoft.Storage/storageAccounts/${made.text("accountName")}/${path}/${made.name}`),
  references: { resourceGroupName: resourceGroup, accountName: account },
  replaceOn: ["resourceGroupName", "accountName", input],
});

export const data: Readonly<Record<string, Row>> = {
  "azure-native:managedidentity:UserAssignedIdentity": {
    ...kind("Microsoft.ManagedIdentity/userAssignedIdentities", "resourceName"),
    outputs: {
      clientId: (made) => `${made.fresh("", 8)}-c000-4000-8000-000000000000`,
      principalId: (made) => `${made.fresh("", 8)}-9000-4000-8000-000000000000`,
      tenantId: () => "00000000-0000-4000-8000-000000000002",
    },
    handles: ["principalId"],
    settlesAfter: 300,
  },
  "azure-native:authorization:RoleAssignment": {
    // Azure looks the principal up otherwise, and does not find a new one for minutes.
    required: ["principalType"],
    name: { ...named("roleAssignmentName", ["scope"]), automatic: false },
    id: (made) => `${made.text("scope")}/providers/Microsoft.Authorization/roleAssignments/${made.fresh("", 12)}`,
    references: {
      scope: {
        to: [
          "azure-native:resources:ResourceGroup",
          "azure-native:keyvault:Vault",
          "azure-native:keyvault:Key",
          "azure-native:keyvault:Secret",
          "azure-native:storage:StorageAccount",
          "azure-native:storage:BlobContainer",
          "azure-native:compute:Disk",
          "azure-native:compute:DiskEncryptionSet",
          "azure-native:compute:Gallery",
          "azure-native:compute:VirtualMachineScaleSet",
        ],
        holds: false,
      },
      principalId: {
        to: [identity.to, "azure-native:dataprotection:BackupVault"],
        external: new RegExp(`^(${operators}|${standbyProvider})$`),
        holds: false,
      },
      roleDefinitionId: {
        to: "azure-native:authorization:RoleDefinition",
        external: new RegExp(
          `^/subscriptions/${subscription}/providers/Microsoft.Authorization/roleDefinitions/[0-9a-f-]{36}$`,
        ),
      },
    },
    replaceOn: ["scope", "principalId", "roleDefinitionId", "principalType"],
    retries: true,
    onCreate: ({ id, inputs }, cloud) => {
      const twin = cloud
        .all("azure-native:authorization:RoleAssignment")
        .find(
          (other) =>
            other.id !== id &&
            ["scope", "principalId", "roleDefinitionId"].every((name) => other.inputs[name] === inputs[name]),
        );
      if (twin !== undefined)
        throw new CloudError(
          `Status=409 Code="RoleAssignmentExists" Message="The role assignment already exists: ${twin.id}"`,
        );
    },
  },
  "azure-native:authorization:RoleDefinition": {
    id: (made) =>
      `/subscriptions/${subscription}/providers/Microsoft.Authorization/roleDefinitions/${made.fresh("", 12)}`,
    required: ["roleName", "permissions[]", "assignableScopes[]"],
    references: { scope: { ...resourceGroup }, "assignableScopes[]": { ...resourceGroup } },
    replaceOn: ["scope"],
  },
  "azure-native:keyvault:Vault": {
    ...kind("Microsoft.KeyVault/vaults", "vaultName", {
      name: {
        input: "vaultName",
        pattern: /^[A-Za-z](-?[0-9A-Za-z])*$/,
        what: "letters, digits and single hyphens, from a letter on",
        min: 3,
        max: 24,
        unique: "cloud",
      },
    }),
    outputs: {
      properties: ({ inputs, name }) => ({
        ...Object(inputs.properties),
        vaultUri: `https://${name.toLowerCase()}.vault.azure.net/`,
      }),
    },
    renewed: ["properties"],
    handles: ["name"],
    takesAlong: contains,
  },
  "azure-native:keyvault:Key": {
    ...key,
    id: (made) => armId(made, `Microsoft.KeyVault/vaults/${made.text("vaultName")}/keys/${made.name}`),
    outputs: {
      keyUri: (made) => `https://${made.text("vaultName")}.vault.azure.net/keys/${made.name}`,
      keyUriWithVersion: (made) =>
        `https://${made.text("vaultName")}.vault.azure.net/keys/${made.name}/${made.fresh("", 12)}`,
    },
    handles: ["keyUri", "keyUriWithVersion"],
    onDelete: throughTheDoor,
  },
  "azure-native:keyvault:Secret": {
    ...secret,
    id: (made) => armId(made, `Microsoft.KeyVault/vaults/${made.text("vaultName")}/secrets/${made.name}`),
    onDelete: throughTheDoor,
  },
  "azure-native:storage:StorageAccount": {
    ...kind("Microsoft.Storage/storageAccounts", "accountName", {
      name: {
        input: "accountName",
        pattern: /^[0-9a-z]+$/,
        what: "lower-case letters and digits",
        min: 3,
        max: 24,
        unique: "cloud",
        automatic: false,
      },
      references: {
        "identity.userAssignedIdentities[]": identity,
        "encryption.encryptionIdentity.encryptionUserAssignedIdentity": identity,
      },
      replaceOn: ["kind"],
    }),
    handles: ["name"],
    retries: true,
    takesAlong: contains,
    onCreate: ({ inputs }, cloud) => {
      const user = textAt(inputs, "encryption.encryptionIdentity.encryptionUserAssignedIdentity");
      if (user !== undefined) mayWrap(user, cloud);
    },
    onDelete: (gone, cloud) => {
      for (const container of cloud.all("azure-native:storage:BlobContainer"))
        if (container.inputs.accountName === gone.name && container.live.objects?.some(({ locked }) => locked))
          throw new CloudError(`Status=409 Code="AccountHasLockedContainers" Message="${container.id} is locked"`);
    },
  },
  "azure-native:storage:BlobServiceProperties": inAccount("blobServicesName", "blobServices"),
  "azure-native:storage:ManagementPolicy": inAccount("managementPolicyName", "managementPolicies"),
  "azure-native:storage:BlobContainer": {
    ...inAccount("containerName", "blobServices/default/containers"),
    handles: ["name"],
    onDelete: ({ id, live }) => {
      if ((live.objects ?? []).length > 0)
        throw new CloudError(`Status=409 Code="ContainerImmutableStorage" Message="${id} holds blobs under a policy"`);
    },
  },
  "azure-native:storage:BlobContainerImmutabilityPolicy": {
    id: (made) =>
      armId(
        made,
        `Microsoft.Storage/storageAccounts/${made.text("accountName")}/blobServices/default/containers/${made.text("containerName")}/immutabilityPolicies/default`,
      ),
    outputs: { etag: (made) => `"${made.fresh("", 15)}"`, name: () => "default" },
    references: {
      resourceGroupName: resourceGroup,
      accountName: account,
      containerName: { to: "azure-native:storage:BlobContainer", holds: false },
    },
    replaceOn: ["resourceGroupName", "accountName", "containerName"],
    onDelete: ({ id }) => {
      // https://github.com/pulumi/pulumi-azure-native/issues/2156
      throw new CloudError(`Status=412 Code="ContainerOperationFailure" Message="incorrect etag: ${id}"`);
    },
  },
};

/** Azure uses the key when it makes the thing: a right that comes later is too late. */
export function mayWrap(identityId: string, cloud: CloudView): void {
  const principal = textAt(cloud.find(identity.to, identityId)?.outputs, "principalId");
  const has = cloud
    .all("azure-native:authorization:RoleAssignment")
    .some(({ inputs }) => inputs.principalId === principal && String(inputs.roleDefinitionId).endsWith(cryptoUser));
  if (!has)
    throw new CloudError(`Status=403 Code="KeyVaultAccessForbidden" Message="${identityId} may not wrap and unwrap"`);
}

/** Right of the standby provider on a scope that holds its scale set. */
export function standbyMay(role: string, scope: string, cloud: CloudView): boolean {
  return cloud
    .all("azure-native:authorization:RoleAssignment")
    .some(
      ({ inputs }) =>
        inputs.principalId === standbyProvider &&
        inputs.scope === scope &&
        String(inputs.roleDefinitionId).endsWith(role),
    );
}

export function idsAt(inputs: unknown, path: string): readonly string[] {
  return placesAt(inputs, path).flatMap(({ value }) => (typeof value === "string" ? [value] : []));
}

export function isText(inputs: unknown, path: string, text: string): boolean {
  return valueAt(inputs, path) === text;
}
