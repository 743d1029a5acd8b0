import { known, type Subject } from "../../rule.ts";
import type { View } from "../../view.ts";
import { given } from "../machines.ts";
import {
  anybody,
  directionsOf,
  type Flow,
  nobody,
  type Peers,
  portsOf,
  priorityOf,
  protocolsOf,
  readPeers,
  says,
} from "./flow.ts";

export const firewall = "gcp:compute/firewall:Firewall";
export const firewallPolicyRules = [
  "gcp:compute/firewallPolicyRule:FirewallPolicyRule",
  "gcp:compute/networkFirewallPolicyRule:NetworkFirewallPolicyRule",
  "gcp:compute/regionNetworkFirewallPolicyRule:RegionNetworkFirewallPolicyRule",
] as const;
export const firewallPoliciesWithRules = [
  "gcp:compute/firewallPolicyWithRules:FirewallPolicyWithRules",
  "gcp:compute/networkFirewallPolicyWithRules:NetworkFirewallPolicyWithRules",
  "gcp:compute/regionNetworkFirewallPolicyWithRules:RegionNetworkFirewallPolicyWithRules",
] as const;
export const firewalls = [firewall, ...firewallPolicyRules, ...firewallPoliciesWithRules] as const;

/** Priority of a policy's rule that names none (GCP). */
const defaultPriority = 1000;

/** Sources that a rule of a policy may name beside ranges, and that are none of this network's. */
const sourcesOfOthers = ["srcFqdns", "srcRegionCodes", "srcThreatIntelligences", "srcAddressGroups"] as const;

export function firewallFlows({ type, props }: Subject): readonly Flow[] {
  if (type === firewall) return classicFlows(props);
  const rules = firewallPolicyRules.some((one) => one === type) ? [props] : props.items("rules");
  return rules.flatMap(policyFlows);
}

/** What a rule lets through. Its denials are not read: they close nothing of other rules' that a check of one resource could see. */
function classicFlows(rule: View): readonly Flow[] {
  if (isDisabled(rule)) return [];
  return directionsOf(rule.at("direction"), "egress").flatMap((direction) => {
    const out = direction === "out";
    const ranges = rule.items(out ? "destinationRanges" : "sourceRanges");
    const named = out ? [] : ["sourceTags", "sourceServiceAccounts"].flatMap((key) => rule.items(key));
    return rule.items("allows").map(
      (allowed): Flow => ({
        direction,
        allow: true,
        priority: 0,
        at: allowed,
        peers: peersOf(ranges, named),
        protocols: () => protocolsOf(allowed.at("protocol"), true),
        ports: () => portsOf(allowed.items("ports"), true),
      }),
    );
  });
}

/** One flow for each protocol of a rule, with its own ports. */
function policyFlows(rule: View): readonly Flow[] {
  if (isDisabled(rule)) return [];
  const match = rule.at("match");
  const allow = !says(rule.at("action"), "deny");
  const layers = match.items("layer4Configs");
  return directionsOf(rule.at("direction"), "egress").flatMap((direction) => {
    const out = direction === "out";
    const ranges = match.items(out ? "destIpRanges" : "srcIpRanges");
    const others = out ? [] : sourcesOfOthers.flatMap((key) => match.items(key));
    const peers =
      others.length > 0
        ? readPeers([...ranges, ...others], () => "others")
        : peersOf(ranges, out ? [] : match.items("srcSecureTags"));
    return (layers.length > 0 ? layers : [match.at("layer4Configs")]).map(
      (layer): Flow => ({
        direction,
        allow,
        priority: priorityOf(rule.at("priority"), allow, defaultPriority),
        at: rule,
        peers,
        closes: closesAll(rule, match),
        protocols: () => protocolsOf(layer.at("ipProtocol"), allow),
        ports: () => portsOf(layer.items("ports"), allow),
      }),
    );
  });
}

function isDisabled(rule: View): boolean {
  return known(() => rule.boolean("disabled")) === true;
}

/** Whoever names nobody means anybody: https://cloud.google.com/firewall/docs/firewalls#sources */
function peersOf(ranges: readonly View[], named: readonly View[]): Peers {
  if (ranges.length > 0) return readPeers(ranges);
  return named.length > 0 ? nobody : anybody;
}

/** True for a rule that is surely on and comes in, and that is for all machines and for all that its ranges and protocols say. */
function closesAll(rule: View, match: View): boolean {
  if ([rule.at("disabled"), rule.at("direction"), match].some((view) => view.unknown)) return false;
  const targets = rule.keys().filter((key) => key.startsWith("target"));
  const conditions = match.keys().filter((key) => key !== "srcIpRanges" && key !== "layer4Configs");
  return ![...targets.map((key) => rule.at(key)), ...conditions.map((key) => match.at(key))].some(given);
}
