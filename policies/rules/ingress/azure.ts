import { covers } from "../../../core/guard/intervals.ts";
import { requireOneOf } from "../../require.ts";
import { attempt, each, type Outcome, type Rule, type Subject } from "../../rule.ts";
import type { View } from "../../view.ts";
import { azureInterfaces, azureMachineTypes, given, pointingAt } from "../machines.ts";
import { refuseWhatIsLeft, triedPorts } from "./aws.ts";
import {
  type Flow,
  http,
  isBastion,
  isWithin,
  refuseOpenEgress,
  refuseOutsideTo,
  refuseSshPastBastion,
} from "./flow.ts";
import { securityGroupFlows, securityGroupRules, securityGroups } from "./flows-aws.ts";
import { nsgFlows, nsgTypes } from "./flows-azure.ts";
import { firewallFlows, firewalls } from "./flows-gcp.ts";

const networkInterface = "azure-native:network:NetworkInterface";
const groupTypes: readonly string[] = securityGroups;
const subnet = "azure-native:network:Subnet";

export const bastionIsEntry: Rule = {
  id: "N19",
  name: "bastion-is-entry",
  title: "SSH to any other machine comes from the bastion alone, and there is no side door.",
  family: "ingress",
  severity: "critical",
  reason: "A side door is one that the bastion's log does not show.",
  remediation: "Name the bastion's security group, tag, service account or address as the source of port 22.",
  upstream: ["CIS-GCP-3.10", "CIS-AZ-9.4.1"],
  checks: {
    ...each([...securityGroups, ...securityGroupRules], function* (subject) {
      for (const flow of securityGroupFlows(subject)) yield* refuseSshPastBastion(subject, flow);
    }),
    ...each(firewalls, function* (subject) {
      for (const flow of firewallFlows(subject)) yield* refuseSshPastBastion(subject, flow);
    }),
    ...each(nsgTypes, function* (subject) {
      for (const flow of nsgFlows(subject)) yield* refuseSshPastBastion(subject, flow);
    }),
    ...each(
      [
        "aws:ec2transitgateway/instanceConnectEndpoint:InstanceConnectEndpoint",
        "aws:ssm/activation:Activation",
        "azure-native:network:BastionHost",
        "azure-native:security:JitNetworkAccessPolicy",
        "gcp:iap/tunnelInstanceIAMMember:TunnelInstanceIAMMember",
        "gcp:iap/tunnelInstanceIAMBinding:TunnelInstanceIAMBinding",
        "gcp:iap/tunnelIamMember:TunnelIamMember",
        "gcp:iap/tunnelIamBinding:TunnelIamBinding",
      ],
      // A tunnel that is part of the bastion ends at it.
      (subject) => (isBastion(subject) ? [] : [{ found: "is a way in beside the bastion", mend: "Take it out." }]),
    ),
  },
  // The bastion's address, where it is one that the cloud gives.
  knownAtUpdate: ["ingress[*].cidrBlocks", "cidrIpv4", "cidrBlocks", "sourceRanges"],
};

export const nsgNoTriedPorts: Rule = {
  id: "N20",
  name: "nsg-no-tried-ports",
  title:
    "No network security group opens SSH, RDP, web or database ports, by TCP or UDP, to addresses that nobody declared.",
  family: "ingress",
  severity: "critical",
  reason: "These ports are tried within minutes after an address appears.",
  remediation: 'sourceAddressPrefix: "VirtualNetwork", or at the bastion sourceAddressPrefixes: operatorRanges',
  upstream: [
    "CKV_AZURE_9",
    "CKV_AZURE_10",
    "CKV_AZURE_160",
    "CKV_AZURE_77",
    "AZU-0048",
    "AZU-0050",
    "AZU-0074",
    "nsg-ssh-rdp-restriction",
    "nsg-http-restriction",
    "CIS-AZ-8.1",
    "CIS-AZ-8.2",
    "CIS-AZ-8.3",
    "CIS-AZ-8.4",
  ],
  checks: each(nsgTypes, function* (subject) {
    for (const flow of nsgFlows(subject)) yield* attempt(() => refuseOutsideTo(subject, flow, triedPorts));
  }),
};

export const nsgNoPublic: Rule = {
  id: "N21",
  name: "nsg-no-public",
  title:
    "No network security group lets in or out addresses that nobody declared; what a denial before it closes is closed.",
  family: "ingress",
  severity: "critical",
  reason: "Service tags such as AzureCloud stand for the machines of every other customer too.",
  remediation: "Name private ranges, VirtualNetwork or an application security group.",
  upstream: ["AZU-0047", "AZU-0051", "nsg-disallow-public-internet-ingress", "nsg-strict-rules"],
  checks: each(nsgTypes, function* (subject) {
    const flows = nsgFlows(subject);
    yield* refuseWhatIsLeft(subject, flows, "allow");
    for (const flow of flows) {
      yield* attempt(() => (fetchesRevocations(subject, flow) ? [] : refuseOpenEgress(flow)));
    }
  }),
};

/** Azure makes no Bastion whose subnet may not ask for revoked certificates. */
function fetchesRevocations({ config }: Subject, { near, ports }: Flow): boolean {
  return isWithin(near, config.tunnel) && covers(http, ports());
}

export const noPublicIpAddress: Rule = {
  id: "N22",
  name: "no-public-ip-address",
  title: "No interface, machine or scale set but the bastion's has a public address.",
  family: "ingress",
  severity: "critical",
  reason: "A node with a public address is one mistake in a security group away from the internet.",
  remediation: "Leave out publicIPAddress and publicIPAddressConfiguration.",
  upstream: [
    "CKV_AZURE_119",
    "CKV2_AZURE_39",
    "AZU-0076",
    "vm-not-publicly-accessible",
    "vm-scale-set-public-ip",
    "CIS-AZ-8.7",
  ],
  checks: {
    [networkInterface]: (subject) => refuseAddresses(subject, subject.props.items("ipConfigurations")),
    ...each(azureMachineTypes, function* (subject) {
      for (const one of azureInterfaces(subject)) yield* refuseAddresses(subject, one.items("ipConfigurations"));
    }),
  },
};

function* refuseAddresses(subject: Subject, configurations: readonly View[]): Generator<Outcome> {
  if (isBastion(subject)) return;
  for (const one of configurations) {
    for (const key of ["publicIPAddress", "publicIPAddressConfiguration"]) {
      yield* attempt(function* () {
        if (given(one.at(key))) yield { at: one.at(key), found: "gives a public address" };
      });
    }
  }
}

export const subnetsFiltered: Rule = {
  id: "N23",
  name: "subnets-filtered",
  title: "Every subnet has a network security group and no hidden way out.",
  family: "ingress",
  severity: "high",
  reason: "Without one all of the virtual network reaches it, and Azure gives it a public address for the way out.",
  remediation: "networkSecurityGroup: { id: nsg.id }, defaultOutboundAccess: false",
  upstream: ["CKV2_AZURE_31", "vnet-nsg-associated-to-nic"],
  checks: {
    [subnet]: ({ props }) => checkSubnet(props),
    "azure-native:network:VirtualNetwork": function* ({ props }) {
      for (const one of props.items("subnets")) yield* checkSubnet(one);
    },
  },
};

function* checkSubnet(one: View): Generator<Outcome> {
  yield* attempt(function* () {
    const group = one.at("networkSecurityGroup");
    if (!given(group)) yield { at: group, found: "is left out" };
  });
  yield* requireOneOf(one.at("defaultOutboundAccess"), ["false"], "true");
}

export const noStrayPublicIp: Rule = {
  id: "N22a",
  name: "no-stray-public-ip",
  title: "Public addresses belong to the bastion or to a NAT gateway.",
  family: "ingress",
  severity: "high",
  reason: "An address without an owner is put on whatever asks for it next.",
  remediation: "Give it to the bastion or to a NAT gateway, or take it out.",
  upstream: [],
  stack: function* (resource, stack) {
    if (resource.type !== "azure-native:network:PublicIPAddress" || isBastion(resource)) return;
    const users = pointingAt(stack, resource, ["azure-native:network:NatGateway"], "publicIpAddresses");
    if (users.length === 0) yield { found: "is used by no NAT gateway of this stack" };
  },
};

export const noVpcExclusions: Rule = {
  id: "X01",
  name: "vpc-public-access-blocked",
  title: "Each region that has a VPC blocks public access to it, protected against removal, without exclusions.",
  family: "ingress",
  severity: "high",
  reason: "The block stands above every security group; to delete it turns it off for the whole account.",
  remediation:
    'new aws.ec2.VpcBlockPublicAccessOptions(name, { internetGatewayBlockMode: "block-ingress" }, { protect: true })',
  upstream: ["vpc-block-public-access"],
  checks: {
    "aws:ec2/vpcBlockPublicAccessOptions:VpcBlockPublicAccessOptions": function* ({ props, protect }) {
      yield* requireOneOf(props.at("internetGatewayBlockMode"), ["block-ingress", "block-bidirectional"]);
      if (!protect) yield { at: "protect", found: "is not protected", expected: "protect: true" };
    },
    "aws:ec2/vpcBlockPublicAccessExclusion:VpcBlockPublicAccessExclusion": () => [
      { found: "opens a VPC or subnet again", mend: "Take it out, or have it waived." },
    ],
  },
};

export const noInlineExtras: Rule = {
  id: "X02",
  name: "no-out-of-band-rules",
  title: "Each security group whose rules are resources of their own refuses all others.",
  family: "ingress",
  severity: "medium",
  reason: "A rule that was added by hand stays, for nothing knows that it should not be there.",
  remediation: "new aws.ec2.VpcSecurityGroupRulesExclusive(name, { securityGroupId, ingressRuleIds, egressRuleIds })",
  upstream: [],
  stack: function* (resource, stack) {
    if (!groupTypes.includes(resource.type)) return;
    const split = pointingAt(stack, resource, securityGroupRules, "securityGroupId");
    if (split.length === 0) return;
    const types = ["aws:ec2/vpcSecurityGroupRulesExclusive:VpcSecurityGroupRulesExclusive"];
    if (pointingAt(stack, resource, types, "securityGroupId").length > 0) return;
    yield { found: "has rules of its own and takes others beside them" };
  },
};
