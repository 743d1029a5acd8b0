import { type AddressSet, parseRange } from "../../../core/guard/addresses.ts";
import { union } from "../../../core/guard/intervals.ts";
import { parsePorts, parseProtocol } from "../../../core/guard/ports.ts";
import type { Subject } from "../../rule.ts";
import type { View } from "../../view.ts";
import { anybody, type Flow, nobody, portsFor, protocolsOr, readPeers } from "./flow.ts";

export const securityGroup = "azure-native:network:NetworkSecurityGroup";
export const securityRules = ["azure-native:network:SecurityRule", "azure-native:network:AdminRule"] as const;
export const nsgTypes = [securityGroup, ...securityRules] as const;

/** Service tags that mean machines of this network; every other tag means machines of others. */
const ownTags = ["virtualnetwork", "azureloadbalancer"];

export function nsgFlows({ type, props }: Subject): readonly Flow[] {
  return type === securityGroup ? props.items("securityRules").map(nsgFlow) : [nsgFlow(props)];
}

function nsgFlow(rule: View): Flow {
  const way = rule.at("direction");
  const out = !way.unknown && way.string()?.toLowerCase() === "outbound";
  const access = rule.at("access");
  const priority = rule.at("priority");
  const side = out ? "destination" : "source";
  const prefixes = prefixesOf(rule, side);
  const named = rule.items(`${side}ApplicationSecurityGroups`);
  const protocols = () => protocolsOr(parseProtocol(rule.text("protocol") ?? "*"));
  return {
    direction: out ? "out" : "in",
    allow: access.unknown || access.string()?.toLowerCase() !== "deny",
    priority: priority.unknown ? 0 : (priority.number() ?? 0),
    at: rule,
    peers: prefixes.length > 0 ? readPeers(prefixes, tagOf) : named.length > 0 ? nobody : anybody,
    near: rangesOf(prefixesOf(rule, out ? "source" : "destination")),
    protocols,
    ports: () => {
      const views = [...rule.items("destinationPortRange"), ...rule.items("destinationPortRanges")];
      const sets = views
        .map((view) => view.text() ?? "")
        .filter((text) => text !== "")
        .map(parsePorts);
      const read = sets.filter((set) => set !== undefined);
      return portsFor(protocols(), read.length === 0 || read.length < sets.length ? undefined : union(...read));
    },
  };
}

function prefixesOf(rule: View, side: "source" | "destination"): readonly View[] {
  return [
    ...rule.items(`${side}AddressPrefix`),
    ...rule.items(`${side}AddressPrefixes`),
    // A network manager's rules name their peers one by one.
    ...rule.items(`${side}s`).flatMap((peer) => peer.items("addressPrefix")),
  ].filter((view) => view.unknown || view.string() !== "");
}

/** Undefined unless each is a known range. */
function rangesOf(views: readonly View[]): AddressSet | undefined {
  const ranges = views.map((view) => (view.unknown ? undefined : parseRange(view.string() ?? "")));
  const read = ranges.filter((range) => range !== undefined);
  return read.length < ranges.length ? undefined : union(...read);
}

function tagOf(text: string): "ours" | "others" | undefined {
  if (!/^[A-Za-z][A-Za-z0-9._-]*$/.test(text)) return undefined;
  return ownTags.includes(text.toLowerCase()) ? "ours" : "others";
}
