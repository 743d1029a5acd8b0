import { portRanges } from "../../core/flow.ts";
import type { FlowRule } from "../../core/lab/resources.ts";
import { type Role, roles } from "../../core/roles.ts";
import type { Access } from "../contract.ts";
import type { SubnetName } from "./subnets.ts";

/**
 * Firewall rules of the network's subnets, derived from the flows that all targets share. Azure's own default rules let a
 * whole virtual network speak with itself and with the Internet, so each list ends with denials of its own. No I/O.
 */

/** A rule as Azure's security groups take it. */
export interface SecurityRule {
  readonly name: string;
  readonly description: string;
  readonly priority: number;
  readonly direction: "Inbound" | "Outbound";
  readonly access: "Allow" | "Deny";
  readonly protocol: "Tcp" | "Udp" | "*";
  readonly sourceAddressPrefixes: string[];
  readonly sourcePortRange: "*";
  readonly destinationAddressPrefixes: string[];
  readonly destinationPortRanges: string[];
}

export interface FirewallInput {
  readonly flows: readonly FlowRule[];
  readonly ranges: Readonly<Record<SubnetName, string>>;
  readonly access: Access;
  /** Where machines that are set up fetch packages from. */
  readonly packageRanges: readonly string[];
  /** Machines that exist once are named by their address, not by their subnet. */
  readonly addresses: { readonly bastion: string; readonly control: string };
}

/** Roles that are set up over SSH and fetch packages meanwhile. Nodes are born complete and reach no package at all. */
export const setUpRoles: readonly Role[] = ["bastion", "control", "builder"];

/** Rules of the subnet of one role, those that are met first first. */
export function roleRules(role: Role, input: FirewallInput): readonly SecurityRule[] {
  const { flows, ranges, packageRanges } = input;
  const own = peer(role, input);
  const inbound = flows
    .filter(({ to }) => to === role)
    .map((flow) => allow("Inbound", `from-${flow.from}`, flow, sourcesOf(flow, input), [own]));
  const outbound = flows
    .filter(({ from }) => from === role)
    .map((flow) => allow("Outbound", `to-${flow.to}`, flow, [own], [peer(flow.to, input)]));
  const services = [
    allow("Outbound", "to-own-services", https, [own], [ranges.endpoints]),
    ...(setUpRoles.includes(role)
      ? [allow("Outbound", "to-packages", { protocol: "tcp", ports: [80, 443] }, [own], packageRanges)]
      : []),
    // Demand is published to the service that the pool's autoscaler reads.
    ...(role === "control" ? [allow("Outbound", "to-monitor", https, [own], ["AzureMonitor"])] : []),
  ];
  return numbered([...inbound, ...outbound, ...services]);
}

/** Rules of the subnet in which the cloud's services have their private ends: they are called, and call nobody. */
export function endpointRules(input: FirewallInput): readonly SecurityRule[] {
  return numbered(
    roles.map((role) => allow("Inbound", `from-${role}`, https, [peer(role, input)], [input.ranges.endpoints])),
  );
}

/**
 * Rules that Azure Bastion's own subnet must have (https://learn.microsoft.com/azure/bastion/bastion-nsg). Who may use it is
 * decided by Entra: its public end takes calls from everywhere. Without a tunnel nothing stands there, and nothing may.
 */
export function tunnelRules({ access, ranges, addresses }: FirewallInput): readonly SecurityRule[] {
  if (access.by !== "tunnel") return numbered([]);
  const own = ranges.tunnel;
  const data = { protocol: "tcp", ports: [5701, 8080] } as const;
  return numbered([
    allow("Inbound", "from-operators", https, ["Internet"], [own]),
    allow("Inbound", "from-gateway-manager", https, ["GatewayManager"], [own]),
    allow("Inbound", "from-load-balancer", https, ["AzureLoadBalancer"], [own]),
    allow("Inbound", "from-itself", data, [own], [own]),
    allow("Outbound", "to-bastion", { protocol: "tcp", ports: [22] }, [own], [`${addresses.bastion}/32`]),
    allow("Outbound", "to-itself", data, [own], [own]),
    allow("Outbound", "to-azure", https, [own], ["AzureCloud"]),
    allow("Outbound", "to-certificates", { protocol: "tcp", ports: [80] }, [own], ["Internet"]),
  ]);
}

const https = { protocol: "tcp", ports: [443] } as const;

type Unnumbered = Omit<SecurityRule, "priority">;

function peer(role: Role, { ranges, addresses }: FirewallInput): string {
  return role === "bastion" || role === "control" ? `${addresses[role]}/32` : ranges[role];
}

function sourcesOf({ from }: FlowRule, input: FirewallInput): readonly string[] {
  const { access, ranges } = input;
  if (from !== "operator") return [peer(from, input)];
  return access.by === "address" ? access.ranges : [ranges.tunnel];
}

function allow(
  direction: SecurityRule["direction"],
  peer: string,
  { protocol, ports }: Pick<FlowRule, "protocol" | "ports">,
  sources: readonly string[],
  destinations: readonly string[],
): Unnumbered {
  return {
    name: `allow-${direction.toLowerCase()}-${peer}-${ports[0]}`,
    description: `${protocol} ${rangesOf(ports).join(", ")} ${peer.replaceAll("-", " ")}`,
    direction,
    access: "Allow",
    protocol: protocol === "tcp" ? "Tcp" : "Udp",
    sourceAddressPrefixes: [...sources],
    sourcePortRange: "*",
    destinationAddressPrefixes: [...destinations],
    destinationPortRanges: rangesOf(ports),
  };
}

function denyAll(direction: SecurityRule["direction"], what: "VirtualNetwork" | "Internet" | "*"): Unnumbered {
  const inbound = direction === "Inbound";
  return {
    name: `deny-${direction.toLowerCase()}-${what === "*" ? "everything-else" : what}`,
    description: "What no rule above names is dropped",
    direction,
    access: "Deny",
    protocol: "*",
    sourceAddressPrefixes: [inbound ? what : "*"],
    sourcePortRange: "*",
    destinationAddressPrefixes: [inbound ? "*" : what],
    destinationPortRanges: ["*"],
  };
}

/** Priorities run from 100; the denials stand at the end, below everything that may be added between. */
function numbered(allowed: readonly Unnumbered[]): readonly SecurityRule[] {
  const count = { Inbound: 0, Outbound: 0 };
  const last = 4096;
  const denials = (["Inbound", "Outbound"] as const).flatMap((direction) =>
    (["VirtualNetwork", "Internet", "*"] as const).map((what, index) => ({
      ...denyAll(direction, what),
      priority: last - 2 + index,
    })),
  );
  return [...allowed.map((rule) => ({ ...rule, priority: 100 + 10 * count[rule.direction]++ })), ...denials];
}

function rangesOf(ports: readonly number[]): string[] {
  return portRanges(ports).map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`));
}
