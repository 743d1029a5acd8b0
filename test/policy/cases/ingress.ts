import * as aws from "../../../policies/rules/ingress/aws.ts";
import * as azure from "../../../policies/rules/ingress/azure.ts";
import * as gcp from "../../../policies/rules/ingress/gcp.ts";
import { noPublicIngress } from "../../../policies/rules/ingress/no-public-ingress.ts";
import * as stores from "../../../policies/rules/ingress/stores.ts";
import { type Cases, of, table, U } from "./kit.ts";

const sg = "aws:ec2/securityGroup:SecurityGroup";
const sgRule = "aws:ec2/securityGroupRule:SecurityGroupRule";
const sgIn = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const sgOut = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";
const defaultSg = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup";
const vpc = of("aws:ec2/vpc:Vpc", { cidrBlock: "10.0.0.0/16" }, { name: "vpc" });
const firewall = "gcp:compute/firewall:Firewall";
const policyRule = "gcp:compute/networkFirewallPolicyRule:NetworkFirewallPolicyRule";
const nsg = "azure-native:network:NetworkSecurityGroup";
const nsgRule = "azure-native:network:SecurityRule";
const bastion = ["logos:substrate:Substrate", "logos:substrate:Bastion"];
const config = {
  profile: "standard",
  operatorRanges: ["203.0.113.0/28"],
  bastion: {
    securityGroups: ["bastion"],
    addresses: ["10.0.0.2"],
    subnets: ["edge"],
    serviceAccounts: ["bastion@p.iam.gserviceaccount.com"],
  },
  tunnel: ["10.0.0.64/26"],
};

const inline = (rule: object) =>
  of(sg, {
    description: "nodes",
    ingress: [{ description: "x", protocol: "tcp", fromPort: 22, toPort: 22, ...rule }],
    egress: [],
  });
const allow = {
  direction: "Inbound",
  access: "Allow",
  protocol: "Tcp",
  priority: 100,
  destinationPortRange: "22",
  destinationAddressPrefix: "*",
  sourcePortRange: "*",
};
const halves = ["0.0.0.0/1", "128.0.0.0/1"];

const open = { cidrBlocks: ["0.0.0.0/0"] };
const awsOpen = [
  inline(open),
  inline({ cidrBlocks: ["10.0.0.0/8", "0.0.0.0/0"] }),
  inline({ cidrBlocks: halves }),
  inline({ cidrBlocks: ["0/0"] }),
  inline({ ipv6CidrBlocks: ["::/0"] }),
  inline({ ipv6CidrBlocks: ["::ffff:0.0.0.0/96"] }),
  inline({ cidrBlocks: ["198.51.100.7/32"] }),
  inline({ ...open, self: true }),
  inline({ ...open, protocol: "-1", fromPort: 0, toPort: 0 }),
  inline({ ...open, fromPort: 1, toPort: 65_535 }),
  inline({ ...open, fromPort: undefined, toPort: undefined }),
  // What is known to be wrong wins over what is not known beside it.
  inline({ cidrBlocks: [U, "0.0.0.0/0"] }),
  of(sg, {
    ingress: [
      { protocol: "tcp", fromPort: U, toPort: U, cidrBlocks: [U] },
      { protocol: "tcp", fromPort: 22, toPort: 22, ...open },
    ],
  }),
];
const awsTwins = [
  of(sgRule, { type: "ingress", protocol: "tcp", fromPort: 22, toPort: 22, ...open }),
  of(sgIn, { ipProtocol: "tcp", fromPort: 22, toPort: 22, cidrIpv4: "0.0.0.0/0" }),
  of(sgIn, { ipProtocol: "-1", cidrIpv6: "::/0" }),
  of(defaultSg, { ingress: [{ protocol: "-1", fromPort: 0, toPort: 0, ...open }] }),
];

const gcpIn = (rule: object) =>
  of(firewall, { network: "net", sourceRanges: ["10.0.0.0/8"], allows: [{ protocol: "tcp", ports: ["22"] }], ...rule });
const gcpTwins = [
  of(policyRule, {
    action: "allow",
    direction: "INGRESS",
    priority: 1,
    match: { srcIpRanges: ["0.0.0.0/0"], layer4Configs: [{ ipProtocol: "tcp", ports: ["22"] }] },
  }),
  of("gcp:compute/firewallPolicyRule:FirewallPolicyRule", {
    action: "allow",
    direction: "INGRESS",
    priority: 1,
    match: { srcIpRanges: halves, layer4Configs: [{ ipProtocol: "all" }] },
  }),
  of("gcp:compute/networkFirewallPolicyWithRules:NetworkFirewallPolicyWithRules", {
    rules: [
      {
        action: "allow",
        direction: "INGRESS",
        priority: 1,
        match: { srcIpRanges: ["::/0"], layer4Configs: [{ ipProtocol: "tcp" }] },
      },
    ],
  }),
];

const azureIn = (rule: object) =>
  of(nsg, { securityRules: [{ ...allow, sourceAddressPrefix: "VirtualNetwork", ...rule }] });
const azureTwins = [
  of(nsgRule, { ...allow, sourceAddressPrefix: "*" }),
  of("azure-native:network/v20240101:SecurityRule", { ...allow, sourceAddressPrefix: "Internet" }),
  of("azure-native_network_v20240101:network:NetworkSecurityGroup", {
    securityRules: [{ ...allow, sourceAddressPrefix: "0.0.0.0/0" }],
  }),
  of("azure-native:network:AdminRule", {
    ...allow,
    sources: [{ addressPrefix: "0.0.0.0/0", addressPrefixType: "IPPrefix" }],
    destinationPortRanges: ["22"],
  }),
];

const pab = { blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true };
const s3 = of("aws:s3/bucket:Bucket", {}, { name: "cache" });
const s3Pab = of("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", pab, {
  name: "pab",
  madeFrom: { bucket: ["cache"] },
});
const account = {
  allowBlobPublicAccess: false,
  publicNetworkAccess: "Disabled",
  networkRuleSet: { defaultAction: "Deny" },
};

export const ingressCases: readonly Cases[] = [
  table(aws.noPublicAdminPorts, inline({ cidrBlocks: ["10.0.0.0/8"] }), {
    config,
    passes: [
      inline({ securityGroups: ["sg-1"] }),
      { ...inline({ cidrBlocks: ["203.0.113.4/32"] }), name: "bastion" },
      { ...inline({ cidrBlocks: ["203.0.113.0/28"] }), within: bastion },
    ],
    fails: [
      ...awsOpen,
      { ...inline({ cidrBlocks: ["203.0.113.0/27"] }), name: "bastion" },
      inline({ cidrBlocks: ["203.0.113.4/32"] }),
    ],
    unknown: [
      inline({ ...open, fromPort: U, toPort: U }),
      of(sgIn, { ipProtocol: U, fromPort: 22, toPort: 22, cidrIpv4: "0.0.0.0/0" }),
    ],
    omitted: [
      [inline({}), "passes"],
      [of(sg, { description: "x" }), "passes"],
      [of(sgIn, { ipProtocol: "tcp", cidrIpv4: "0.0.0.0/0" }), "fails"],
    ],
    twins: awsTwins,
  }),
  table(noPublicIngress, inline({ cidrBlocks: ["10.0.0.0/8"] }), {
    config,
    passes: [
      inline({ securityGroups: [U] }),
      { ...inline({ cidrBlocks: ["203.0.113.4/32"] }), name: "bastion" },
      of("logos:substrate:Network", {
        cidr: "10.83.0.0/24",
        rules: [{ from: "operator", to: "bastion", protocol: "tcp", ports: [22] }],
      }),
      [
        of("aws:ec2/managedPrefixList:ManagedPrefixList", { entries: [{ cidr: "10.0.0.0/8" }] }, { name: "list" }),
        of(
          sgIn,
          { ipProtocol: "tcp", fromPort: 22, toPort: 22, prefixListId: U },
          { name: "rule", madeFrom: { prefixListId: ["list"] } },
        ),
      ],
    ],
    fails: [
      ...awsOpen,
      inline({ ...open, fromPort: 6818, toPort: 6818 }),
      inline({ cidrBlocks: ["010.0.0.0/8"] }),
      inline({ cidrBlocks: ["0x0/0"] }),
      { ...inline({ cidrBlocks: ["203.0.113.4/32"], fromPort: 22, toPort: 443 }), name: "bastion" },
      of("logos:substrate:Network", { cidr: "8.8.8.0/24", rules: [] }),
      [
        of(
          "aws:ec2/managedPrefixList:ManagedPrefixList",
          { entries: [{ cidr: "10.0.0.0/8" }, { cidr: "0.0.0.0/1" }] },
          { name: "list" },
        ),
        of(
          sgIn,
          { ipProtocol: "tcp", fromPort: 22, toPort: 22, prefixListId: U },
          { name: "rule", madeFrom: { prefixListId: ["list"] } },
        ),
      ],
      [of(sgIn, { ipProtocol: "tcp", fromPort: 22, toPort: 22, prefixListId: "pl-1" })],
      [
        of("aws:ec2/managedPrefixList:ManagedPrefixList", {}, { name: "list" }),
        of(
          "aws:ec2/managedPrefixListEntry:ManagedPrefixListEntry",
          { cidr: "::/0" },
          { name: "entry", madeFrom: { prefixListId: ["list"] } },
        ),
        of(
          sgIn,
          { ipProtocol: "tcp", fromPort: 22, toPort: 22, prefixListId: U },
          { name: "rule", madeFrom: { prefixListId: ["list"] } },
        ),
      ],
    ],
    unknown: [inline({ cidrBlocks: [U] }), inline({ cidrBlocks: U }), of(sg, { ingress: U })],
    omitted: [
      [inline({}), "passes"],
      [of("lab:index:Network", { cidr: "10.83.0.0/24" }), "fails"],
    ],
    twins: awsTwins,
  }),
  table(
    aws.egressAllowList,
    of(sg, { egress: [{ protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: ["52.95.0.0/16"] }] }),
    {
      passes: [
        { "egress[0].cidrBlocks": ["10.0.0.0/8"], "egress[0].protocol": "-1" },
        { "egress[0].cidrBlocks": [], "egress[0].prefixListIds": ["pl-1"] },
      ],
      fails: [
        { "egress[0].cidrBlocks": ["0.0.0.0/0"] },
        { "egress[0].cidrBlocks": halves },
        { "egress[0].protocol": "-1" },
        { "egress[0].ipv6CidrBlocks": ["::/0"] },
      ],
      unknown: [{ "egress[0].cidrBlocks": [U] }, { egress: U }],
      omitted: [
        ["egress", "passes"],
        ["egress[0].fromPort", "fails"],
      ],
      twins: [
        of(sgOut, { ipProtocol: "-1", cidrIpv4: "0.0.0.0/0" }),
        of(sgRule, { type: "egress", protocol: "all", cidrBlocks: ["0.0.0.0/0"] }),
        of(defaultSg, { egress: [{ protocol: "-1", cidrBlocks: ["0.0.0.0/0"] }] }),
      ],
    },
  ),
  table(aws.defaultGroupClosed, of(defaultSg, { ingress: [], egress: [] }), {
    passes: [[vpc, of(defaultSg, {}, { name: "default", madeFrom: { vpcId: ["vpc"] } })]],
    fails: [{ ingress: [{ self: true }] }, { egress: [{ protocol: "-1" }] }, { ingress: [{}], egress: [{}] }],
    unknown: [{ ingress: U }],
    omitted: [
      ["ingress", "passes"],
      [[vpc], "fails"],
    ],
    twins: [[vpc, of(sg, { name: "default" }, { name: "default", madeFrom: { vpcId: ["vpc"] } })]],
  }),
  table(aws.rulesDescribed, inline({}), {
    passes: [of(sgIn, { description: "Slurm" })],
    fails: [{ description: "" }, { "ingress[0].description": "" }, { "ingress[0].description": null }],
    unknown: [{ description: U }],
    omitted: [
      ["description", "fails"],
      ["ingress[0].description", "fails"],
    ],
    twins: [of(sgRule, {}), of(sgIn, {}), of(sgOut, {})],
  }),
  table(
    aws.aclClosed,
    of("aws:ec2/networkAcl:NetworkAcl", {
      ingress: [{ action: "allow", cidrBlock: "10.0.0.0/16", protocol: "-1", fromPort: 0, toPort: 0, ruleNo: 100 }],
    }),
    {
      passes: [
        {
          ingress: [
            { action: "deny", cidrBlock: "0.0.0.0/0", protocol: "-1", ruleNo: 1 },
            { action: "allow", cidrBlock: "0.0.0.0/0", protocol: "tcp", fromPort: 22, toPort: 22, ruleNo: 2 },
          ],
        },
        { egress: [{ action: "allow", cidrBlock: "0.0.0.0/0", protocol: "-1", ruleNo: 1 }] },
      ],
      fails: [
        { "ingress[0].cidrBlock": "0.0.0.0/0" },
        { "ingress[0].ipv6CidrBlock": "::/0" },
        {
          ingress: [
            { action: "allow", cidrBlock: "0.0.0.0/0", protocol: "tcp", fromPort: 22, toPort: 22, ruleNo: 1 },
            { action: "deny", cidrBlock: "0.0.0.0/0", protocol: "-1", ruleNo: 2 },
          ],
        },
        {
          ingress: [
            { action: "deny", cidrBlock: "0.0.0.0/1", protocol: "-1", ruleNo: 1 },
            { action: "allow", cidrBlock: "0.0.0.0/0", protocol: "tcp", fromPort: 22, toPort: 22, ruleNo: 2 },
          ],
        },
        { ingress: [{ action: U, cidrBlock: "0.0.0.0/0", protocol: "-1", ruleNo: 1 }] },
      ],
      unknown: [{ "ingress[0].cidrBlock": U }],
      omitted: [
        ["ingress", "passes"],
        [{ ingress: [{ action: "allow", cidrBlock: "0.0.0.0/0", ruleNo: 1 }] }, "fails"],
      ],
      twins: [
        of("aws:ec2/networkAclRule:NetworkAclRule", {
          ruleAction: "allow",
          cidrBlock: "0.0.0.0/0",
          protocol: "tcp",
          fromPort: 22,
          toPort: 22,
          ruleNumber: 1,
        }),
        of("aws:ec2/defaultNetworkAcl:DefaultNetworkAcl", {
          ingress: [{ action: "allow", cidrBlock: "0.0.0.0/0", protocol: "-1", ruleNo: 100 }],
        }),
      ],
    },
  ),
  table(aws.noPublicAddress, of("aws:ec2/instance:Instance", { associatePublicIpAddress: false }), {
    passes: [
      of("aws:ec2/instance:Instance", { associatePublicIpAddress: true }, { within: bastion }),
      of("aws:ec2/launchTemplate:LaunchTemplate", { networkInterfaces: [{ associatePublicIpAddress: "false" }] }),
    ],
    fails: [
      { associatePublicIpAddress: true },
      { associatePublicIpAddress: "true" },
      of("aws:ec2/spotInstanceRequest:SpotInstanceRequest", { associatePublicIpAddress: true }),
    ],
    unknown: [{ associatePublicIpAddress: U }],
    omitted: [["associatePublicIpAddress", "passes"]],
    twins: [
      of("aws:ec2/launchTemplate:LaunchTemplate", { networkInterfaces: [{ associatePublicIpAddress: "true" }] }),
      of("aws:ec2/launchConfiguration:LaunchConfiguration", { associatePublicIpAddress: true }),
      of("aws:ec2/spotFleetRequest:SpotFleetRequest", { launchSpecifications: [{ associatePublicIpAddress: true }] }),
    ],
  }),
  table(
    aws.subnetsPrivate,
    of("aws:ec2/subnet:Subnet", { mapPublicIpOnLaunch: false, assignIpv6AddressOnCreation: false }),
    {
      passes: [of("aws:ec2/defaultSubnet:DefaultSubnet", { mapPublicIpOnLaunch: false })],
      fails: [{ mapPublicIpOnLaunch: true }, { assignIpv6AddressOnCreation: true }, { mapPublicIpOnLaunch: "true" }],
      unknown: [{ mapPublicIpOnLaunch: U }],
      omitted: [
        ["mapPublicIpOnLaunch", "passes"],
        [of("aws:ec2/defaultSubnet:DefaultSubnet"), "fails"],
      ],
      twins: [of("aws:ec2/defaultSubnet:DefaultSubnet", { mapPublicIpOnLaunch: true })],
    },
  ),
  table(aws.noDefaultNetwork, of("gcp:compute/network:Network", { autoCreateSubnetworks: false, name: "logos" }), {
    passes: [{ name: "default-deny" }],
    fails: [{ autoCreateSubnetworks: true }, { name: "default" }, of("aws:ec2/defaultVpc:DefaultVpc")],
    unknown: [{ autoCreateSubnetworks: U }],
    omitted: [
      ["autoCreateSubnetworks", "fails"],
      ["name", "passes"],
    ],
    twins: [of("aws:ec2/defaultSubnet:DefaultSubnet"), of("aws:ec2/defaultRouteTable:DefaultRouteTable")],
  }),
  table(aws.routesThroughNat, of("aws:ec2/route:Route", { destinationCidrBlock: "0.0.0.0/0", natGatewayId: "nat-1" }), {
    config,
    passes: [
      { gatewayId: "igw-1", destinationCidrBlock: "10.0.0.0/8" },
      of("aws:ec2/route:Route", { destinationCidrBlock: "0.0.0.0/0", gatewayId: U }, { name: "edge" }),
    ],
    fails: [
      { gatewayId: "igw-1" },
      { gatewayId: U },
      { gatewayId: "igw-1", destinationIpv6CidrBlock: "::/0", destinationCidrBlock: undefined },
    ],
    unknown: [{ gatewayId: "igw-1", destinationCidrBlock: U }],
    omitted: [["natGatewayId", "passes"]],
    twins: [of("aws:ec2/routeTable:RouteTable", { routes: [{ cidrBlock: "0.0.0.0/0", gatewayId: "igw-1" }] })],
  }),
  table(
    aws.noStrayAddress,
    [
      of("aws:ec2/eip:Eip", {}, { name: "ip" }),
      of("aws:ec2/natGateway:NatGateway", {}, { name: "nat", madeFrom: { allocationId: ["ip"] } }),
    ],
    {
      passes: [[of("aws:ec2/eip:Eip", { instance: "i-1" }, { name: "ip", within: bastion })]],
      fails: [
        [of("aws:ec2/eip:Eip", { instance: "i-1" })],
        [of("aws:ec2/eip:Eip", { instance: U })],
        [of("aws:ec2/eip:Eip", { networkInterface: "eni-1" })],
        [of("aws:ec2/eip:Eip", {})],
      ],
      later: [
        [
          of("aws:ec2/eip:Eip", { domain: U }, { name: "ip" }),
          of("aws:ec2/natGateway:NatGateway", { allocationId: U }, { name: "nat", madeFrom: { allocationId: ["ip"] } }),
        ],
      ],
      omitted: [[[of("aws:ec2/eip:Eip", {})], "fails"]],
      twins: [
        of("aws:ec2/eipAssociation:EipAssociation", { instanceId: "i-1" }),
        of("aws:ec2/eipAssociation:EipAssociation", { networkInterfaceId: U }),
      ],
    },
  ),
  table(gcp.firewallNoTriedPorts, gcpIn({}), {
    config,
    passes: [
      gcpIn({ sourceRanges: undefined, sourceTags: ["bastion"] }),
      gcpIn({ sourceRanges: ["0.0.0.0/0"], disabled: true }),
      gcpIn({ sourceRanges: ["203.0.113.1/32"], targetServiceAccounts: ["bastion@p.iam.gserviceaccount.com"] }),
    ],
    fails: [
      gcpIn({ sourceRanges: ["0.0.0.0/0"] }),
      gcpIn({ sourceRanges: halves }),
      gcpIn({ sourceRanges: ["0.0.0.0/0"], allows: [{ protocol: "all" }] }),
      gcpIn({ sourceRanges: ["0.0.0.0/0"], allows: [{ protocol: "6", ports: ["20-25"] }] }),
      gcpIn({ sourceRanges: [U, "::/0"] }),
    ],
    unknown: [gcpIn({ sourceRanges: ["0.0.0.0/0"], allows: [{ protocol: "tcp", ports: [U] }] })],
    omitted: [
      [gcpIn({ sourceRanges: undefined }), "fails"],
      [gcpIn({ sourceRanges: ["0.0.0.0/0"], allows: [{ protocol: "tcp" }] }), "fails"],
      [gcpIn({ allows: undefined }), "passes"],
    ],
    twins: gcpTwins,
  }),
  table(gcp.firewallNoPublic, gcpIn({}), {
    config,
    passes: [
      gcpIn({ sourceRanges: undefined, sourceServiceAccounts: [U] }),
      of("gcp:compute/networkFirewallPolicyWithRules:NetworkFirewallPolicyWithRules", {
        rules: [
          {
            action: "deny",
            priority: 1,
            match: { srcIpRanges: ["0.0.0.0/0"], layer4Configs: [{ ipProtocol: "all" }] },
          },
          {
            action: "allow",
            priority: 1,
            match: { srcIpRanges: ["0.0.0.0/0"], layer4Configs: [{ ipProtocol: "tcp", ports: ["8080"] }] },
          },
        ],
      }),
    ],
    fails: [
      gcpIn({ sourceRanges: ["0.0.0.0/0"], allows: [{ protocol: "tcp", ports: ["8080"] }] }),
      gcpIn({ sourceRanges: ["198.51.100.0/29"] }),
      gcpIn({ sourceRanges: ["any"] }),
      of("gcp:compute/networkFirewallPolicyWithRules:NetworkFirewallPolicyWithRules", {
        rules: [
          {
            action: "deny",
            priority: 2,
            match: { srcIpRanges: ["0.0.0.0/0"], layer4Configs: [{ ipProtocol: "all" }] },
          },
          {
            action: "allow",
            priority: 1,
            match: { srcIpRanges: ["0.0.0.0/0"], layer4Configs: [{ ipProtocol: "tcp", ports: ["8080"] }] },
          },
        ],
      }),
    ],
    unknown: [gcpIn({ sourceRanges: [U] }), gcpIn({ sourceRanges: U })],
    omitted: [
      [gcpIn({ sourceRanges: undefined }), "fails"],
      [gcpIn({ sourceRanges: [] }), "fails"],
    ],
    twins: gcpTwins,
  }),
  table(gcp.firewallNoDefaults, of(firewall, { name: "logos-ssh", network: "logos" }), {
    passes: [{ network: "projects/p/global/networks/logos" }],
    fails: [{ name: "default-allow-ssh" }, { network: "default" }, { network: "projects/p/global/networks/default" }],
    later: [{ network: U }],
    omitted: [["name", "passes"]],
    twins: [{ network: "global/networks/default" }],
  }),
  table(
    gcp.firewallEgress,
    gcpIn({
      direction: "EGRESS",
      sourceRanges: undefined,
      destinationRanges: ["199.36.153.8/30"],
      allows: [{ protocol: "tcp", ports: ["443"] }],
    }),
    {
      passes: [gcpIn({ direction: "EGRESS", destinationRanges: ["10.0.0.0/8"], allows: [{ protocol: "all" }] })],
      fails: [
        { destinationRanges: ["0.0.0.0/0"] },
        { destinationRanges: halves },
        { allows: [{ protocol: "all" }] },
        { destinationRanges: ["::/0"] },
      ],
      unknown: [{ destinationRanges: [U] }],
      omitted: [["destinationRanges", "fails"]],
      twins: [
        of(policyRule, {
          action: "allow",
          direction: "EGRESS",
          priority: 1,
          match: { destIpRanges: ["0.0.0.0/0"], layer4Configs: [{ ipProtocol: "tcp" }] },
        }),
      ],
    },
  ),
  table(gcp.noExternalAddress, of("gcp:compute/instance:Instance", { networkInterfaces: [{ network: "n" }] }), {
    passes: [
      of("gcp:compute/instance:Instance", { networkInterfaces: [{ accessConfigs: [{}] }] }, { within: bastion }),
      { "networkInterfaces[0].accessConfigs": [] },
    ],
    fails: [
      { "networkInterfaces[0].accessConfigs": [{}] },
      { "networkInterfaces[0].accessConfigs": [{ natIp: U }] },
      { "networkInterfaces[0].ipv6AccessConfigs": [{ networkTier: "PREMIUM" }] },
    ],
    unknown: [{ "networkInterfaces[0].accessConfigs": U }],
    omitted: [["networkInterfaces", "passes"]],
    twins: [
      of("gcp:compute/instanceTemplate:InstanceTemplate", { networkInterfaces: [{ accessConfigs: [{}] }] }),
      of("gcp:compute/regionInstanceTemplate:RegionInstanceTemplate", { networkInterfaces: [{ accessConfigs: [{}] }] }),
      of("gcp:compute/instanceFromTemplate:InstanceFromTemplate", { networkInterfaces: [{ accessConfigs: [{}] }] }),
    ],
  }),
  table(gcp.noForwarding, of("gcp:compute/instance:Instance", { canIpForward: false }), {
    passes: [of("aws:ec2/instance:Instance", { sourceDestCheck: true })],
    fails: [
      { canIpForward: true },
      of("azure-native:network:NetworkInterface", { enableIPForwarding: true }),
      of("aws:ec2/instance:Instance", { sourceDestCheck: false }),
    ],
    unknown: [{ canIpForward: U }],
    omitted: [
      ["canIpForward", "passes"],
      [of("aws:ec2/networkInterface:NetworkInterface"), "passes"],
    ],
    twins: [
      of("gcp:compute/instanceTemplate:InstanceTemplate", { canIpForward: true }),
      of("aws:ec2/networkInterface:NetworkInterface", { sourceDestCheck: false }),
      of("azure-native:compute:VirtualMachineScaleSet", {
        virtualMachineProfile: { networkProfile: { networkInterfaceConfigurations: [{ enableIPForwarding: true }] } },
      }),
    ],
  }),
  table(gcp.privateGoogleAccess, of("gcp:compute/subnetwork:Subnetwork", { privateIpGoogleAccess: true }), {
    passes: [of("gcp:compute/subnetwork:Subnetwork", { purpose: "REGIONAL_MANAGED_PROXY" })],
    fails: [
      { privateIpGoogleAccess: false },
      { privateIpGoogleAccess: null },
      { privateIpGoogleAccess: "false", purpose: "PRIVATE" },
    ],
    unknown: [{ privateIpGoogleAccess: U }],
    omitted: [["privateIpGoogleAccess", "fails"]],
    twins: "No other token makes a subnetwork of GCP in this SDK.",
  }),
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
  table(stores.bucketsPrivate, [s3, s3Pab], {
    passes: [
      of("aws:s3/bucketAcl:BucketAcl", { acl: "private" }),
      of("aws:s3/bucketPolicy:BucketPolicy", {
        policy: JSON.stringify({ Statement: [{ Effect: "Deny", Principal: "*", Action: "*" }] }),
      }),
    ],
    fails: [
      ...Object.keys(pab).map((key) =>
        of("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", { ...pab, [key]: false }),
      ),
      of("aws:s3/bucketAcl:BucketAcl", { acl: "public-read" }),
      of("aws:s3/bucketPolicy:BucketPolicy", {
        policy: { Statement: [{ Effect: "Allow", Principal: { AWS: "*" }, Action: "s3:GetObject" }] },
      }),
      of("aws:s3/bucketPolicy:BucketPolicy", { policy: "{" }),
      [s3],
    ],
    unknown: [of("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", { ...pab, blockPublicAcls: U })],
    later: [of("aws:s3/bucketPolicy:BucketPolicy", { policy: U })],
    omitted: [
      [of("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", {}), "fails"],
      [of("aws:s3/bucketAcl:BucketAcl", {}), "passes"],
    ],
    twins: [
      of("aws:s3/bucketAclV2:BucketAclV2", { acl: "public-read-write" }),
      of("aws:s3/bucket:Bucket", { acl: "public-read" }),
      of("aws:s3/bucketV2:BucketV2", {
        policy: JSON.stringify({ Statement: { Effect: "Allow", Principal: "*", Action: "*" } }),
      }),
      of("aws:s3/bucketAcl:BucketAcl", {
        accessControlPolicy: { grants: [{ grantee: { uri: "http://acs.amazonaws.com/groups/global/AllUsers" } }] },
      }),
      of("aws:s3/bucketObject:BucketObject", { acl: "public-read" }),
    ],
  }),
  table(
    stores.gcsPrivate,
    of("gcp:storage/bucket:Bucket", { publicAccessPrevention: "enforced", uniformBucketLevelAccess: true }),
    {
      passes: [of("gcp:storage/bucketIAMMember:BucketIAMMember", { member: "serviceAccount:x" })],
      fails: [
        { publicAccessPrevention: "inherited" },
        { uniformBucketLevelAccess: false },
        of("gcp:storage/bucketIAMMember:BucketIAMMember", { member: "allUsers" }),
      ],
      unknown: [{ publicAccessPrevention: U }],
      omitted: [
        ["publicAccessPrevention", "fails"],
        ["uniformBucketLevelAccess", "fails"],
      ],
      twins: [
        of("gcp:storage/bucketIAMBinding:BucketIAMBinding", { members: ["user:x", "allAuthenticatedUsers"] }),
        of("gcp:storage/bucketACL:BucketACL"),
        of("gcp:storage/objectAccessControl:ObjectAccessControl"),
      ],
    },
  ),
  table(stores.storageAccountPrivate, of("azure-native:storage:StorageAccount", account), {
    passes: [
      [
        of("azure-native:storage:StorageAccount", account, { name: "a" }),
        of(
          "azure-native:network:PrivateEndpoint",
          {},
          { name: "e", madeFrom: { privateLinkServiceConnections: ["a"] } },
        ),
      ],
    ],
    fails: [
      { allowBlobPublicAccess: true },
      { publicNetworkAccess: "Enabled" },
      { "networkRuleSet.defaultAction": "Allow" },
      of("azure-native:storage:BlobContainer", { publicAccess: "Blob" }),
      [of("azure-native:storage:StorageAccount", account, { name: "a" })],
    ],
    unknown: [{ allowBlobPublicAccess: U }],
    omitted: [
      ["allowBlobPublicAccess", "fails"],
      ["publicNetworkAccess", "fails"],
      ["networkRuleSet", "fails"],
    ],
    twins: [
      of("azure-native:storage/v20240101:StorageAccount", { ...account, allowBlobPublicAccess: true }),
      of("azure-native:storage:BlobContainer", { publicAccess: "Container" }),
    ],
  }),
  table(
    stores.vaultPrivate,
    of("azure-native:keyvault:Vault", {
      properties: { publicNetworkAccess: "disabled", networkAcls: { defaultAction: "Deny" } },
    }),
    {
      passes: [{ "properties.publicNetworkAccess": "Disabled" }],
      fails: [
        { "properties.publicNetworkAccess": "enabled" },
        { "properties.networkAcls.defaultAction": "Allow" },
        { properties: {} },
      ],
      unknown: [{ "properties.publicNetworkAccess": U }],
      omitted: [
        ["properties.networkAcls", "fails"],
        ["properties.publicNetworkAccess", "fails"],
      ],
      twins: [
        of("azure-native:keyvault:ManagedHsm", { properties: {} }),
        of("azure-native:keyvault/v20240101:Vault", { properties: {} }),
      ],
    },
  ),
  table(stores.imagesPrivate, of("aws:ec2/amiLaunchPermission:AmiLaunchPermission", { accountId: "123456789012" }), {
    config: { profile: "standard", accounts: ["123456789012"] },
    passes: [of("azure-native:compute:Disk", { networkAccessPolicy: "DenyAll", publicNetworkAccess: "Disabled" })],
    fails: [
      { accountId: "999999999999" },
      of("aws:ec2/imageBlockPublicAccess:ImageBlockPublicAccess", { state: "unblocked" }),
      of("aws:ebs/snapshotBlockPublicAccess:SnapshotBlockPublicAccess", { state: "block-new-sharing" }),
      of("azure-native:compute:Disk", { networkAccessPolicy: "AllowAll", publicNetworkAccess: "Disabled" }),
    ],
    unknown: [{ accountId: U }],
    omitted: [
      [of("aws:ec2/amiLaunchPermission:AmiLaunchPermission", { group: "all" }), "fails"],
      [of("azure-native:compute:Snapshot", {}), "fails"],
      [of("azure-native:compute:Gallery", {}), "passes"],
    ],
    twins: [
      of("aws:ec2/snapshotCreateVolumePermission:SnapshotCreateVolumePermission", { accountId: "x" }),
      of("gcp:compute/imageIamMember:ImageIamMember", { member: "allUsers" }),
      of("gcp:compute/snapshotIamBinding:SnapshotIamBinding", { members: ["allAuthenticatedUsers"] }),
    ],
  }),
];
