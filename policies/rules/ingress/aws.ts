import { narrowRange } from "../../../core/config/fields.ts";
import { type AddressSet, everywhere, outside } from "../../../core/guard/addresses.ts";
import { interval, isEmpty, union } from "../../../core/guard/intervals.ts";
import { effective, type Rule as Heeded, type Tie } from "../../../core/guard/precedence.ts";
import { requireFalse, requirePresent } from "../../require.ts";
import { attempt, each, known, type Outcome, type Rule, type Subject } from "../../rule.ts";
import type { View } from "../../view.ts";
import { awsMachines, awsMachineTypes, given, pointingAt } from "../machines.ts";
import { type Flow, isBastion, readPeers, refuseOpenEgress, refuseOutside, refuseOutsideTo } from "./flow.ts";
import { networkAclFlows, networkAcls, securityGroupFlows, securityGroupRules, securityGroups } from "./flows-aws.ts";

const groupTypes = [...securityGroups, ...securityGroupRules];
const defaultGroup = securityGroups[1];
const vpc = "aws:ec2/vpc:Vpc";
const eip = "aws:ec2/eip:Eip";

/** Ports on which the world tries its luck first. */
export const triedPorts = union(
  interval(20n, 23n),
  ...[25n, 80n, 443n, 3306n, 3389n, 5432n].map((port) => interval(port, port)),
);

export const noPublicAdminPorts: Rule = {
  id: "N01",
  name: "no-public-admin-ports",
  title: "No security group opens SSH, RDP, web or database ports to addresses that nobody declared.",
  family: "ingress",
  severity: "critical",
  reason: "These ports are tried within minutes after an address appears.",
  remediation: "Open port 22 at the bastion only, to logos:operatorRanges.",
  upstream: [
    "CKV_AWS_24",
    "CKV_AWS_25",
    "CKV_AWS_260",
    "AWS-0107",
    "security-group-ssh-rdp-ingress-restricted",
    "restricted-ssh",
    "EC2.13",
    "EC2.14",
    "CIS-AWS-6.3",
    "CIS-AWS-6.4",
  ],
  checks: each(groupTypes, function* (subject) {
    for (const flow of securityGroupFlows(subject)) yield* attempt(() => refuseOutsideTo(subject, flow, triedPorts));
  }),
};

export const egressAllowList: Rule = {
  id: "N03",
  name: "egress-allow-list",
  title: "Security groups let out to an allow-list only.",
  family: "ingress",
  severity: "high",
  reason: "What runs in a proof could send anything anywhere.",
  remediation: 'egress: [{ protocol: "tcp", fromPort: 443, toPort: 443, prefixListIds: [storeEndpoint.prefixListId] }]',
  upstream: ["CKV_AWS_382", "AWS-0104", "security-group-strict"],
  checks: {
    ...each(groupTypes, function* (subject) {
      for (const flow of securityGroupFlows(subject)) yield* attempt(() => refuseOpenEgress(flow));
    }),
  },
};

export const defaultGroupClosed: Rule = {
  id: "N04",
  name: "default-group-closed",
  title: "The default security group of each VPC is declared and empty.",
  family: "ingress",
  severity: "high",
  reason: "Whatever names no group is put into it, and its members reach each other.",
  remediation: "new aws.ec2.DefaultSecurityGroup(name, { vpcId: vpc.id, ingress: [], egress: [] })",
  upstream: ["CKV2_AWS_12", "AWS-0173", "EC2.2", "CIS-AWS-6.5"],
  checks: {
    [defaultGroup]: function* ({ props }) {
      for (const key of ["ingress", "egress"]) {
        yield* attempt(function* () {
          if (props.count(key) > 0) yield { at: key, found: "has rules", expected: "none" };
        });
      }
    },
  },
  stack: function* (resource, stack) {
    if (resource.type !== vpc || pointingAt(stack, resource, [defaultGroup], "vpcId").length > 0) return;
    yield { found: "keeps its default security group, which is open among its members" };
  },
};

export const rulesDescribed: Rule = {
  id: "N05",
  name: "rules-described",
  title: "Security groups and their rules say what they are for.",
  family: "ingress",
  severity: "low",
  reason: "A reviewer cannot tell a rule that is needed from one that was forgotten.",
  remediation: 'description: "Slurm: control plane to nodes"',
  upstream: [
    "CKV_AWS_23",
    "AWS-0099",
    "AWS-0124",
    "aws-ec2-securitygroup-missing-description",
    "aws-ec2-securitygroup-missing-ingress-rule-description",
    "aws-ec2-securitygroup-missing-egress-rule-description",
  ],
  checks: each([securityGroups[0], ...securityGroupRules], function* ({ props }) {
    for (const one of [props, ...props.items("ingress"), ...props.items("egress")]) {
      yield* requirePresent(one.at("description"), "a sentence");
    }
  }),
};

export const aclClosed: Rule = {
  id: "N06",
  name: "acl-closed",
  title: "Network ACLs open no port to addresses outside that a denial before them does not close.",
  family: "ingress",
  severity: "high",
  reason: "The ACL is what still stands when a security group was opened by mistake.",
  remediation:
    'ingress: [{ action: "allow", cidrBlock: vpc.cidrBlock, protocol: "-1", fromPort: 0, toPort: 0, ruleNo: 100 }]',
  upstream: [
    "CKV_AWS_229",
    "CKV_AWS_230",
    "CKV_AWS_231",
    "CKV_AWS_232",
    "CKV_AWS_352",
    "AWS-0102",
    "AWS-0105",
    "EC2.21",
    "CIS-AWS-6.2",
  ],
  checks: each(networkAcls, function* (subject) {
    yield* refuseWhatIsLeft(subject, networkAclFlows(subject), "allow");
  }),
};

/** Judges what earlier denials leave of the flows that come in. */
export function* refuseWhatIsLeft(subject: Subject, flows: readonly Flow[], tie: Tie): Generator<Outcome> {
  const denials = flows
    .filter(({ direction, allow, closes }) => direction === "in" && !allow && closes)
    // A denial that cannot be read yet denies nothing: what it might hide stays visible.
    .map((flow) => known(() => heeded(flow, flow.peers.ranges)))
    .filter((one) => one !== undefined);
  for (const flow of flows) yield* attempt(() => refuseOutside(subject, leftOf(flow, denials, tie)));
}

function leftOf(flow: Flow, denials: readonly Heeded[], tie: Tie): Flow {
  const left = (ranges: AddressSet) => {
    const own = heeded(flow, ranges);
    return effective([own, ...denials], tie).get(own) ?? [];
  };
  const boxes = known(() => left(flow.peers.ranges));
  if (boxes === undefined) return flow;
  const axis = (index: number) => union(...boxes.flatMap((box) => box.slice(index, index + 1)));
  // Tags stand for addresses that are not known here: only what is denied to everybody is denied to them.
  const tags = left(everywhere).length === 0 ? [] : flow.peers.tags;
  return { ...flow, peers: { ...flow.peers, ranges: axis(0), tags }, ports: () => axis(2) };
}

function heeded({ allow, priority, protocols, ports }: Flow, ranges: AddressSet): Heeded {
  return { allow, priority, traffic: [ranges, protocols(), ports()] };
}

export const noPublicAddress: Rule = {
  id: "N07",
  name: "no-public-address",
  title: "No machine but the bastion asks for a public address.",
  family: "ingress",
  severity: "critical",
  reason: "A node with a public address is one mistake in a security group away from the internet.",
  remediation: "associatePublicIpAddress: false",
  upstream: [
    "CKV_AWS_88",
    "CKV_AWS_389",
    "AWS-0009",
    "aws-ec2-instance-disallow-public-ip",
    "aws-ec2-launchtemplate-disallow-public-ip",
    "autoscaling-launch-config-public-ip-disabled",
    "EC2.9",
    "EC2.25",
    "AutoScaling.5",
  ],
  checks: each(awsMachineTypes, function* (subject) {
    if (isBastion(subject)) return;
    for (const machine of awsMachines(subject)) {
      // Left out, the subnet decides, and N08 holds the subnet.
      yield* requireFalse(machine.at("associatePublicIpAddress"));
      for (const one of machine.items("networkInterfaces")) yield* requireFalse(one.at("associatePublicIpAddress"));
    }
  }),
};

const defaultSubnet = "aws:ec2/defaultSubnet:DefaultSubnet";

export const subnetsPrivate: Rule = {
  id: "N08",
  name: "subnets-private",
  title: "No subnet gives public addresses by itself.",
  family: "ingress",
  severity: "high",
  reason: "Every machine in it would be public without asking.",
  remediation: "mapPublicIpOnLaunch: false",
  upstream: ["CKV_AWS_130", "AWS-0164", "subnet-auto-assign-public-ip-disabled", "EC2.15"],
  checks: each(["aws:ec2/subnet:Subnet", defaultSubnet], function* ({ type, props }) {
    yield* requireFalse(props.at("mapPublicIpOnLaunch"), type === defaultSubnet);
    yield* requireFalse(props.at("assignIpv6AddressOnCreation"));
  }),
};

export const noDefaultNetwork: Rule = {
  id: "N09",
  name: "no-default-network",
  title: "Nothing uses the default VPC or a network that makes subnets by itself.",
  family: "ingress",
  severity: "high",
  reason: "Default networks come with open rules and routes that no review saw.",
  remediation: "autoCreateSubnetworks: false",
  upstream: ["CKV_AWS_148", "CKV_GCP_27", "AWS-0101", "GCP-0010", "CIS-GCP-3.1", "CIS-GCP-3.2"],
  checks: {
    ...each(["aws:ec2/defaultVpc:DefaultVpc", "aws:ec2/defaultRouteTable:DefaultRouteTable", defaultSubnet], () => [
      { found: "is a default of the account", mend: "Declare a VPC of your own." },
    ]),
    "gcp:compute/network:Network": function* ({ props }) {
      yield* requireFalse(props.at("autoCreateSubnetworks"), true);
      yield* attempt(function* () {
        if (props.string("name") === "default")
          yield { at: "name", found: 'is "default"', mend: "Give it a name of its own." };
      });
    },
  },
};

export const routesThroughNat: Rule = {
  id: "N10",
  name: "routes-through-nat",
  title: "Only the bastion's subnet routes to an internet gateway; all else goes through NAT.",
  family: "ingress",
  severity: "high",
  reason: "A subnet with such a route makes each of its machines reachable once it has an address.",
  remediation: "natGatewayId: nat.id, or name the public subnet's table in bastion.subnets",
  upstream: ["CKV2_AWS_35", "CKV2_AWS_44", "no-unrestricted-route-to-igw", "CIS-AWS-6.6"],
  checks: {
    "aws:ec2/route:Route": function* (subject) {
      yield* refuseGateway(subject, subject.props, "destinationCidrBlock", "destinationIpv6CidrBlock");
    },
    "aws:ec2/routeTable:RouteTable": function* (subject) {
      for (const route of subject.props.items("routes"))
        yield* refuseGateway(subject, route, "cidrBlock", "ipv6CidrBlock");
    },
  },
};

function* refuseGateway(subject: Subject, route: View, ...destinations: readonly string[]): Generator<Outcome> {
  if (isBastion(subject) || subject.config.bastion.subnets.includes(subject.name)) return;
  // The gateway's id comes to be in the same update; that there is one is enough.
  if (!given(route.at("gatewayId"))) return;
  const wide = { at: route.at("gatewayId"), found: "routes the internet to a gateway", expected: "natGatewayId" };
  for (const view of destinations.flatMap((key) => route.items(key))) {
    const { ranges, outcomes } = readPeers([view]);
    yield* outcomes;
    // Two halves of the internet are the internet; ranges that are somebody's are not.
    if (!isEmpty(outside(ranges)) && !narrowRange(view.string()).ok) yield wide;
  }
  // A list of ranges may hold it too.
  if (given(route.at("destinationPrefixListId"))) yield wide;
}

export const noStrayAddress: Rule = {
  id: "N11",
  name: "no-stray-address",
  title: "Elastic addresses belong to the bastion or to a NAT gateway.",
  family: "ingress",
  severity: "medium",
  reason: "An address that nobody uses is paid for, and one on a node makes it public.",
  remediation: "Give the address to the bastion or to a NAT gateway, or take it out.",
  upstream: ["CKV2_AWS_19", "vpc-eip-associated", "EC2.12"],
  checks: each([eip, "aws:ec2/eipAssociation:EipAssociation"], function* (subject) {
    if (isBastion(subject)) return;
    for (const key of ["instance", "instanceId", "networkInterface", "networkInterfaceId"]) {
      yield* attempt(function* () {
        if (given(subject.props.at(key)))
          yield { at: key, found: "gives a machine a public address", expected: "the bastion" };
      });
    }
  }),
  stack: function* (resource, stack) {
    if (resource.type !== eip || isBastion(resource)) return;
    const users = ["aws:ec2/natGateway:NatGateway", "aws:ec2/eipAssociation:EipAssociation"];
    if (pointingAt(stack, resource, users, "allocationId").length > 0) return;
    // What is on a machine was refused before.
    if (!given(resource.props.at("instance")) && !given(resource.props.at("networkInterface"))) {
      yield { found: "is used by no NAT gateway of this stack" };
    }
  },
};
