import * as aws from "../../../../policies/rules/ingress/aws.ts";
import { noPublicIngress } from "../../../../policies/rules/ingress/no-public-ingress.ts";
import { type Cases, of, table, U } from "../kit.ts";
import {
  awsOpen,
  awsTwins,
  bastion,
  config,
  defaultSg,
  halves,
  inline,
  open,
  sg,
  sgIn,
  sgOut,
  sgRule,
  vpc,
} from "./scenes.ts";

export const awsCases: readonly Cases[] = [
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
];
