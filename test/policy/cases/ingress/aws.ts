import * as aws from "../../../../policies/rules/ingress/aws.ts";
import { at, type Cases, of, table, U } from "../kit.ts";
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

const aclRule = (change: object = {}) =>
  of("aws:ec2/networkAclRule:NetworkAclRule", {
    ruleAction: "allow",
    cidrBlock: "0.0.0.0/0",
    protocol: "tcp",
    fromPort: 22,
    toPort: 22,
    ruleNumber: 1,
    ...change,
  });
const route = "aws:ec2/route:Route";
const eip = "aws:ec2/eip:Eip";
const association = "aws:ec2/eipAssociation:EipAssociation";

export const awsCases: readonly Cases[] = [
  table(aws.noPublicAdminPorts, inline({ cidrBlocks: ["10.0.0.0/8"] }), {
    config,
    passes: [
      inline({ securityGroups: ["sg-1"] }),
      inline({ cidrBlocks: ["10.0.0.0/8"], fromPort: U, toPort: U }),
      // Another rule's.
      inline({ ...open, fromPort: 8443, toPort: 8443 }),
      of(sgRule, { type: "egress", protocol: "-1", ...open }),
      { ...inline({ cidrBlocks: ["203.0.113.4/32"] }), name: "bastion" },
      { ...inline({ cidrBlocks: ["203.0.113.0/28"] }), within: bastion },
    ],
    fails: [
      ...awsOpen,
      at(inline(open), "ingress[0]"),
      inline({ ...open, protocol: "icmp6" }),
      inline({ ...open, fromPort: 22, toPort: 70_000 }),
      of(sgRule, { type: U, protocol: "tcp", fromPort: 22, toPort: 22, ...open }),
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
        at({ "egress[0].cidrBlocks": ["0.0.0.0/0"], "egress[0].fromPort": U }, "egress[0]"),
        of(sgRule, { type: U, protocol: "-1", cidrBlocks: ["0.0.0.0/0"] }),
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
    passes: [of(sgIn, { description: "Slurm" }), { egress: [{ protocol: "tcp", description: "to the store" }] }],
    fails: [
      at({ egress: [{ protocol: "tcp" }] }, "egress[0].description"),
      { description: "" },
      { "ingress[0].description": "" },
      { "ingress[0].description": null },
    ],
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
        {
          ingress: [
            { action: "Deny", cidrBlock: "0.0.0.0/0", protocol: "tcp", fromPort: 20, toPort: 25, ruleNo: 1 },
            { action: "allow", cidrBlock: "0.0.0.0/0", protocol: "tcp", fromPort: 22, toPort: 22, ruleNo: 2 },
          ],
        },
        { egress: [{ action: "allow", cidrBlock: "0.0.0.0/0", protocol: "-1", ruleNo: 1 }] },
        aclRule({ egress: true }),
        aclRule({ ruleAction: "deny" }),
        aclRule({ cidrBlock: "10.0.0.0/8", egress: false }),
      ],
      fails: [
        at({ "ingress[0].cidrBlock": "0.0.0.0/0" }, "ingress[0]"),
        at({ "ingress[0].cidrBlock": "10.0.0.0/33" }, "ingress[0].cidrBlock"),
        // Denials that close something else, or that may come too late.
        ...[
          { protocol: "udp" },
          { protocol: "udp6" },
          { fromPort: 80, toPort: 80 },
          { fromPort: 25, toPort: 20 },
          { fromPort: U },
          { cidrBlock: U },
          { action: U },
          { ruleNo: U },
          { ruleNo: undefined },
        ].map((change) => ({
          ingress: [
            { action: "deny", cidrBlock: "0.0.0.0/0", protocol: "tcp", fromPort: 22, toPort: 22, ruleNo: 1, ...change },
            { action: "allow", cidrBlock: "0.0.0.0/0", protocol: "tcp", fromPort: 22, toPort: 22, ruleNo: 2 },
          ],
        })),
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
      unknown: [{ "ingress[0].cidrBlock": U }, aclRule({ egress: U })],
      omitted: [
        ["ingress", "passes"],
        [{ ingress: [{ action: "allow", cidrBlock: "0.0.0.0/0", ruleNo: 1 }] }, "fails"],
        [{ ingress: [{ cidrBlock: "0.0.0.0/0" }] }, "fails"],
      ],
      twins: [
        at(aclRule(), ""),
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
      at({ associatePublicIpAddress: true }, "associatePublicIpAddress"),
      { associatePublicIpAddress: "true" },
      of("aws:ec2/spotInstanceRequest:SpotInstanceRequest", { associatePublicIpAddress: true }),
    ],
    unknown: [
      { associatePublicIpAddress: U },
      at(of("aws:ec2/launchTemplate:LaunchTemplate", { networkInterfaces: U }), "networkInterfaces"),
    ],
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
    fails: [
      at({ autoCreateSubnetworks: true }, "autoCreateSubnetworks"),
      at({ name: "default" }, "name"),
      at(of("aws:ec2/defaultVpc:DefaultVpc"), ""),
    ],
    unknown: [{ autoCreateSubnetworks: U }],
    omitted: [
      ["autoCreateSubnetworks", "fails"],
      ["name", "passes"],
    ],
    twins: [of("aws:ec2/defaultSubnet:DefaultSubnet"), of("aws:ec2/defaultRouteTable:DefaultRouteTable")],
  }),
  table(aws.routesThroughNat, of(route, { destinationCidrBlock: "0.0.0.0/0", natGatewayId: "nat-1" }), {
    config,
    passes: [
      { gatewayId: "igw-1", destinationCidrBlock: "10.0.0.0/8" },
      { gatewayId: "igw-1", destinationCidrBlock: "198.51.100.0/24" },
      of(route, { destinationCidrBlock: "0.0.0.0/0", gatewayId: "igw-1" }, { within: bastion }),
      of(route, { destinationPrefixListId: "pl-1", natGatewayId: "nat-1" }),
      of(route, { destinationCidrBlock: "0.0.0.0/0", gatewayId: U }, { name: "edge" }),
    ],
    fails: [
      at({ gatewayId: "igw-1" }, "gatewayId"),
      { gatewayId: "igw-1", destinationCidrBlock: "128.0.0.0/1" },
      { gatewayId: "igw-1", destinationCidrBlock: undefined, destinationPrefixListId: U },
      at({ gatewayId: "igw-1", destinationCidrBlock: "10.0.0.0/33" }, "destinationCidrBlock"),
      { gatewayId: U },
      { gatewayId: "igw-1", destinationIpv6CidrBlock: "::/0", destinationCidrBlock: undefined },
    ],
    unknown: [{ gatewayId: "igw-1", destinationCidrBlock: U }],
    omitted: [["natGatewayId", "passes"]],
    twins: ["cidrBlock", "ipv6CidrBlock"].map((key) =>
      at(
        of("aws:ec2/routeTable:RouteTable", {
          routes: [{ [key]: key === "cidrBlock" ? "0.0.0.0/0" : "::/0", gatewayId: "igw-1" }],
        }),
        "routes[0].gatewayId",
      ),
    ),
  }),
  table(
    aws.noStrayAddress,
    [
      of(eip, {}, { name: "ip" }),
      of("aws:ec2/natGateway:NatGateway", {}, { name: "nat", madeFrom: { allocationId: ["ip"] } }),
    ],
    {
      passes: [
        [of(eip, { instance: "i-1" }, { name: "ip", within: bastion })],
        [
          of(eip, {}, { name: "ip" }),
          of(association, { instanceId: "i-1" }, { name: "a", within: bastion, madeFrom: { allocationId: ["ip"] } }),
        ],
      ],
      fails: [
        at([of(eip, { instance: "i-1" })], "it: instance"),
        [of(eip, { instance: U })],
        at([of(eip, { networkInterface: "eni-1" })], "it: networkInterface"),
        at([of(eip, {})], "it"),
        // A balancer that the internet reaches is a way in.
        [
          of(eip, {}, { name: "ip" }),
          of("aws:lb/loadBalancer:LoadBalancer", {}, { name: "lb", madeFrom: { subnetMappings: ["ip"] } }),
        ],
      ],
      later: [
        [
          of(eip, { domain: U }, { name: "ip" }),
          of("aws:ec2/natGateway:NatGateway", { allocationId: U }, { name: "nat", madeFrom: { allocationId: ["ip"] } }),
        ],
      ],
      omitted: [[[of(eip, {})], "fails"]],
      twins: [
        at(of(association, { instanceId: "i-1" }), "instanceId"),
        at(of(association, { networkInterfaceId: U }), "networkInterfaceId"),
      ],
    },
  ),
];
