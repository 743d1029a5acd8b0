import { formatAddress, formatCidr, nth, parseCidr } from "./net.ts";

/**
 * How a /24 is divided on every cloud. Clouds keep the first four addresses of a subnet for themselves and the last, or the
 * last two (AWS and Azure: 0-3 and the last; Google Cloud: 0, 1 and the last two); the fixed ones here are free on each.
 */
export interface AddressPlan {
  readonly whole: string;
  /** The bastion, and what else faces outward. 16 addresses, the fewest that AWS takes. */
  readonly edge: string;
  /** Machines that are set up over SSH and fetch packages: control plane and builder. 16 addresses. */
  readonly setup: string;
  /** Private ends of the cloud's own services. 32 addresses. */
  readonly endpoints: string;
  /** For a bastion that the cloud runs: Azure's needs 64 addresses. */
  readonly tunnel: string;
  /** The pool, on clouds whose subnets span zones. 128 addresses. */
  readonly nodes: string;
  /** The pool, on clouds whose subnets lie in one zone: three parts of `nodes`, 32 addresses each. */
  readonly nodeZones: readonly [string, string, string];
  /** Fixed addresses of the two machines that others are told about: in `edge` and in `setup`. */
  readonly bastion: string;
  readonly control: string;
}

/**
 * @param cidr a /24, as the configuration allows it.
 * @throws TypeError when it is none.
 */
export function planAddresses(cidr: string): AddressPlan {
  const whole = parseCidr(cidr);
  if (whole?.prefix !== 24) throw new TypeError(`"${cidr}" is not an IPv4 range of 256 addresses`);
  const range = (first: number, prefix: number) => formatCidr({ base: nth(whole, first), prefix });
  return {
    whole: formatCidr(whole),
    edge: range(0, 28),
    setup: range(16, 28),
    endpoints: range(32, 27),
    tunnel: range(64, 26),
    nodes: range(128, 25),
    nodeZones: [range(128, 27), range(160, 27), range(192, 27)],
    bastion: formatAddress(nth(whole, 4)),
    control: formatAddress(nth(whole, 20)),
  };
}
