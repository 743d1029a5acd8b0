import { formatAddresses } from "../../../core/guard/addresses.ts";
import { covers, meets, union } from "../../../core/guard/intervals.ts";
import { formatPorts, tcp } from "../../../core/guard/ports.ts";
import { attempt, type Outcome, type Stack, type StackSubject } from "../../rule.ts";
import type { View } from "../../view.ts";
import { endsAtBastion, type Flow, isBastion, ssh } from "../ingress/flow.ts";
import { securityGroupFlows, securityGroupRules, securityGroups } from "../ingress/flows-aws.ts";
import { nsgFlows, nsgTypes } from "../ingress/flows-azure.ts";
import { firewallFlows, firewalls } from "../ingress/flows-gcp.ts";
import { awsMachineTypes, azureMachineTypes, gcpMachineTypes } from "../machines.ts";

/** Who may log in by name: ranges are judged rule by rule (N19), groups by who is in them. */

const flowsOf: Readonly<Record<string, (resource: StackSubject) => readonly Flow[]>> = Object.fromEntries([
  ...[...securityGroups, ...securityGroupRules].map((type) => [type, securityGroupFlows]),
  ...firewalls.map((type) => [type, firewallFlows]),
  ...nsgTypes.map((type) => [type, nsgFlows]),
]);

/** What machines are told apart by. */
const groupTypes: readonly string[] = [
  ...securityGroups,
  "gcp:serviceaccount/account:Account",
  "azure-native:network:ApplicationSecurityGroup",
];

/** Whatever is in a group, and the properties that say in which. */
const memberTypes = [
  ...awsMachineTypes,
  "aws:ec2transitgateway/instanceConnectEndpoint:InstanceConnectEndpoint",
  "aws:ec2/networkInterface:NetworkInterface",
  "aws:ec2/networkInterfaceSecurityGroupAttachment:NetworkInterfaceSecurityGroupAttachment",
  ...gcpMachineTypes,
  ...azureMachineTypes,
  "azure-native:network:NetworkInterface",
];
const memberships = [
  "vpcSecurityGroupIds",
  "securityGroups",
  "securityGroupId",
  "securityGroupIds",
  "networkInterfaces",
  "serviceAccount",
  "tags",
  "ipConfigurations",
  "networkProfile",
  "virtualMachineProfile",
];

/** A group by its resource, or by its name or id where that is known and the resource is not. */
type Group = StackSubject | string;

/** What a firewall's rules let in by SSH that is not the bastion, and what they let in to the bastion that is not declared. */
export function* checkSources(resource: StackSubject, stack: Stack): Generator<Outcome> {
  const flows = flowsOf[resource.type];
  if (flows === undefined) return;
  const toBastion = leadsToBastion(resource, stack);
  for (const flow of flows(resource)) {
    if (flow.direction !== "in" || !flow.allow) continue;
    // Rules that are resources of their own: what the cloud will answer for this property was not asked for by the program.
    if (flow.at.unknown && resource.madeFrom(rootOf(flow.at)).length === 0) continue;
    yield* attempt(function* () {
      const atBastion = toBastion || endsAtBastion(resource, flow);
      if (atBastion) yield* checkEntry(resource, flow);
      if (atBastion || (meets(flow.ports(), ssh) && meets(flow.protocols(), tcp)))
        yield* checkNamed(resource, flow, toBastion, stack);
    });
  }
}

function* checkEntry({ config }: StackSubject, { at, peers, ports }: Flow): Generator<Outcome> {
  const declared = union(config.operatorRanges, config.vpnRanges, config.tunnel);
  const isDeclared = covers(declared, peers.ranges) && covers(ssh, ports());
  if (isDeclared) return;
  yield {
    at,
    found: `lets ${formatAddresses(peers.ranges)} into the bastion, to ${formatPorts(ports())}`,
    expected: "tcp 22 from declared ranges",
    mend: "Declare the range, or take the rule out.",
  };
}

function* checkNamed(resource: StackSubject, { at }: Flow, toBastion: boolean, stack: Stack): Generator<Outcome> {
  for (const source of sourcesIn(resource, at)) {
    const groups = groupsOf(resource, source);
    if (groups.length > 0 && groups.every((group) => isTheBastions(resource, group, stack))) continue;
    yield notTheBastion(source, "machines that are not the bastion");
  }
  const self = at.at("self");
  if ((self.unknown || self.boolean() === true) && !toBastion) yield notTheBastion(self, "the group's own machines");
  // Azure's name for every machine that the network reaches, peers and gateways included.
  for (const prefix of [...at.items("sourceAddressPrefix"), ...at.items("sourceAddressPrefixes")])
    if (!prefix.unknown && prefix.matches(/virtualnetwork/i)) yield notTheBastion(prefix, "the whole virtual network");
  // Whom a secure tag is bound to stands in no resource of the firewall.
  for (const tag of at.items("match", "srcSecureTags")) yield notTheBastion(tag, "whoever has a tag");
}

function notTheBastion(at: View, who: string): Outcome {
  return {
    at,
    found: `lets in ${who}`,
    expected: "the bastion alone",
    mend: "Name a group that the bastion alone is in, in a rule of its own.",
  };
}

/** Sources that a rule names; those of Google's classic rules stand beside the list of what is allowed. */
function sourcesIn({ props }: StackSubject, at: View): readonly View[] {
  return [
    ...["securityGroups", "sourceSecurityGroupId", "referencedSecurityGroupId", "sourceApplicationSecurityGroups"].map(
      (key) => at.items(key),
    ),
    ...["sourceServiceAccounts", "sourceTags"].map((key) => props.items(key)),
  ].flat();
}

/**
 * The groups that a source may stand for. One that is not known yet is one of those that the property was made from. An id that is known is
 * one's of this stack where the property holds nothing else.
 */
function groupsOf(resource: StackSubject, source: View): readonly Group[] {
  const made = resource.madeFrom(rootOf(source)).filter(({ type }) => groupTypes.includes(type));
  if (source.unknown || (made.length > 0 && source.path === rootOf(source))) return made;
  const id = source.at("id");
  if (id.unknown) return made;
  return [source.text(), id.text()].filter((one) => one !== undefined);
}

/** True when nothing but the bastion is in a group, or when the deployment declares it. */
function isTheBastions({ config }: StackSubject, group: Group, stack: Stack): boolean {
  const { securityGroups: groups, serviceAccounts } = config.bastion;
  const name = typeof group === "string" ? group : group.name;
  if ([...groups, ...serviceAccounts].includes(name)) return true;
  const members = stack.ofType(...memberTypes).filter((machine) => isIn(machine, group));
  return members.length > 0 && members.every(isBastion);
}

function isIn({ props, madeFrom }: StackSubject, group: Group): boolean {
  return memberships.some((property) =>
    typeof group === "string"
      ? [...props.at(property).texts()].some((one) => !one.unknown && one.string() === group)
      : madeFrom(property).includes(group),
  );
}

/** True for rules of a group that the bastion alone is in. */
function leadsToBastion(resource: StackSubject, stack: Stack): boolean {
  const own: readonly Group[] = [
    ...[resource, ...resource.madeFrom("securityGroupId")].filter(({ type }) => groupTypes.includes(type)),
    ...[...resource.props.at("targetServiceAccounts").texts()]
      .filter((one) => !one.unknown)
      .map((one) => `${one.string()}`),
  ];
  return own.length > 0 && own.every((group) => isTheBastions(resource, group, stack));
}

function rootOf({ path }: View): string {
  return path.replace(/[.[].*/, "");
}
