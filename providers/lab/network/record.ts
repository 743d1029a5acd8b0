import { labIdPattern, labIdRule } from "../../../core/lab/names.ts";
import { labPaths } from "../../../core/lab/paths.ts";
import { type FlowRule, groups, type NetworkArgs } from "../../../core/lab/resources.ts";
import { type Cidr, formatAddress, isPrivate, nth, parseCidr } from "../../../core/net.ts";
import { readJson } from "../host/files.ts";
import { root } from "../host/root.ts";
import { choice, integer, list, object, pattern, text } from "../shape.ts";

/** Places of the range that have a fixed meaning; see {@link NetworkArgs.cidr}. */
const places = { gateway: 1, bastion: 2, control: 3 } as const;

export const labIdShape = pattern(labIdPattern, labIdRule);

const flowRule = object<FlowRule>(
  {
    from: choice([...groups, "operator"]),
    to: choice(groups),
    protocol: choice(["tcp", "udp"]),
    ports: list(integer(1, 65535)),
  },
  ({ ports }) => (ports.length > 0 ? undefined : { property: "ports", reason: "must name at least one port" }),
);

export const networkShape = object<NetworkArgs>({
  labId: labIdShape,
  cidr: text((value) => {
    const cidr = parseCidr(value);
    return cidr?.prefix === 24 && isPrivate(cidr)
      ? undefined
      : `must be a private /24 such as "10.83.0.0/24", not ${JSON.stringify(value)}`;
  }),
  rules: list(flowRule),
});

/** The network that a lab was given, or undefined when it has none. */
export function readNetwork(labId: string): Promise<NetworkArgs | undefined> {
  return readJson(labPaths(root, labId).record, networkShape);
}

/** The parsed range of a network that was checked. */
export function rangeOf(network: Pick<NetworkArgs, "cidr">): Cidr {
  const cidr = parseCidr(network.cidr);
  if (cidr === undefined) throw new Error(`${network.cidr} was not checked`);
  return cidr;
}

/** Address of the host, the bastion or the control plane. */
export function placeOf(network: Pick<NetworkArgs, "cidr">, place: keyof typeof places): string {
  return formatAddress(nth(rangeOf(network), places[place]));
}
