import { parseCidr, size } from "../../../core/net.ts";
import { isRecord } from "../../../providers/lab/shape.ts";
import { numberAt, placesAt, textAt, valueAt } from "../cloud/paths.ts";
import { CloudError, type Inputs, type Made, type Row } from "../cloud/table.ts";
import { armId, contains, kind, named, resourceGroup, subscription } from "./arm.ts";

const subnet = { to: "azure-native:network:Subnet" };
const publicAddress = { to: "azure-native:network:PublicIPAddress" };

export const network: Readonly<Record<string, Row>> = {
  "azure-native:resources:ResourceGroup": {
    name: {
      input: "resourceGroupName",
      pattern: /^[\w().-]*[\w()-]$/,
      what: "letters, digits and ()-_., not ending in a dot",
      max: 90,
      unique: "cloud",
    },
    id: ({ name }) => `/subscriptions/${subscription}/resourceGroups/${name}`,
    handles: ["name"],
    replaceOn: ["resourceGroupName", "location"],
    takesAlong: contains,
  },
  "azure-native:network:VirtualNetwork": {
    ...kind("Microsoft.Network/virtualNetworks", "virtualNetworkName"),
    handles: ["name"],
    required: ["addressSpace.addressPrefixes[]"],
  },
  "azure-native:network:NetworkSecurityGroup": {
    ...kind("Microsoft.Network/networkSecurityGroups", "networkSecurityGroupName"),
    check: (inputs) => rulesMistake(inputs),
  },
  "azure-native:network:Subnet": {
    name: named("subnetName", ["resourceGroupName", "virtualNetworkName"]),
    id: (made) =>
      armId(made, `Microsoft.Network/virtualNetworks/${made.text("virtualNetworkName")}/subnets/${made.name}`),
    required: ["addressPrefix"],
    references: {
      resourceGroupName: resourceGroup,
      virtualNetworkName: { to: "azure-native:network:VirtualNetwork" },
      "networkSecurityGroup.id": { to: "azure-native:network:NetworkSecurityGroup" },
      "natGateway.id": { to: "azure-native:network:NatGateway" },
    },
    replaceOn: ["resourceGroupName", "virtualNetworkName", "subnetName"],
    check: ({ subnetName, addressPrefix }) =>
      subnetName === "AzureBastionSubnet" &&
      typeof addressPrefix === "string" &&
      (parseCidr(addressPrefix)?.prefix ?? 0) > 26
        ? "AzureBastionSubnet needs a /26 or larger"
        : undefined,
    onCreate: ({ inputs, id }, cloud) => {
      const own = parseCidr(textAt(inputs, "addressPrefix") ?? "");
      if (own === undefined || size(own) < 8)
        throw new CloudError(`Status=400 Code="NetcfgInvalidSubnet" Message="${id}"`);
      for (const other of cloud.all("azure-native:network:Subnet")) {
        const taken = parseCidr(textAt(other.inputs, "addressPrefix") ?? "");
        const same = other.inputs.virtualNetworkName === inputs.virtualNetworkName && other.id !== id;
        if (same && taken !== undefined && taken.base < own.base + size(own) && own.base < taken.base + size(taken))
          throw new CloudError(`Status=400 Code="NetcfgInvalidSubnet" Message="${id} overlaps with ${other.id}"`);
      }
    },
  },
  "azure-native:network:PublicIPAddress": {
    ...kind("Microsoft.Network/publicIPAddresses", "publicIpAddressName", { replaceOn: ["sku", "zones"] }),
    outputs: { ipAddress: ({ id }) => `203.0.113.${1 + (hash(id) % 250)}` },
    check: ({ sku, publicIPAllocationMethod }) =>
      isRecord(sku) && sku.name === "Standard" && publicIPAllocationMethod !== "Static"
        ? "a Standard address must be Static"
        : undefined,
  },
  "azure-native:network:NatGateway": {
    ...kind("Microsoft.Network/natGateways", "natGatewayName", {
      references: { "publicIpAddresses[].id": publicAddress },
      replaceOn: ["zones"],
    }),
    required: ["sku.name"],
  },
  "azure-native:network:NetworkInterface": {
    ...kind("Microsoft.Network/networkInterfaces", "networkInterfaceName", {
      references: {
        "ipConfigurations[].subnet.id": subnet,
        "ipConfigurations[].publicIPAddress.id": publicAddress,
      },
    }),
    outputs: { ipConfigurations: (made) => withAddresses(made) },
    renewed: ["ipConfigurations"],
    onCreate: ({ id, outputs }, cloud) => {
      const own = textAt(outputs, "ipConfigurations.0.privateIPAddress") ?? firstAddress(outputs);
      for (const other of cloud.all("azure-native:network:NetworkInterface"))
        if (other.id !== id && firstAddress(other.outputs) === own)
          throw new CloudError(`Status=400 Code="PrivateIPAddressInUse" Message="${own} is in use by ${other.id}"`);
    },
  },
  "azure-native:network:BastionHost": kind("Microsoft.Network/bastionHosts", "bastionHostName", {
    references: { "ipConfigurations[].subnet.id": subnet, "ipConfigurations[].publicIPAddress.id": publicAddress },
    replaceOn: ["ipConfigurations"],
  }),
  "azure-native:network:PrivateEndpoint": {
    ...kind("Microsoft.Network/privateEndpoints", "privateEndpointName", {
      references: {
        "subnet.id": subnet,
        "privateLinkServiceConnections[].privateLinkServiceId": {
          to: ["azure-native:keyvault:Vault", "azure-native:storage:StorageAccount"],
          // The service may go; its end is then dead.
          holds: false,
        },
      },
      replaceOn: ["subnet", "ipConfigurations", "customNetworkInterfaceName", "privateLinkServiceConnections"],
    }),
  },
  "azure-native:network:FlowLog": {
    name: named("flowLogName", ["networkWatcherName"]),
    id: (made) =>
      `/subscriptions/${subscription}/resourceGroups/NetworkWatcherRG/providers/Microsoft.Network/networkWatchers/${made.text("networkWatcherName")}/flowLogs/${made.name}`,
    references: {
      // Azure's own: it is there in every region that has a network.
      resourceGroupName: { ...resourceGroup, external: /^NetworkWatcherRG$/ },
      targetResourceId: { to: "azure-native:network:VirtualNetwork" },
      storageId: { to: "azure-native:storage:StorageAccount" },
      "identity.userAssignedIdentities[]": { to: "azure-native:managedidentity:UserAssignedIdentity" },
    },
    replaceOn: ["networkWatcherName", "flowLogName", "location", "targetResourceId"],
  },
};

/** Azure's rules for rules: unique names, and unique priorities from 100 to 4096 in each direction. */
function rulesMistake({ securityRules }: Inputs): string | undefined {
  const rules = placesAt({ securityRules }, "securityRules[]").flatMap(({ value }) => (isRecord(value) ? [value] : []));
  const names = new Set<unknown>();
  const priorities = new Set<string>();
  for (const rule of rules) {
    const priority = numberAt(rule, "priority") ?? 0;
    if (priority < 100 || priority > 4096) return `the priority ${priority} is not from 100 to 4096`;
    const place = `${String(rule.direction)} ${priority}`;
    if (names.has(rule.name) || priorities.has(place))
      return `two rules share the name or the priority of ${String(rule.name)}`;
    names.add(rule.name);
    priorities.add(place);
  }
  return undefined;
}

/** What a network card gets: the address that it asks for, or one of its subnet that nobody has. */
function withAddresses({ inputs, cloud, id }: Made): unknown {
  const before = cloud.find("azure-native:network:NetworkInterface", id);
  return placesAt(inputs, "ipConfigurations[]").map(({ value }, index) => {
    const asked = textAt(value, "privateIPAddress");
    const had = textAt(placesAt(before?.outputs, "ipConfigurations[]")[index]?.value, "privateIPAddress");
    return { ...Object(value), privateIPAddress: asked ?? had ?? freeAddress(textAt(value, "subnet.id") ?? "", cloud) };
  });
}

function freeAddress(subnetId: string, cloud: Made["cloud"]): string {
  const range = parseCidr(textAt(cloud.find("azure-native:network:Subnet", subnetId)?.inputs, "addressPrefix") ?? "");
  if (range === undefined) throw new CloudError(`Status=400 Code="InvalidResourceReference" Message="${subnetId}"`);
  const taken = new Set(cloud.all("azure-native:network:NetworkInterface").map(({ outputs }) => firstAddress(outputs)));
  // Azure keeps the first four and the last.
  for (let index = 4; index < size(range) - 1; index++) {
    const address = [24, 16, 8, 0].map((shift) => ((range.base + index) >>> shift) & 255).join(".");
    if (!taken.has(address)) return address;
  }
  throw new CloudError(`Status=400 Code="SubnetIsFull" Message="${subnetId} has no address left"`);
}

export function firstAddress(outputs: unknown): string | undefined {
  const [first] = placesAt(outputs, "ipConfigurations[]");
  return textAt(first?.value, "privateIPAddress");
}

export function firstPublicAddress(outputs: unknown): string | undefined {
  const [first] = placesAt(outputs, "ipConfigurations[]");
  const id = valueAt(first?.value, "publicIPAddress.id");
  return typeof id === "string" ? id : undefined;
}

function hash(text: string): number {
  return [...text].reduce((sum, character) => (sum * 31 + character.charCodeAt(0)) % 1_000_003, 7);
}
