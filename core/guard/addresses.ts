import ipaddr from "ipaddr.js";
import { covers, empty, type IntervalSet, intersect, interval, isEmpty, subtract, union } from "./intervals.ts";

/**
 * Addresses of both families as one line of numbers, so that a set of ranges is a set of intervals: IPv6 addresses are
 * themselves, IPv4 addresses stand above them.
 */
export type AddressSet = IntervalSet;

const v6Bits = 128;
const v4Bits = 32;
const v4Base = 1n << BigInt(v6Bits);

export const allV6: AddressSet = interval(0n, v4Base - 1n);
export const allV4: AddressSet = interval(v4Base, v4Base + (1n << BigInt(v4Bits)) - 1n);
export const everywhere: AddressSet = union(allV6, allV4);

/** IPv4-mapped IPv6 addresses mean the IPv4 address. */
const mapped = 0xffffn << 32n;

/**
 * Reads one range: `a.b.c.d/n`, `x::y/n`, a single address of either family, the short form `0/0`, or `first-last`.
 * Bits beyond the prefix are dropped, as the clouds do. Undefined for all else; above all for hexadecimal, octal and
 * shortened IPv4 spellings, which readers take for different addresses, and for text with spaces or zones.
 */
export function parseRange(text: string): AddressSet | undefined {
  const from = text.replace(/-.*/s, "");
  if (from !== text) return parseSpan(from, text.slice(from.length + 1));
  const address = text.replace(/\/.*/s, "");
  const length = text.slice(address.length);
  const parsed = parseAddress(text === "0/0" ? "0.0.0.0" : address);
  if (parsed === undefined) return undefined;
  if (length === "") return place(parsed.value, parsed.bits, parsed.bits);
  const prefix = Number(length.slice(1));
  if (!/^\/\d{1,3}$/.test(length) || prefix > parsed.bits) return undefined;
  return place(parsed.value, parsed.bits, prefix);
}

function parseSpan(from: string, to: string): AddressSet | undefined {
  const first = parseRange(from)?.[0];
  const last = parseRange(to)?.[0];
  if (first === undefined || last === undefined || from.includes("/") || /[-/]/.test(to)) return undefined;
  const span = interval(first.first, last.last);
  if (isEmpty(span) || (!covers(allV4, span) && !covers(allV6, span))) return undefined;
  return span;
}

interface Address {
  readonly value: bigint;
  readonly bits: number;
}

function parseAddress(text: string): Address | undefined {
  if (ipaddr.IPv4.isValidFourPartDecimal(text))
    return { value: numberOf(ipaddr.IPv4.parse(text).toByteArray()), bits: v4Bits };
  if (!/^[0-9a-fA-F:.]+$/.test(text) || !ipaddr.IPv6.isValid(text)) return undefined;
  return { value: numberOf(ipaddr.IPv6.parse(text).toByteArray()), bits: v6Bits };
}

function numberOf(bytes: readonly number[]): bigint {
  return bytes.reduce((value, byte) => value * 256n + BigInt(byte), 0n);
}

/** The range of a prefix, on the line of both families. */
function place(value: bigint, bits: number, prefix: number): AddressSet {
  const size = 1n << BigInt(bits - prefix);
  const first = value - (value % size);
  // No IPv4 address is so large, and no larger IPv6 range begins there.
  const isMapped = first >> 32n === mapped >> 32n;
  const base = bits === v4Bits ? v4Base : isMapped ? v4Base - mapped : 0n;
  return interval(base + first, base + first + size - 1n);
}

/** Reads ranges that are written in this repository. Throws on what is none. */
export function ranges(...texts: readonly string[]): AddressSet {
  return union(
    ...texts.map((text) => {
      const range = parseRange(text);
      if (range === undefined) throw new RangeError(`"${text}" is no address range`);
      return range;
    }),
  );
}

/**
 * Where packets from the internet cannot come from: private use (RFC 1918, RFC 4193), loopback and link-local. Ranges for
 * documentation, shared (RFC 6598) and reserved ones are not in it: whoever lets them in has to declare them.
 */
export const privateUse: AddressSet = ranges(
  "10.0.0.0/8",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "fc00::/7",
  "fe80::/10",
  "::1/128",
);

/**
 * Addresses that the internet routes: all but those of the IANA special-purpose registries that are not globally
 * reachable (RFC 6890 and its updates), multicast and, in IPv6, all outside 2000::/3.
 */
export const globallyRoutable: AddressSet = union(
  subtract(
    allV4,
    ranges(
      "0.0.0.0/8",
      "10.0.0.0/8",
      "100.64.0.0/10",
      "127.0.0.0/8",
      "169.254.0.0/16",
      "172.16.0.0/12",
      "192.0.0.0/24",
      "192.0.2.0/24",
      "192.168.0.0/16",
      "198.18.0.0/15",
      "198.51.100.0/24",
      "203.0.113.0/24",
      "224.0.0.0/3",
    ),
  ),
  subtract(ranges("2000::/3"), ranges("2001::/23", "2001:db8::/32", "3fff::/20")),
);

/** True when all routable addresses of one family are in the set: however many ranges they were written as. */
export function isInternet(set: AddressSet): boolean {
  return [allV4, allV6].some((family) => covers(set, intersect(globallyRoutable, family)));
}

/** The part of a set that lies outside of private use and of what is declared. */
export function outside(set: AddressSet, declared: AddressSet = empty): AddressSet {
  return subtract(subtract(set, privateUse), declared);
}

/** A set for people: its first ranges as `first-last`, "the internet" when it is. */
export function formatAddresses(set: AddressSet): string {
  if (isInternet(set)) return "the internet";
  const shown = set
    .slice(0, 3)
    .map(({ first, last }) => (first === last ? text(first) : `${text(first)}-${text(last)}`));
  return [...shown, ...(set.length > 3 ? [`${set.length - 3} more`] : [])].join(", ");
}

function text(address: bigint): string {
  // The lowest four bytes are the IPv4 address itself, wherever the family lies on the line.
  const length = address >= v4Base ? 4 : 16;
  const bytes = Array.from({ length }, (_, index) => Number((address >> BigInt(8 * (length - 1 - index))) & 255n));
  return ipaddr.fromByteArray(bytes).toString();
}
