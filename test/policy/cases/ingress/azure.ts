import * as azure from "../../../../policies/rules/ingress/azure.ts";
import { type Cases, of, table, U } from "../kit.ts";
import {
  allow,
  azureIn,
  azureTwins,
  bastion,
  config,
  gcpIn,
  halves,
  inline,
  nsg,
  nsgRule,
  sg,
  sgIn,
  sgOut,
  sgRule,
} from "./scenes.ts";

export const azureCases: readonly Cases[] = [
  table(azure.bastionIsEntry, inline({ securityGroups: ["sg-bastion"] }), {
    config,
    passes: [
      inline({ cidrBlocks: ["10.0.0.2/32"] }),
      { ...inline({ cidrBlocks: ["203.0.113.1/32"] }), name: "bastion" },
      inline({ cidrBlocks: ["10.0.0.0/8"], fromPort: 6818, toPort: 6818 }),
      azureIn({ sourceAddressPrefix: "10.0.0.2" }),
      azureIn({ sourceAddressPrefix: "203.0.113.1", destinationAddressPrefix: "10.0.0.2/32" }),
    ],
    fails: [
      inline({ cidrBlocks: ["10.0.0.0/8"] }),
      inline({ cidrBlocks: ["10.0.0.0/16"], protocol: "-1" }),
      of("azure-native:network:BastionHost"),
      inline({ cidrBlocks: ["10.0.0.2/31"] }),
      azureIn({ sourceAddressPrefix: "10.0.0.9", destinationAddressPrefix: "10.0.0.2/31" }),
    ],
    unknown: [inline({ cidrBlocks: ["10.0.0.0/8"], fromPort: U, toPort: U })],
    omitted: [
      [inline({}), "passes"],
      [of(nsgRule, allow), "fails"],
    ],
    twins: [
      gcpIn({}),
      of(sgIn, { ipProtocol: "tcp", fromPort: 22, toPort: 22, cidrIpv4: "10.0.0.0/8" }),
      azureIn({ sourceAddressPrefix: "10.0.0.0/8" }),
      of("gcp:iap/tunnelInstanceIAMMember:TunnelInstanceIAMMember"),
      of("aws:ec2transitgateway/instanceConnectEndpoint:InstanceConnectEndpoint"),
    ],
  }),
  table(azure.nsgNoTriedPorts, azureIn({}), {
    config,
    passes: [
      azureIn({ sourceAddressPrefix: "10.0.0.0/8" }),
      azureIn({ access: "Deny", sourceAddressPrefix: "*" }),
      { ...azureIn({ sourceAddressPrefix: undefined, sourceAddressPrefixes: ["203.0.113.1"] }), name: "bastion" },
      azureIn({ sourceAddressPrefix: "203.0.113.1", destinationAddressPrefix: "10.0.0.2/32" }),
      azureIn({
        sourceAddressPrefix: "Internet",
        destinationAddressPrefix: "10.0.0.64/26",
        destinationPortRange: "443",
      }),
    ],
    fails: [
      azureIn({ sourceAddressPrefix: "*" }),
      azureIn({ sourceAddressPrefix: "Any" }),
      azureIn({ sourceAddressPrefix: "Internet" }),
      azureIn({ sourceAddressPrefix: "198.51.100.7", destinationAddressPrefix: "10.0.0.2/32" }),
      azureIn({ sourceAddressPrefix: "203.0.113.1", destinationAddressPrefix: "10.0.0.3/32" }),
      azureIn({
        sourceAddressPrefix: "203.0.113.1",
        destinationAddressPrefix: undefined,
        destinationAddressPrefixes: ["10.0.0.2/32", "VirtualNetwork"],
      }),
      azureIn({ sourceAddressPrefix: "Internet", destinationAddressPrefix: "10.0.0.64/26" }),
      azureIn({ sourceAddressPrefix: "Internet", destinationAddressPrefix: "*", destinationPortRange: "443" }),
      azureIn({ sourceAddressPrefix: "0.0.0.0/0", protocol: "*", destinationPortRange: "*" }),
      azureIn({ sourceAddressPrefix: undefined, sourceAddressPrefixes: halves }),
      azureIn({ sourceAddressPrefix: "*", destinationPortRange: undefined, destinationPortRanges: ["8080", "20-30"] }),
    ],
    unknown: [azureIn({ sourceAddressPrefix: "*", destinationPortRange: U })],
    omitted: [
      [azureIn({ sourceAddressPrefix: undefined }), "fails"],
      [of(nsg, {}), "passes"],
    ],
    twins: azureTwins,
  }),
  table(azure.nsgNoPublic, azureIn({}), {
    config,
    passes: [
      azureIn({ sourceAddressPrefix: "AzureLoadBalancer" }),
      azureIn({
        direction: "Outbound",
        sourceAddressPrefix: "10.0.0.64/26",
        destinationAddressPrefix: "Internet",
        destinationPortRange: "80",
      }),
      of(nsg, {
        securityRules: [
          {
            ...allow,
            access: "Deny",
            priority: 100,
            sourceAddressPrefix: "*",
            protocol: "*",
            destinationPortRange: "*",
          },
          { ...allow, priority: 200, sourceAddressPrefix: "*" },
        ],
      }),
    ],
    fails: [
      azureIn({ sourceAddressPrefix: "*", destinationPortRange: "8080" }),
      azureIn({ sourceAddressPrefix: "AzureCloud" }),
      azureIn({ sourceAddressPrefix: "Storage.WestEurope" }),
      azureIn({ direction: "Outbound", destinationAddressPrefix: "*", destinationPortRange: "*" }),
      azureIn({
        direction: "Outbound",
        sourceAddressPrefix: "10.0.0.0/24",
        destinationAddressPrefix: "Internet",
        destinationPortRange: "80",
      }),
      of(nsg, {
        securityRules: [
          {
            ...allow,
            access: "Deny",
            priority: 300,
            sourceAddressPrefix: "*",
            protocol: "*",
            destinationPortRange: "*",
          },
          { ...allow, priority: 200, sourceAddressPrefix: "*" },
        ],
      }),
    ],
    unknown: [azureIn({ sourceAddressPrefix: U }), of(nsg, { securityRules: U })],
    omitted: [
      [azureIn({ sourceAddressPrefix: undefined }), "fails"],
      [of(nsg, {}), "passes"],
    ],
    twins: azureTwins,
  }),
  table(
    azure.noPublicIpAddress,
    of("azure-native:network:NetworkInterface", { ipConfigurations: [{ subnet: { id: U } }] }),
    {
      passes: [
        of(
          "azure-native:network:NetworkInterface",
          { ipConfigurations: [{ publicIPAddress: { id: U } }] },
          { within: bastion },
        ),
      ],
      fails: [
        { "ipConfigurations[0].publicIPAddress": { id: U } },
        { "ipConfigurations[0].publicIPAddress": { id: "x" } },
        { "ipConfigurations[0].publicIPAddress": U },
      ],
      later: [{ "ipConfigurations[0].subnet": U }],
      omitted: [["ipConfigurations", "passes"]],
      twins: [
        of("azure-native:compute:VirtualMachineScaleSet", {
          virtualMachineProfile: {
            networkProfile: {
              networkInterfaceConfigurations: [{ ipConfigurations: [{ publicIPAddressConfiguration: { name: "x" } }] }],
            },
          },
        }),
        of("azure-native:compute:VirtualMachine", {
          networkProfile: {
            networkInterfaceConfigurations: [{ ipConfigurations: [{ publicIPAddressConfiguration: { name: "x" } }] }],
          },
        }),
        of("azure-native:network/v20240101:NetworkInterface", { ipConfigurations: [{ publicIPAddress: { id: "x" } }] }),
      ],
    },
  ),
  table(
    azure.noStrayPublicIp,
    [
      of("azure-native:network:PublicIPAddress", {}, { name: "ip" }),
      of("azure-native:network:NatGateway", {}, { name: "nat", madeFrom: { publicIpAddresses: ["ip"] } }),
    ],
    {
      passes: [[of("azure-native:network:PublicIPAddress", {}, { within: bastion })]],
      fails: [
        [of("azure-native:network:PublicIPAddress", {})],
        [of("azure-native:network:PublicIPAddress", { ipAddress: "x" })],
        [
          of("azure-native:network:PublicIPAddress", {}, { name: "ip" }),
          of("azure-native:network:NatGateway", {}, { name: "nat" }),
        ],
      ],
      later: [
        [
          of("azure-native:network:PublicIPAddress", { ipAddress: U }, { name: "ip" }),
          of(
            "azure-native:network:NatGateway",
            { publicIpAddresses: U },
            { name: "nat", madeFrom: { publicIpAddresses: ["ip"] } },
          ),
        ],
      ],
      omitted: [[[of("azure-native:network:PublicIPAddress", {})], "fails"]],
      twins: [[of("azure-native:network/v20240101:PublicIPAddress", {})]],
    },
  ),
  table(
    azure.subnetsFiltered,
    of("azure-native:network:Subnet", { networkSecurityGroup: { id: U }, defaultOutboundAccess: false }),
    {
      passes: [
        of("azure-native:network:VirtualNetwork", {
          subnets: [{ networkSecurityGroup: { id: "x" }, defaultOutboundAccess: false }],
        }),
      ],
      fails: [{ defaultOutboundAccess: true }, { networkSecurityGroup: null }, { networkSecurityGroup: {} }],
      unknown: [{ defaultOutboundAccess: U }],
      omitted: [
        ["networkSecurityGroup", "fails"],
        ["defaultOutboundAccess", "fails"],
      ],
      twins: [
        of("azure-native:network:VirtualNetwork", { subnets: [{ name: "x" }] }),
        of("azure-native:network/v20240101:Subnet", {}),
      ],
    },
  ),
  table(
    azure.noVpcExclusions,
    of(
      "aws:ec2/vpcBlockPublicAccessOptions:VpcBlockPublicAccessOptions",
      { internetGatewayBlockMode: "block-ingress" },
      { protect: true },
    ),
    {
      passes: [{ internetGatewayBlockMode: "block-bidirectional" }],
      fails: [
        { internetGatewayBlockMode: "off" },
        of("aws:ec2/vpcBlockPublicAccessOptions:VpcBlockPublicAccessOptions", {
          internetGatewayBlockMode: "block-ingress",
        }),
        of("aws:ec2/vpcBlockPublicAccessExclusion:VpcBlockPublicAccessExclusion"),
      ],
      unknown: [{ internetGatewayBlockMode: U }],
      omitted: [["internetGatewayBlockMode", "fails"]],
      twins: [
        of("aws:ec2/vpcBlockPublicAccessExclusion:VpcBlockPublicAccessExclusion", {
          internetGatewayExclusionMode: "allow-egress",
        }),
      ],
    },
  ),
  table(azure.noInlineExtras, [of(sg, {}, { name: "sg" })], {
    passes: [
      [
        of(sg, {}, { name: "sg" }),
        of(sgIn, {}, { name: "r", madeFrom: { securityGroupId: ["sg"] } }),
        of(
          "aws:ec2/vpcSecurityGroupRulesExclusive:VpcSecurityGroupRulesExclusive",
          {},
          { name: "e", madeFrom: { securityGroupId: ["sg"] } },
        ),
      ],
    ],
    fails: [sgRule, sgIn, sgOut].map((type) => [
      of(sg, {}, { name: "sg" }),
      of(type, {}, { name: "r", madeFrom: { securityGroupId: ["sg"] } }),
    ]),
    later: [[of(sg, { id: U }, { name: "sg" })]],
    omitted: [[[of(sg, {}, { name: "sg" })], "passes"]],
    twins: [[of(sg, { id: "sg-1" }, { name: "sg" }), of(sgIn, { securityGroupId: "sg-1" }, { name: "r" })]],
  }),
];
