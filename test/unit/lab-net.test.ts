import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  contains,
  formatAddress,
  formatCidr,
  freeRange,
  isPrivate,
  nth,
  overlaps,
  parseAddress,
  parseCidr,
  size,
} from "../../core/net.ts";

const cidrs = fc
  .record({ address: fc.nat(2 ** 31 - 1), high: fc.boolean(), prefix: fc.integer({ min: 0, max: 32 }) })
  .map(({ address, high, prefix }) => {
    const whole = address + (high ? 2 ** 31 : 0);
    return { base: whole - (whole % 2 ** (32 - prefix)), prefix };
  });

function cidr(text: string) {
  const parsed = parseCidr(text);
  if (parsed === undefined) throw new Error(text);
  return parsed;
}

describe("addresses and ranges", () => {
  test("text and numbers are each other's inverse", () => {
    fc.assert(
      fc.property(cidrs, (range) => {
        expect(parseCidr(formatCidr(range))).toEqual(range);
      }),
    );
    expect(parseAddress("255.255.255.255")).toBe(2 ** 32 - 1);
    expect(formatAddress(2 ** 32 - 1)).toBe("255.255.255.255");
  });

  test.each(["10.0.0", "10.0.0.256", "10.0.0.01", "10.0.0.0.0", "a.b.c.d", "", " 10.0.0.1"])(
    "%j is no address",
    (text) => expect(parseAddress(text)).toBeUndefined(),
  );

  test.each(["10.0.0.1/24", "10.0.0.0/33", "10.0.0.0", "10.0.0.0/", "10.0.0.0/8/8", "10.0.0.0/-1"])(
    "%j is no range",
    (text) => expect(parseCidr(text)).toBeUndefined(),
  );

  test("two ranges overlap exactly when one holds the other's first address", () => {
    fc.assert(
      fc.property(cidrs, cidrs, (a, b) => {
        expect(overlaps(a, b)).toBe(contains(a, b.base) || contains(b, a.base));
        expect(overlaps(a, b)).toBe(overlaps(b, a));
      }),
    );
  });

  test("counts from the first address and never leaves the range", () => {
    expect(formatAddress(nth(cidr("10.83.0.0/24"), 255))).toBe("10.83.0.255");
    expect(() => nth(cidr("10.83.0.0/24"), 256)).toThrow(RangeError);
    expect(size(cidr("0.0.0.0/0"))).toBe(2 ** 32);
  });

  test("knows the private ranges by their borders", () => {
    const answers = ["10.255.255.0/24", "172.31.255.0/24", "192.168.0.0/16"].map((text) => isPrivate(cidr(text)));
    expect(answers).toEqual([true, true, true]);
    const others = ["11.0.0.0/24", "172.32.0.0/24", "172.0.0.0/8", "192.169.0.0/24", "0.0.0.0/0"];
    expect(others.map((text) => isPrivate(cidr(text)))).toEqual(others.map(() => false));
  });

  test("suggests a /24 that overlaps nothing, next to where it was asked for", () => {
    const used = ["10.83.1.0/24", "10.83.2.0/23"].map(cidr);
    expect(freeRange(cidr("10.83.1.0/24"), used)).toEqual(cidr("10.83.4.0/24"));
    expect(freeRange(cidr("10.83.1.0/24"), [cidr("10.0.0.0/8")])).toBeUndefined();
    expect(freeRange(cidr("10.255.255.0/24"), [cidr("10.255.255.0/24")])).toEqual(cidr("10.0.0.0/24"));
  });
});
