import { type IntervalSet, interval } from "./intervals.ts";

/** Ports and IP protocols as sets of numbers, in every spelling that the clouds take. No I/O. */
export type PortSet = IntervalSet;
export type ProtocolSet = IntervalSet;

const lastPort = 65_535n;
const lastProtocol = 255n;

export const allPorts: PortSet = interval(0n, lastPort);
export const allProtocols: ProtocolSet = interval(0n, lastProtocol);

/** Numbers of the IANA protocol registry, by the names that the three clouds and nftables use. */
const protocolNumbers: ReadonlyMap<string, bigint> = new Map([
  ["icmp", 1n],
  ["igmp", 2n],
  ["ipip", 94n],
  ["tcp", 6n],
  ["udp", 17n],
  ["gre", 47n],
  ["esp", 50n],
  ["ah", 51n],
  ["icmpv6", 58n],
  ["ipv6-icmp", 58n],
  ["sctp", 132n],
]);

export const tcp: ProtocolSet = interval(6n, 6n);
export const udp: ProtocolSet = interval(17n, 17n);

/** Protocols that have ports: TCP, UDP, DCCP, SCTP and UDP-Lite. For all others every port is meant. */
const withPorts = [6n, 17n, 33n, 132n, 136n];

const everything = ["*", "all", "any", "-1"];

/** `22`, `"22"`, `"20-25"`, `"*"`, `"all"`, `-1`. Undefined for what is no port. */
export function parsePorts(ports: string | number): PortSet | undefined {
  const text = String(ports).trim().toLowerCase();
  if (everything.includes(text)) return allPorts;
  const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text);
  if (match === null) return undefined;
  const [, first, last = first] = match;
  return portRange(Number(first), Number(last));
}

/** The ports of an AWS rule, which has two numbers; -1 and an omitted number mean all. */
export function portRange(first: number | undefined, last: number | undefined): PortSet | undefined {
  if (first === undefined || last === undefined || first === -1 || last === -1) return allPorts;
  if (![first, last].every((port) => Number.isInteger(port) && port >= 0 && port <= Number(lastPort))) return undefined;
  return first > last ? undefined : interval(BigInt(first), BigInt(last));
}

/** `"tcp"`, `"6"`, `6`, `"-1"`, `"*"`, `"all"`. Undefined for a name that is not known. */
export function parseProtocol(protocol: string | number): ProtocolSet | undefined {
  const text = String(protocol).trim().toLowerCase();
  if (everything.includes(text)) return allProtocols;
  const number = protocolNumbers.get(text) ?? (/^\d{1,3}$/.test(text) ? BigInt(text) : undefined);
  return number === undefined || number > lastProtocol ? undefined : interval(number, number);
}

/** True when the ports of a rule over these protocols mean something: otherwise all are open. */
export function havePorts(protocols: ProtocolSet): boolean {
  return protocols.every(({ first, last }) => first === last && withPorts.includes(first));
}

/** A set of ports for people. */
export function formatPorts(ports: PortSet): string {
  if (ports[0]?.last === lastPort && ports[0].first <= 1n) return "all ports";
  return ports.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`)).join(", ");
}
