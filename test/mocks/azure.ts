import type { ImageState } from "../../components/contract.ts";
import { azureFields } from "../../core/config/azure.ts";
import { defaults, type SubstrateConfig } from "../../core/config/schema.ts";
import type { MockSettings } from "./engine.ts";
import { labOutputs } from "./lab.ts";

export const subscription = "00000000-0000-4000-8000-000000000001";

/** A stack on Azure whose stores do not outlive it: what is kept is another test's matter. */
export const azureConfig: SubstrateConfig = {
  ...defaults,
  place: {
    target: "azure",
    azure: {
      subscription,
      tenant: "00000000-0000-4000-8000-000000000002",
      region: "westeurope",
      zones: azureFields.zones[1],
      operators: "00000000-0000-4000-8000-000000000003",
      standbyProvider: "00000000-0000-4000-8000-000000000004",
      image: "Canonical:ubuntu-24_04-lts:server:24.04.202510010",
      nodeType: azureFields.nodeType[1],
      budgetStart: "2026-11",
    },
  },
  node: { cpus: 8, memoryMb: 15_360, diskGb: 50, cacheGb: 100 },
  network: { cidr: "10.83.0.0/24", packageRanges: ["203.0.113.0/25"] },
  access: { by: "address", ranges: ["198.51.100.7/32"], localPort: 2222 },
  data: { ...defaults.data, keep: false },
  alerts: { email: "operators@example.org", monthlyBudgetUsd: 2000 },
};

type Answer = MockSettings["outputs"][string];

/** What the provider answers for every type that the program may declare. */
const azureOutputs: MockSettings["outputs"] = {
  ...labOutputs,
  "pulumi:providers:azure-native": () => ({}),
  "logos:azure:Services": () => ({}),
  ...named({
    "resources:ResourceGroup": "resourceGroupName",
    "network:VirtualNetwork": "virtualNetworkName",
    "network:Subnet": "subnetName",
    "network:NetworkSecurityGroup": "networkSecurityGroupName",
    "network:NatGateway": "natGatewayName",
    "network:FlowLog": "flowLogName",
    "network:PrivateEndpoint": "privateEndpointName",
    "network:BastionHost": "bastionHostName",
    "keyvault:Secret": "secretName",
    "storage:StorageAccount": "accountName",
    "storage:BlobServiceProperties": "blobServicesName",
    "storage:BlobContainer": "containerName",
    "storage:ManagementPolicy": "managementPolicyName",
    "compute:Disk": "diskName",
    "compute:DiskEncryptionSet": "diskEncryptionSetName",
    "compute:Snapshot": "snapshotName",
    "compute:Gallery": "galleryName",
    "compute:GalleryImage": "galleryImageName",
    "compute:GalleryImageVersion": "galleryImageVersionName",
    "compute:VirtualMachineScaleSet": "vmScaleSetName",
    "standbypool:StandbyVirtualMachinePool": "standbyVirtualMachinePoolName",
    "dataprotection:BackupPolicy": "backupPolicyName",
    "dataprotection:BackupInstance": "backupInstanceName",
    "monitor:MetricAlert": "ruleName",
    "monitor:ActionGroup": "actionGroupName",
    "monitor:AutoscaleSetting": "autoscaleSettingName",
    "monitor:DataCollectionRule": "dataCollectionRuleName",
    "operationalinsights:Workspace": "workspaceName",
    "consumption:Budget": "budgetName",
    "authorization:RoleAssignment": "roleAssignmentName",
    "authorization:RoleDefinition": "roleName",
  }),
  "azure-native:network:PublicIPAddress": () => ({ ipAddress: "192.0.2.10" }),
  "azure-native:network:NetworkInterface": (inputs) => ({
    ipConfigurations: [{ privateIPAddress: fixedAddress(inputs) ?? "10.83.0.28" }],
  }),
  "azure-native:keyvault:Vault": (inputs, name) => ({
    name: `${name}1234567`,
    properties: { ...Object(inputs.properties), vaultUri: `https://${name}1234567.vault.azure.net/` },
  }),
  "azure-native:keyvault:Key": (inputs) => ({
    name: inputs.keyName,
    keyUri: `https://keys.vault.azure.net/keys/${String(inputs.keyName)}`,
    keyUriWithVersion: `https://keys.vault.azure.net/keys/${String(inputs.keyName)}/1`,
  }),
  "azure-native:dataprotection:BackupVault": (inputs, name) => ({
    name: inputs.vaultName,
    identity: { type: "SystemAssigned", principalId: `principal-of-${name}` },
  }),
  "azure-native:managedidentity:UserAssignedIdentity": (inputs, name) => ({
    name: inputs.resourceName,
    clientId: `client-of-${name}`,
    principalId: `principal-of-${name}`,
  }),
  "azure-native:compute:VirtualMachine": (inputs, name) => ({
    name: inputs.vmName,
    vmId: `instance of ${name}`,
    storageProfile: { ...Object(inputs.storageProfile), osDisk: { managedDisk: { id: `${name}-root-id` } } },
  }),
  "azure-native:storage:BlobContainerImmutabilityPolicy": () => ({ name: "default", etag: '"8d59f81a7fa7be0"' }),
};

export function azureAnswers(image: ImageState): Pick<MockSettings, "outputs" | "invokes"> {
  const found = (stands: boolean, answer: object) => () => {
    if (stands) return answer;
    // The SDK looks for the words of a failed call where gRPC has them.
    throw Object.assign(new Error("404"), { details: 'Status=404 Code="ResourceNotFound"' });
  };
  return {
    outputs: azureOutputs,
    invokes: {
      "azure-native:compute:getGalleryImageVersion": found(image.exists, {
        tags: { "logos-signed-by": "ssh-ed25519 AAAA earlier" },
      }),
      "azure-native:compute:getVirtualMachine": found(image.hasBuilder, {}),
    },
  };
}

/** Types of which nothing is read but the name that they were given. */
function named(types: Readonly<Record<string, string>>): Record<string, Answer> {
  return Object.fromEntries(
    Object.entries(types).map(([type, input]) => [
      `azure-native:${type}`,
      (inputs: Readonly<Record<string, unknown>>) => ({ name: inputs[input] }),
    ]),
  );
}

function fixedAddress(inputs: Readonly<Record<string, unknown>>): unknown {
  const [first] = Array.isArray(inputs.ipConfigurations) ? inputs.ipConfigurations : [];
  return Object(first).privateIPAddress;
}
