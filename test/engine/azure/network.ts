import type { Made, NameRule, Row } from "../cloud/table.ts";

export const subscription = "00000000-0000-0000-0000-000000000001";

const resourceGroup = { to: "azure-native:resources:ResourceGroup" };

/** Names of networks and what is in them. @param input The SDK calls each after its own type. */
function named(input: string, within: readonly string[]): NameRule {
  return {
    input,
    pattern: /^\w[\w.-]*$/,
    what: "letters, digits, dots, hyphens and underscores",
    max: 80,
    unique: { within },
  };
}

/** The id of a resource of a provider in its resource group. */
function armId(made: Made, path: string): string {
  return `/subscriptions/${subscription}/resourceGroups/${made.text("resourceGroupName")}/providers/${path}`;
}

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
    outputs: { name: ({ name }) => name, location: () => "germanywestcentral" },
    handles: ["name"],
    replaceOn: ["resourceGroupName", "location"],
  },
  "azure-native:network:VirtualNetwork": {
    name: named("virtualNetworkName", ["resourceGroupName"]),
    id: (made) => armId(made, `Microsoft.Network/virtualNetworks/${made.name}`),
    outputs: { name: ({ name }) => name, location: () => "germanywestcentral" },
    handles: ["name"],
    required: ["addressSpace.addressPrefixes[]"],
    references: { resourceGroupName: resourceGroup },
    replaceOn: ["resourceGroupName", "virtualNetworkName", "location"],
  },
  "azure-native:network:Subnet": {
    name: named("subnetName", ["resourceGroupName", "virtualNetworkName"]),
    id: (made) =>
      armId(made, `Microsoft.Network/virtualNetworks/${made.text("virtualNetworkName")}/subnets/${made.name}`),
    outputs: { name: ({ name }) => name },
    references: { resourceGroupName: resourceGroup, virtualNetworkName: { to: "azure-native:network:VirtualNetwork" } },
    replaceOn: ["resourceGroupName", "virtualNetworkName", "subnetName"],
  },
};
