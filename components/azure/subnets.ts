import type { AddressPlan } from "../../core/addresses.ts";
import { formatCidr, parseCidr } from "../../core/net.ts";
import type { Role } from "../../core/roles.ts";

/** Subnets of the network: one for each role, so that a firewall rule can name a role by its addresses. */
export type SubnetName = Role | "endpoints" | "tunnel";

/**
 * Ranges by subnet. Azure keeps the first four and the last address of each; a /29, its smallest, leaves three: the control
 * plane's fixed one, or two builders, of which the old one goes when the new image stands.
 */
export function subnetRanges(plan: AddressPlan): Readonly<Record<SubnetName, string>> {
  const [control, builder] = halves(plan.setup);
  return { bastion: plan.edge, control, builder, endpoints: plan.endpoints, tunnel: plan.tunnel, node: plan.nodes };
}

function halves(range: string): readonly [string, string] {
  const whole = parseCidr(range);
  if (whole === undefined) throw new TypeError(`"${range}" is not an IPv4 range`);
  const prefix = whole.prefix + 1;
  const half = (index: number) => formatCidr({ base: whole.base + index * 2 ** (32 - prefix), prefix });
  return [half(0), half(1)];
}
