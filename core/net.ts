/** IPv4 addresses and ranges, as unsigned 32-bit numbers and back. No I/O. */

export interface Cidr {
  /** First address of the range. */
  readonly base: number;
  /** Prefix length, 0 to 32. */
  readonly prefix: number;
}

/** Parses dotted-quad text without leading zeros; undefined when it is not an address. */
export function parseAddress(text: string): number | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (match === null) return undefined;
  let value = 0;
  for (const part of match.slice(1)) {
    if (Number(part) > 255 || String(Number(part)) !== part) return undefined;
    value = value * 256 + Number(part);
  }
  return value;
}

export function formatAddress(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join(".");
}

/** Parses `a.b.c.d/n`; undefined when the text is no range or has bits set beyond the prefix. */
export function parseCidr(text: string): Cidr | undefined {
  const [address, length, ...rest] = text.split("/");
  if (address === undefined || length === undefined || rest.length > 0 || !/^\d{1,2}$/.test(length)) return undefined;
  const base = parseAddress(address);
  const prefix = Number(length);
  if (base === undefined || prefix > 32 || base % size({ base, prefix }) !== 0) return undefined;
  return { base, prefix };
}

export function formatCidr(cidr: Cidr): string {
  return `${formatAddress(cidr.base)}/${cidr.prefix}`;
}

/** Number of addresses in the range. */
export function size(cidr: Cidr): number {
  return 2 ** (32 - cidr.prefix);
}

export function contains(cidr: Cidr, address: number): boolean {
  return address >= cidr.base && address < cidr.base + size(cidr);
}

export function overlaps(a: Cidr, b: Cidr): boolean {
  return a.base < b.base + size(b) && b.base < a.base + size(a);
}

/** The address `index` places above the first one of the range. */
export function nth(cidr: Cidr, index: number): number {
  if (!Number.isInteger(index) || index < 0 || index >= size(cidr)) {
    throw new RangeError(`${formatCidr(cidr)} has no address number ${index}`);
  }
  return cidr.base + index;
}

/** True for 10.0.0.0/8, 172.16.0.0/12 and 192.168.0.0/16 (RFC 1918). */
export function isPrivate(cidr: Cidr): boolean {
  return privateRanges.some((range) => contains(range, cidr.base) && cidr.prefix >= range.prefix);
}

/** The first /24 of 10.0.0.0/8, counted from `start` and around, that overlaps none of `used`. */
export function freeRange(start: Cidr, used: readonly Cidr[]): Cidr | undefined {
  const first = contains(tenNet, start.base) ? Math.floor((start.base - tenNet.base) / 256) : 0;
  for (let step = 0; step < 65536; step++) {
    const candidate = { base: tenNet.base + ((first + step) % 65536) * 256, prefix: 24 };
    if (!used.some((range) => overlaps(range, candidate))) return candidate;
  }
  return undefined;
}

const tenNet: Cidr = { base: 10 * 2 ** 24, prefix: 8 };
const privateRanges: readonly Cidr[] = [
  tenNet,
  { base: (172 * 256 + 16) * 2 ** 16, prefix: 12 },
  { base: (192 * 256 + 168) * 2 ** 16, prefix: 16 },
];
