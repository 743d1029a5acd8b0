import { union } from "../../../core/guard/intervals.ts";
import { allProtocols, type PortSet, type ProtocolSet, parsePorts, parseProtocol } from "../../../core/guard/ports.ts";
import type { Subject } from "../../rule.ts";
import type { View } from "../../view.ts";
import { anybody, type Flow, nobody, portsFor, protocolsOr, readPeers } from "./flow.ts";

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

/** Priority of a firewall rule that names none (GCP). */
const defaultPriority = 1000;

export function firewallFlows(subject: Subject): readonly Flow[] {
  const { type, props } = subject;
  if (type === firewall) return classicFlows(props);
  if (firewallPolicyRules.some((one) => one === type)) return policyFlows(props);
  return props.items("rules").flatMap(policyFlows);
}

function classicFlows(props: View): readonly Flow[] {
  const disabled = props.at("disabled");
  if (!disabled.unknown && disabled.boolean() === true) return [];
  const way = props.at("direction");
  const out = !way.unknown && way.string()?.toUpperCase() === "EGRESS";
  const ranges = props.items(out ? "destinationRanges" : "sourceRanges");
  const named = out ? [] : ["sourceTags", "sourceServiceAccounts"].flatMap((key) => props.items(key));
  // Whoever names nobody means anybody: https://cloud.google.com/firewall/docs/firewalls#sources
  const peers = ranges.length === 0 && named.length === 0 ? anybody : ranges.length === 0 ? nobody : readPeers(ranges);
  const priority = props.at("priority");
  return (["allows", "denies"] as const).flatMap((key) =>
    props.items(key).map((rule) => {
      const protocols = () => protocolsOr(parseProtocol(rule.text("protocol") ?? "all"));
      return {
        direction: out ? "out" : "in",
        allow: key === "allows",
        priority: priority.unknown ? defaultPriority : (priority.number() ?? defaultPriority),
        at: rule,
        peers,
        protocols,
        ports: () => portsFor(protocols(), portList(rule.list("ports"))),
      } satisfies Flow;
    }),
  );
}

function policyFlows(rule: View): readonly Flow[] {
  const disabled = rule.at("disabled");
  if (!disabled.unknown && disabled.boolean() === true) return [];
  const action = rule.at("action");
  const way = rule.at("direction");
  const out = !way.unknown && way.string()?.toUpperCase() === "EGRESS";
  const match = rule.at("match");
  const ranges = match.items(out ? "destIpRanges" : "srcIpRanges");
  const named = out ? [] : match.items("srcSecureTags");
  const peers = ranges.length > 0 ? readPeers(ranges) : named.length > 0 ? nobody : anybody;
  const priority = rule.at("priority");
  const layers = match.unknown ? [] : match.items("layer4Configs");
  const protocols = (): ProtocolSet =>
    layers.length === 0
      ? allProtocols
      : union(...layers.map((layer) => protocolsOr(parseProtocol(layer.text("ipProtocol") ?? "all"))));
  return [
    {
      direction: out ? "out" : "in",
      allow: action.unknown || action.string()?.toLowerCase() !== "deny",
      priority: priority.unknown ? defaultPriority : (priority.number() ?? defaultPriority),
      at: rule,
      peers,
      protocols,
      ports: () =>
        layers.length === 0
          ? portsFor(allProtocols, undefined)
          : union(
              ...layers.map((layer) =>
                portsFor(protocolsOr(parseProtocol(layer.text("ipProtocol") ?? "all")), portList(layer.list("ports"))),
              ),
            ),
    },
  ];
}

/** All ports when none is named, or when one cannot be read. */
function portList(ports: readonly View[] | undefined): PortSet | undefined {
  const sets = (ports ?? []).map((port) => parsePorts(port.text() ?? ""));
  const read = sets.filter((set) => set !== undefined);
  return read.length === 0 || read.length < sets.length ? undefined : union(...read);
}
