import { type AddressSet, parseRange } from "../../../core/guard/addresses.ts";
import { union } from "../../../core/guard/intervals.ts";
import { known, type Subject } from "../../rule.ts";
import type { View } from "../../view.ts";
import {
  anybody,
  directionsOf,
  type Flow,
  meansAnyone,
  nobody,
  portsOf,
  priorityOf,
  protocolsOf,
  readPeers,
  says,
} from "./flow.ts";

export const securityGroup = "azure-native:network:NetworkSecurityGroup";
export const securityRules = ["azure-native:network:SecurityRule", "azure-native:network:AdminRule"] as const;
export const nsgTypes = [securityGroup, ...securityRules] as const;

/** Service tags that mean this network; every other tag means machines of others. */
const ownTags: Readonly<Record<string, "neighbours" | "probes">> = {
  virtualnetwork: "neighbours",
  azureloadbalancer: "probes",
};

export function nsgFlows({ type, props }: Subject): readonly Flow[] {
  const rules = type === securityGroup ? props.items("securityRules") : [props];
  return rules.flatMap((rule) =>
    directionsOf(rule.at("direction"), "outbound").map((direction) => nsgFlow(rule, direction)),
  );
}

function nsgFlow(rule: View, direction: "in" | "out"): Flow {
  const [theirs, ours] =
    direction === "out" ? (["destination", "source"] as const) : (["source", "destination"] as const);
  const allow = !says(rule.at("access"), "deny");
  const prefixes = prefixesOf(rule, theirs);
  const named = rule.items(`${theirs}ApplicationSecurityGroups`);
  const near = prefixesOf(rule, ours);
  return {
    direction,
    allow,
    priority: priorityOf(rule.at("priority"), allow),
    at: rule,
    peers: prefixes.length > 0 ? readPeers(prefixes, tagOf) : named.length > 0 ? nobody : anybody,
    near: rangesOf(near),
    closes:
      !rule.at("direction").unknown &&
      near.every(meansWhole) &&
      rule.items(`${ours}ApplicationSecurityGroups`).length === 0 &&
      namedIn(rule, "sourcePortRange", "sourcePortRanges").every(meansWhole),
    protocols: () => protocolsOf(rule.at("protocol"), allow),
    ports: () => portsOf(namedIn(rule, "destinationPortRange", "destinationPortRanges"), allow),
  };
}

function prefixesOf(rule: View, side: "source" | "destination"): readonly View[] {
  return [
    ...namedIn(rule, `${side}AddressPrefix`, `${side}AddressPrefixes`),
    // A network manager's rules name their peers one by one.
    ...rule.items(`${side}s`).flatMap((peer) => namedIn(peer, "addressPrefix")),
  ];
}

/** What stands in these properties; Azure answers "" for the one of two that was not used. */
function namedIn(rule: View, ...keys: readonly string[]): readonly View[] {
  return keys.flatMap((key) => rule.items(key)).filter((view) => view.unknown || view.text() !== "");
}

/** True when this side of a rule is no part of the network. */
function meansWhole(view: View): boolean {
  const text = known(() => view.text());
  return text !== undefined && (meansAnyone(text) || tagOf(text) === "neighbours");
}

/** Undefined unless each is a known range. */
function rangesOf(views: readonly View[]): AddressSet | undefined {
  const ranges = views.map((view) => known(() => parseRange(view.string() ?? "")));
  const read = ranges.filter((range) => range !== undefined);
  return read.length < ranges.length ? undefined : union(...read);
}

function tagOf(text: string): "neighbours" | "others" | "probes" | undefined {
  return /^[A-Za-z][A-Za-z0-9._-]*$/.test(text) ? (ownTags[text.toLowerCase()] ?? "others") : undefined;
}
