import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  allV4,
  allV6,
  everywhere,
  formatAddresses,
  globallyRoutable,
  isInternet,
  outside,
  parseRange,
  privateUse,
  ranges,
} from "../../../core/guard/addresses.ts";
import { count, covers, empty, intersect, meets, subtract, union } from "../../../core/guard/intervals.ts";

describe("a range", () => {
  it.each([
    ["0.0.0.0/0", allV4],
    ["0/0", allV4],
    ["0.0.0.0/00", allV4],
    ["255.1.2.3/0", allV4],
    ["::/0", allV6],
    ["0::/0", allV6],
    ["::0/0", allV6],
    ["0:0:0:0:0:0:0:0/0", allV6],
    ["ffff::/0", allV6],
    ["::ffff:0:0/96", allV4],
    ["::ffff:0.0.0.0/96", allV4],
    ["0.0.0.0-255.255.255.255", allV4],
    ["::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", allV6],
    ["1.2.3.4/8", ranges("1.0.0.0/8")],
    ["1.2.3.4", ranges("1.2.3.4/32")],
    ["::ffff:1.2.3.4", ranges("1.2.3.4/32")],
    ["::FFFF:102:304/120", ranges("1.2.3.0/24")],
    ["2001:DB8::1", ranges("2001:db8::1/128")],
    ["1.2.3.4-1.2.3.7", ranges("1.2.3.4/30")],
    ["1.2.3.4-1.2.3.4", ranges("1.2.3.4/32")],
    ["::ffff:1.2.3.4-1.2.3.7", ranges("1.2.3.4/30")],
  ])("may be written %s", (text, meant) => {
    expect(parseRange(text)).toEqual(meant);
  });

  it.each([
    "",
    "/",
    "/0",
    "0",
    "0/1",
    "1/0",
    "1.2.3",
    "1.2.3/24",
    "1.2.3.4.5",
    "1.2.3.256",
    "010.0.0.1",
    "0x7f.0.0.1",
    "0x0/0",
    "2130706433",
    "0.0.0.0/33",
    "0.0.0.0/-1",
    "0.0.0.0/",
    "0.0.0.0/0/0",
    "0.0.0.0/0.0.0.0",
    "::/129",
    "::/1000",
    ":::/0",
    "fe80::1%eth0",
    " 0.0.0.0/0",
    "0.0.0.0/0 ",
    "0.0.0.0 /0",
    "*",
    "any",
    "Internet",
    "1.2.3.7-1.2.3.4",
    "1.2.3.4-",
    "-1.2.3.4",
    "1.2.3.4-1.2.3.5-1.2.3.6",
    "1.2.3.0/24-1.2.4.0/24",
    "1.2.3.0-1.2.4.0/24",
    "1.2.3.0/24-1.2.4.0",
    "::1-1.2.3.4",
    "x-1.2.3.4",
    "1.2.3.4-x",
    "g::/0",
    "٠.0.0.0/0",
  ])("may not be written %o", (text) => {
    expect(parseRange(text)).toBeUndefined();
  });

  it("keeps the families apart, but for addresses of one that are written as the other", () => {
    expect(meets(allV4, allV6)).toBe(false);
    expect(everywhere).toEqual(union(allV6, allV4));
    expect(count(allV4)).toBe(2n ** 32n);
    expect(count(allV6)).toBe(2n ** 128n);
    // One bit shorter than the mapped block, it is a range of IPv6.
    expect(covers(allV6, ranges("::ffff:0:0/95"))).toBe(true);
    expect(covers(allV6, ranges("::fffe:0:0/96"))).toBe(true);
    expect(ranges("::fffe:0:0/96")[0]?.first).toBe(0xfffen << 32n);
  });

  it("that stands in this repository has to be one", () => {
    expect(() => ranges("1.2.3.4/24", "nonsense")).toThrow('"nonsense" is no address range');
  });
});

describe("the internet", () => {
  it.each([
    ["both halves", ["0.0.0.0/1", "128.0.0.0/1"]],
    ["four quarters", ["0.0.0.0/2", "64.0.0.0/2", "128.0.0.0/2", "192.0.0.0/2"]],
    ["all but what is private", ["1.0.0.0-9.255.255.255", "11.0.0.0-172.15.255.255", "172.32.0.0-223.255.255.255"]],
    ["IPv6 alone", ["::/0"]],
    ["all of IPv6 that is given out", ["2000::/3"]],
    [
      "all that is routed of it",
      [
        "2001:200::-2001:db7:ffff:ffff:ffff:ffff:ffff:ffff",
        "2001:db9::-3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        "2000::/16",
      ],
    ],
    ["mapped addresses", ["::ffff:0:0/97", "::ffff:128.0.0.0/97"]],
  ])("is %s", (_, texts) => {
    const set = ranges(...texts);
    expect(isInternet(set)).toBe(true);
    expect(formatAddresses(set)).toBe("the internet");
  });

  it.each([[["0.0.0.0/1"]], [["0.0.0.0/1", "128.0.0.0/2"]], [["10.0.0.0/8"]], [["2000::/4"]], [[]]])(
    "is not %o",
    (texts) => {
      expect(isInternet(ranges(...texts))).toBe(false);
    },
  );
});

describe("addresses", () => {
  it("are private, or lie outside", () => {
    for (const text of [
      "10.1.2.3",
      "172.31.255.255",
      "192.168.0.0/16",
      "127.0.0.1",
      "169.254.169.254",
      "fd00::1",
      "fe80::1",
      "::1",
    ]) {
      expect(outside(ranges(text)), text).toEqual(empty);
      expect(meets(globallyRoutable, ranges(text)), text).toBe(false);
    }
    for (const text of [
      "9.255.255.255",
      "11.0.0.0",
      "172.15.255.255",
      "172.32.0.0",
      "192.167.255.255",
      "192.169.0.0",
      "100.64.0.1",
      "203.0.113.7",
      "2001:db8::1",
      "::2",
      "fec0::1",
      "64:ff9b::1",
    ]) {
      expect(outside(ranges(text)), text).toEqual(ranges(text));
    }
  });

  it("that are declared are not outside", () => {
    expect(outside(ranges("203.0.113.0/24"), ranges("203.0.113.0/25"))).toEqual(ranges("203.0.113.128/25"));
    expect(outside(privateUse)).toEqual(empty);
  });

  it("are routed by the internet", () => {
    for (const text of [
      "1.1.1.1",
      "8.8.8.8/32",
      "100.63.255.255",
      "100.128.0.0",
      "192.0.1.0",
      "223.255.255.255",
      "2606:4700::1111",
    ]) {
      expect(covers(globallyRoutable, ranges(text)), text).toBe(true);
    }
    for (const text of [
      "0.1.2.3",
      "100.64.0.0",
      "192.0.0.8",
      "192.0.2.1",
      "198.19.255.255",
      "198.51.100.1",
      "203.0.113.1",
      "224.0.0.1",
      "255.255.255.255",
      "2001:db8::1",
      "2001::1",
      "3fff::1",
      "4000::1",
      "::1",
    ]) {
      expect(meets(globallyRoutable, ranges(text)), text).toBe(false);
    }
  });

  it("are written for people", () => {
    expect(formatAddresses(ranges("203.0.113.7"))).toBe("203.0.113.7");
    expect(formatAddresses(ranges("0.0.0.0"))).toBe("0.0.0.0");
    expect(formatAddresses(ranges("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"))).toMatch(/^ffff(:ffff){7}$/);
    expect(formatAddresses(ranges("203.0.113.0/24"))).toBe("203.0.113.0-203.0.113.255");
    expect(formatAddresses(ranges("2001:db8::/32"))).toBe("2001:db8::-2001:db8:ffff:ffff:ffff:ffff:ffff:ffff");
    expect(formatAddresses(ranges("1.0.0.1", "1.0.0.3", "1.0.0.5"))).toBe("1.0.0.1, 1.0.0.3, 1.0.0.5");
    expect(formatAddresses(ranges("1.0.0.1", "1.0.0.3", "1.0.0.5", "1.0.0.7", "1.0.0.9"))).toBe(
      "1.0.0.1, 1.0.0.3, 1.0.0.5, 2 more",
    );
  });
});

/** How many random sets the arithmetic is held against; the mutation run, which holds each mutant against them, takes fewer. */
const runs = Number(process.env.LOGOS_RANDOM_SETS ?? 100_000);

/** Ranges of both families, each within 256 addresses of one place, so that they meet often. */
const cidr = fc.oneof(
  fc.record({
    family: fc.constant(4 as const),
    low: fc.integer({ min: 0, max: 255 }),
    bits: fc.integer({ min: 0, max: 8 }),
  }),
  fc.record({
    family: fc.constant(6 as const),
    low: fc.integer({ min: 0, max: 255 }),
    bits: fc.integer({ min: 0, max: 8 }),
  }),
);
type Drawn = { readonly family: 4 | 6; readonly low: number; readonly bits: number };

function write({ family, low, bits }: Drawn): string {
  return family === 4 ? `198.51.100.${low}/${32 - bits}` : `2001:db8::${low.toString(16)}/${128 - bits}`;
}

/** The naive way: every address by itself, IPv4 ones from 256. */
function every(drawn: readonly Drawn[]): Uint8Array {
  const present = new Uint8Array(512);
  for (const { family, low, bits } of drawn) {
    const size = 2 ** bits;
    const first = low - (low % size) + (family === 4 ? 256 : 0);
    present.fill(1, first, first + size);
  }
  return present;
}

describe("arithmetic over address sets", () => {
  it(`is that of ${runs} random sets of both families, address by address`, () => {
    const universe = { v4: ranges("198.51.100.0/24")[0], v6: ranges("2001:db8::/120")[0] };
    const naive = (present: Uint8Array) => {
      let text = "";
      let number = 0;
      for (const [index, one] of present.entries()) {
        const before = index % 256 === 0 ? 0 : (present[index - 1] ?? 0);
        const after = index % 256 === 255 ? 0 : (present[index + 1] ?? 0);
        number += one;
        if (one === 1 && before === 0) text += `${index}-`;
        if (one === 1 && after === 0) text += `${index};`;
      }
      return { text, number };
    };
    const ours = (set: ReturnType<typeof ranges>) => ({
      text: set
        .map(({ first, last }) => {
          const [base, shift] = first >= (universe.v4?.first ?? 0n) ? [universe.v4, 256n] : [universe.v6, 0n];
          const start = base?.first ?? 0n;
          return `${first - start + shift}-${last - start + shift};`;
        })
        .join(""),
      number: Number(count(set)),
    });
    const drawnSet = fc.array(cidr, { maxLength: 4 });
    let seen = 0;
    for (const [a, b] of fc.sample(fc.tuple(drawnSet, drawnSet), { numRuns: runs / 2, seed: 20_261_125 })) {
      const [setA, setB] = [ranges(...a.map(write)), ranges(...b.map(write))];
      const [allA, allB] = [every(a), every(b)];
      const check = (what: string, set: ReturnType<typeof ranges>, present: Uint8Array) => {
        const [left, right] = [ours(set), naive(present)];
        if (left.text !== right.text || left.number !== right.number) {
          expect.fail(`${what} of ${JSON.stringify([a, b])}: ${left.text} is not ${right.text}`);
        }
      };
      check("the set", setA, allA);
      // The other operations cost more than the sets; one of them for each pair.
      const by = seen % 3;
      if (by === 0)
        check(
          "union",
          union(setA, setB),
          allA.map((one, index) => one | (allB[index] ?? 0)),
        );
      if (by === 1)
        check(
          "intersection",
          intersect(setA, setB),
          allA.map((one, index) => one & (allB[index] ?? 0)),
        );
      if (by === 2)
        check(
          "difference",
          subtract(setA, setB),
          allA.map((one, index) => one & (1 - (allB[index] ?? 0))),
        );
      seen += 2;
    }
    expect(seen).toBe(runs);
  });
});
