import { tenant } from "../../engine/azure/arm.ts";
import type { Plant } from "./plant.ts";

const plant = (
  rule: string,
  what: string,
  type: string,
  ending: string,
  set: NonNullable<Plant["set"]>,
  options: Plant["options"] = {},
): Plant => ({
  stack: "azure",
  rule,
  what,
  type: `azure-native:${type}`,
  ending,
  set,
  options,
});

const group = "network:NetworkSecurityGroup";
const account = "storage:StorageAccount";
const scaleSet = "compute:VirtualMachineScaleSet";

const allowed = (source: string, port: string) => ({
  name: "planted",
  access: "Allow",
  direction: "Inbound",
  priority: 100,
  protocol: "Tcp",
  sourceAddressPrefix: source,
  sourcePortRange: "*",
  destinationAddressPrefix: "*",
  destinationPortRange: port,
  description: "planted",
});

export const azure: readonly Plant[] = [
  plant("N20", "SSH to nodes from the internet", group, "network-node", { securityRules: [allowed("Internet", "22")] }),
  plant("N21", "the scheduler to every customer of Azure", group, "network-control", {
    securityRules: [allowed("AzureCloud", "6817")],
  }),
  plant("Q13", "SSH to nodes from the whole virtual network", group, "network-node", {
    securityRules: [allowed("VirtualNetwork", "22")],
  }),
  plant("N22", "a control plane with a public address", "network:NetworkInterface", "control", {
    "ipConfigurations.0.publicIPAddress": { id: "/subscriptions/x/publicIPAddresses/planted" },
  }),
  plant("N23", "a subnet without a filter", "network:Subnet", "network-endpoints", { networkSecurityGroup: undefined }),
  plant("N17", "a control plane that forwards", "network:NetworkInterface", "control", { enableIPForwarding: true }),
  plant("Q18", "an audit account without protection", account, "data-stores-audit", {}, { protect: false }),
  plant("N26", "blobs for everybody", account, "data-stores-audit", { allowBlobPublicAccess: true }),
  plant("I10", "an account with a shared key", account, "data-stores-audit", { allowSharedKeyAccess: true }),
  plant("T02", "stores without HTTPS", account, "data-stores-stores", { enableHttpsTrafficOnly: false }),
  plant("E15", "a vault that can be purged", "keyvault:Vault", "data-keys", {
    properties: {
      tenantId: tenant,
      sku: { family: "A", name: "premium" },
      enableRbacAuthorization: true,
      enableSoftDelete: true,
      publicNetworkAccess: "Disabled",
      networkAcls: { defaultAction: "Deny", bypass: "AzureServices" },
    },
  }),
  plant("E13", "nodes not encrypted at their host", scaleSet, "pool", {
    "virtualMachineProfile.securityProfile.encryptionAtHost": false,
  }),
  plant("B02", "nodes that boot anything", scaleSet, "pool", {
    "virtualMachineProfile.securityProfile.uefiSettings.secureBootEnabled": false,
  }),
  plant("Q01a", "an autoscaler of nine", "monitor:AutoscaleSetting", "pool", { "profiles.0.capacity.maximum": "9" }),
  plant("Q02", "nodes of two CPUs", scaleSet, "pool", { "sku.name": "Standard_D2ls_v5" }),
];
