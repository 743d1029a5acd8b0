import * as azure from "../../../../policies/rules/ingress/azure.ts";
import { at, type Cases, of, table, U } from "../kit.ts";
import { entryReads, nsgPorts, nsgReads } from "./flows.ts";
import {
  allow,
  azureIn,
  azureTwins,
  bastion,
  config,
  defaultSg,
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

const nic = "azure-native:network:NetworkInterface";
const ip = "azure-native:network:PublicIPAddress";
const nat = "azure-native:network:NatGateway";
const blocked = "aws:ec2/vpcBlockPublicAccessOptions:VpcBlockPublicAccessOptions";
const exclusive = "aws:ec2/vpcSecurityGroupRulesExclusive:VpcSecurityGroupRulesExclusive";
/** What denies everything from everywhere, with the number by which it is heeded. */
const denial = (priority: number) => ({
  ...allow,
  access: "Deny",
  priority,
  sourceAddressPrefix: "*",
  protocol: "*",
  destinationPortRange: "*",
});
const rules = (...securityRules: readonly object[]) => of(nsg, { securityRules });
const publicInterface = {
  networkInterfaceConfigurations: [{ ipConfigurations: [{ publicIPAddressConfiguration: { name: "x" } }] }],
};

export const azureCases: readonly Cases[] = [
  table(azure.bastionIsEntry, inline({ securityGroups: ["sg-bastion"] }), {
    config,
    passes: [
      ...entryReads.passes,
      inline({ cidrBlocks: ["10.0.0.2/32"] }),
      { ...inline({ cidrBlocks: ["203.0.113.1/32"] }), name: "bastion" },
      inline({ cidrBlocks: ["10.0.0.0/8"], fromPort: 6818, toPort: 6818 }),
      azureIn({ sourceAddressPrefix: "10.0.0.2" }),
      azureIn({ sourceAddressPrefix: "203.0.113.1", destinationAddressPrefix: "10.0.0.2/32" }),
      of("azure-native:network:BastionHost", {}, { within: bastion }),
    ],
    fails: [
      ...entryReads.fails,
      at(inline({ cidrBlocks: ["10.0.0.0/8"] }), "ingress[0]"),
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
      ...nsgPorts.passes,
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
      ...nsgPorts.fails,
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
      ...nsgReads.passes,
      azureIn({ sourceAddressPrefix: "AzureLoadBalancer" }),
      azureIn({
        direction: "Outbound",
        sourceAddressPrefix: "10.0.0.64/26",
        destinationAddressPrefix: "Internet",
        destinationPortRange: "80",
      }),
      rules(denial(100), { ...allow, priority: 200, sourceAddressPrefix: "*" }),
      rules(denial(100), { ...allow, priority: 200, sourceAddressPrefix: "AzureCloud" }),
    ],
    fails: [
      ...nsgReads.fails,
      at(azureIn({ sourceAddressPrefix: "*", destinationPortRange: "8080" }), "securityRules[0]"),
      // Behind it everything is denied, which closes nothing of it.
      at(rules({ ...allow, sourceAddressPrefix: "AzureCloud" }, denial(4096)), "securityRules[0]"),
      at(
        rules(
          { ...allow, priority: 200, sourceAddressPrefix: "AzureCloud" },
          { ...denial(100), sourceAddressPrefix: "Storage" },
        ),
        "securityRules[0]",
      ),
      rules({ ...allow, sourceAddressPrefix: "*" }, { ...denial(4096), direction: "Outbound" }),
      azureIn({ sourceAddressPrefix: "AzureCloud" }),
      azureIn({ sourceAddressPrefix: "Storage.WestEurope" }),
      azureIn({ direction: "Outbound", destinationAddressPrefix: "*", destinationPortRange: "*" }),
      azureIn({
        direction: "Outbound",
        sourceAddressPrefix: "10.0.0.0/24",
        destinationAddressPrefix: "Internet",
        destinationPortRange: "80",
      }),
      rules(denial(300), { ...allow, priority: 200, sourceAddressPrefix: "*" }),
    ],
    unknown: [...nsgReads.unknown, azureIn({ sourceAddressPrefix: U }), of(nsg, { securityRules: U })],
    omitted: [
      [azureIn({ sourceAddressPrefix: undefined }), "fails"],
      [of(nsg, {}), "passes"],
    ],
    twins: azureTwins,
  }),
  table(azure.noPublicIpAddress, of(nic, { ipConfigurations: [{ subnet: { id: U } }] }), {
    passes: [of(nic, { ipConfigurations: [{ publicIPAddress: { id: U } }] }, { within: bastion })],
    fails: [
      at({ "ipConfigurations[0].publicIPAddress": { id: U } }, "ipConfigurations[0].publicIPAddress"),
      { "ipConfigurations[0].publicIPAddress": { id: "x" } },
      { "ipConfigurations[0].publicIPAddress": U },
    ],
    later: [{ "ipConfigurations[0].subnet": U }],
    omitted: [["ipConfigurations", "passes"]],
    twins: [
      at(
        of("azure-native:compute:VirtualMachineScaleSet", {
          virtualMachineProfile: { networkProfile: publicInterface },
        }),
        "virtualMachineProfile.networkProfile.networkInterfaceConfigurations[0].ipConfigurations[0].publicIPAddressConfiguration",
      ),
      of("azure-native:compute:VirtualMachine", { networkProfile: publicInterface }),
      of("azure-native:compute:VirtualMachineScaleSetVM", { networkProfileConfiguration: publicInterface }),
      of("azure-native:network/v20240101:NetworkInterface", { ipConfigurations: [{ publicIPAddress: { id: "x" } }] }),
    ],
  }),
  table(
    azure.noStrayPublicIp,
    [of(ip, {}, { name: "ip" }), of(nat, {}, { name: "nat", madeFrom: { publicIpAddresses: ["ip"] } })],
    {
      passes: [[of(ip, {}, { within: bastion })]],
      fails: [[of(ip, {})], [of(ip, { ipAddress: "x" })], [of(ip, {}, { name: "ip" }), of(nat, {}, { name: "nat" })]],
      later: [
        [
          of(ip, { ipAddress: U }, { name: "ip" }),
          of(nat, { publicIpAddresses: U }, { name: "nat", madeFrom: { publicIpAddresses: ["ip"] } }),
        ],
      ],
      omitted: [[[of(ip, {})], "fails"]],
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
      fails: [
        at({ defaultOutboundAccess: true }, "defaultOutboundAccess"),
        at({ networkSecurityGroup: null }, "networkSecurityGroup"),
        { networkSecurityGroup: {} },
      ],
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
  table(azure.noVpcExclusions, of(blocked, { internetGatewayBlockMode: "block-ingress" }, { protect: true }), {
    passes: [{ internetGatewayBlockMode: "block-bidirectional" }],
    fails: [
      at({ internetGatewayBlockMode: "off" }, "internetGatewayBlockMode"),
      at(of(blocked, { internetGatewayBlockMode: "block-ingress" }), "protect"),
      of("aws:ec2/vpcBlockPublicAccessExclusion:VpcBlockPublicAccessExclusion"),
    ],
    unknown: [{ internetGatewayBlockMode: U }],
    omitted: [["internetGatewayBlockMode", "fails"]],
    twins: [
      of("aws:ec2/vpcBlockPublicAccessExclusion:VpcBlockPublicAccessExclusion", {
        internetGatewayExclusionMode: "allow-egress",
      }),
    ],
  }),
  table(azure.noInlineExtras, [of(sg, {}, { name: "sg" })], {
    passes: [
      [
        of(sg, {}, { name: "sg" }),
        of(sgIn, {}, { name: "r", madeFrom: { securityGroupId: ["sg"] } }),
        of(exclusive, {}, { name: "e", madeFrom: { securityGroupId: ["sg"] } }),
      ],
    ],
    fails: [sgRule, sgIn, sgOut].map((type) => [
      of(sg, {}, { name: "sg" }),
      of(type, {}, { name: "r", madeFrom: { securityGroupId: ["sg"] } }),
    ]),
    later: [[of(sg, { id: U }, { name: "sg" })]],
    omitted: [[[of(sg, {}, { name: "sg" })], "passes"]],
    twins: [
      [of(sg, { id: "sg-1" }, { name: "sg" }), of(sgIn, { securityGroupId: "sg-1" }, { name: "r" })],
      [of(defaultSg, {}, { name: "sg" }), of(sgIn, {}, { name: "r", madeFrom: { securityGroupId: ["sg"] } })],
    ],
  }),
];
