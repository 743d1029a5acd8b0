import { allPorts, havePorts, portRange } from "../../../core/guard/ports.ts";
import type { Subject } from "../../rule.ts";
import type { View } from "../../view.ts";
import { directionsOf, type Flow, type Peers, priorityOf, protocolsOf, readPeers, says, unread } from "./flow.ts";

/** Every token by which a security group's rules are made. */
export const securityGroups = [
  "aws:ec2/securityGroup:SecurityGroup",
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
] as const;
export const securityGroupRules = [
  "aws:ec2/securityGroupRule:SecurityGroupRule",
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
] as const;
export const networkAcls = [
  "aws:ec2/networkAcl:NetworkAcl",
  "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl",
  "aws:ec2/networkAclRule:NetworkAclRule",
] as const;

export function securityGroupFlows({ type, props }: Subject): readonly Flow[] {
  switch (type) {
    case securityGroupRules[0]:
      return directionsOf(props.at("type"), "egress").map((direction) => classicFlow(direction, props));
    case securityGroupRules[1]:
      return [splitFlow("in", props)];
    case securityGroupRules[2]:
      return [splitFlow("out", props)];
    default:
      return [
        ...props.items("ingress").map((rule) => classicFlow("in", rule)),
        ...props.items("egress").map((rule) => classicFlow("out", rule)),
      ];
  }
}

function classicFlow(direction: "in" | "out", rule: View): Flow {
  const ranges = ["cidrBlocks", "ipv6CidrBlocks"].flatMap((key) => rule.items(key));
  const self = rule.at("self");
  return flow(direction, rule, rule.at("protocol"), {
    ...readPeers(ranges),
    prefixLists: rule.items("prefixListIds"),
    neighbours: !self.unknown && self.boolean() === true ? ["members of its own group"] : [],
  });
}

function splitFlow(direction: "in" | "out", rule: View): Flow {
  const ranges = ["cidrIpv4", "cidrIpv6"].flatMap((key) => rule.items(key));
  return flow(direction, rule, rule.at("ipProtocol"), {
    ...readPeers(ranges),
    prefixLists: rule.items("prefixListId"),
  });
}

function flow(direction: "in" | "out", rule: View, protocol: View, peers: Peers, allow = true, priority = 0): Flow {
  const protocols = () => protocolsOf(protocol, allow);
  return {
    direction,
    allow,
    priority,
    at: rule,
    peers,
    closes: true,
    protocols,
    // Of what has no ports, and of all protocols at once, AWS reads none.
    ports: () =>
      havePorts(protocols())
        ? (portRange(rule.number("fromPort"), rule.number("toPort")) ?? unread(allow, allPorts))
        : allPorts,
  };
}

/** What network ACLs let in: each rule has one peer, a number by which it is heeded, and says allow or deny. */
export function networkAclFlows({ type, props }: Subject): readonly Flow[] {
  if (type !== networkAcls[2]) return props.items("ingress").map((rule) => aclFlow(rule, rule.at("action")));
  return props.boolean("egress") === true ? [] : [aclFlow(props, props.at("ruleAction"))];
}

function aclFlow(rule: View, action: View): Flow {
  const ranges = ["cidrBlock", "ipv6CidrBlock"].flatMap((key) => rule.items(key));
  const allow = !says(action, "deny");
  return flow("in", rule, rule.at("protocol"), readPeers(ranges), allow, priorityOf(rule.at("ruleNo"), allow));
}
