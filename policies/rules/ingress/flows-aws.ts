import { parseProtocol, portRange } from "../../../core/guard/ports.ts";
import type { Subject } from "../../rule.ts";
import type { View } from "../../view.ts";
import { type Flow, type Peers, portsFor, protocolsOr, readPeers } from "./flow.ts";

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
      // An unknown type reads as both, for either could be meant.
      return directions(props.at("type")).map((direction) => classicFlow(direction, props));
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

function directions(type: View): readonly ("in" | "out")[] {
  if (type.unknown) return ["in", "out"];
  return type.string() === "egress" ? ["out"] : ["in"];
}

function classicFlow(direction: "in" | "out", rule: View): Flow {
  const ranges = ["cidrBlocks", "ipv6CidrBlocks"].flatMap((key) => rule.items(key));
  return flow(direction, rule, rule.at("protocol"), { ...readPeers(ranges), prefixLists: rule.items("prefixListIds") });
}

function splitFlow(direction: "in" | "out", rule: View): Flow {
  const ranges = ["cidrIpv4", "cidrIpv6"].flatMap((key) => rule.items(key));
  return flow(direction, rule, rule.at("ipProtocol"), {
    ...readPeers(ranges),
    prefixLists: rule.items("prefixListId"),
  });
}

function flow(direction: "in" | "out", rule: View, protocol: View, peers: Peers, allow = true, priority = 0): Flow {
  const protocols = () => protocolsOr(parseProtocol(protocol.text() ?? "all"));
  return {
    direction,
    allow,
    priority,
    at: rule,
    peers,
    protocols,
    ports: () => portsFor(protocols(), portRange(rule.number("fromPort"), rule.number("toPort"))),
  };
}

/** Rules of network ACLs: each has one peer, a number by which it is heeded, and says allow or deny. */
export function networkAclFlows({ type, props }: Subject): readonly Flow[] {
  if (type === networkAcls[2]) {
    const direction = props.at("egress").present && props.boolean("egress") === true ? "out" : "in";
    return [aclFlow(direction, props, props.at("ruleAction"), props.at("ruleNumber"))];
  }
  return (["ingress", "egress"] as const).flatMap((key) =>
    props
      .items(key)
      .map((rule) => aclFlow(key === "ingress" ? "in" : "out", rule, rule.at("action"), rule.at("ruleNo"))),
  );
}

function aclFlow(direction: "in" | "out", rule: View, action: View, number: View): Flow {
  const ranges = ["cidrBlock", "ipv6CidrBlock"].flatMap((key) => rule.items(key));
  const allow = action.unknown || action.string()?.toLowerCase() !== "deny";
  return flow(
    direction,
    rule,
    rule.at("protocol"),
    readPeers(ranges),
    allow,
    number.unknown ? 0 : (number.number() ?? 0),
  );
}
