import { Firewall } from "@pulumi/gcp/compute/firewall.js";
import type * as pulumi from "@pulumi/pulumi";
import type { Role } from "../../core/roles.ts";
import type { GcpContext } from "./context.ts";
import type { FirewallSpec } from "./firewall-rules.ts";

/** Declares the rules on a network, after the service accounts by which they tell machines. */
export function declareFirewall(
  name: string,
  specs: readonly FirewallSpec[],
  network: pulumi.Input<string>,
  accounts: ReadonlyMap<Role, pulumi.Resource>,
  parent: pulumi.Resource,
  context: GcpContext,
): readonly Firewall[] {
  const emails = (roles: FirewallSpec["targets"]) => roles.map((role) => context.accountEmail(role));
  return specs.map(({ name: rule, direction, action, protocol, ports, targets, sources, ranges, priority }) => {
    const entries = [{ protocol, ...(ports.length === 0 ? {} : { ports: portRanges(ports) }) }];
    return new Firewall(
      context.logical(name, rule),
      {
        project: context.project,
        network,
        direction,
        priority,
        ...(action === "allow" ? { allows: entries } : { denies: entries }),
        ...(targets.length === 0 ? {} : { targetServiceAccounts: emails(targets) }),
        ...(sources.length === 0 ? {} : { sourceServiceAccounts: emails(sources) }),
        ...(ranges.length === 0
          ? {}
          : direction === "INGRESS"
            ? { sourceRanges: [...ranges] }
            : { destinationRanges: [...ranges] }),
        logConfig: { metadata: "INCLUDE_ALL_METADATA" },
      },
      { parent, dependsOn: [...accounts.values()] },
    );
  });
}

/** Ports as Google writes them: neighbours become one range. */
export function portRanges(ports: readonly number[]): string[] {
  const sorted = [...new Set(ports)].toSorted((a, b) => a - b);
  const ranges: [number, number][] = [];
  for (const port of sorted) {
    const last = ranges.at(-1);
    if (last !== undefined && last[1] === port - 1) last[1] = port;
    else ranges.push([port, port]);
  }
  return ranges.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`));
}
