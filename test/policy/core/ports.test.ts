import { describe, expect, it } from "vitest";
import { interval, union } from "../../../core/guard/intervals.ts";
import {
  allPorts,
  allProtocols,
  formatPorts,
  havePorts,
  parsePorts,
  parseProtocol,
  portRange,
  tcp,
  udp,
} from "../../../core/guard/ports.ts";

describe("ports", () => {
  it.each([
    [22, 22, 22],
    ["22", 22, 22],
    [" 22 ", 22, 22],
    ["20-25", 20, 25],
    ["0", 0, 0],
    ["65535", 65_535, 65_535],
    ["1-65535", 1, 65_535],
    ["*", 0, 65_535],
    ["all", 0, 65_535],
    ["ANY", 0, 65_535],
    ["-1", 0, 65_535],
    [-1, 0, 65_535],
    ["0-65535", 0, 65_535],
  ])("may be written %o", (text, first, last) => {
    expect(parsePorts(text)).toEqual(interval(BigInt(first), BigInt(last)));
  });

  it.each([
    "",
    "ssh",
    "22,80",
    "65536",
    "1-65536",
    "25-20",
    "2.5",
    "22-",
    "-22",
    "22--25",
    "1-2-3",
    "123456",
    1.5,
    Number.NaN,
  ])("may not be written %o", (text) => {
    expect(parsePorts(text)).toBeUndefined();
  });

  it("of a rule with two numbers are all when one is -1 or left out", () => {
    expect(portRange(22, 25)).toEqual(interval(22n, 25n));
    expect(portRange(0, 0)).toEqual(interval(0n, 0n));
    for (const [first, last] of [
      [undefined, undefined],
      [22, undefined],
      [undefined, 22],
      [-1, -1],
      [-1, 22],
      [22, -1],
    ] as const) {
      expect(portRange(first, last)).toEqual(allPorts);
    }
    for (const [first, last] of [
      [25, 22],
      [-2, 22],
      [22, 65_536],
      [1.5, 22],
      [22, Number.NaN],
    ] as const) {
      expect(portRange(first, last)).toBeUndefined();
    }
  });

  it("are written for people", () => {
    expect(formatPorts(union(interval(22n, 22n), interval(80n, 90n)))).toBe("22, 80-90");
    expect(formatPorts(allPorts)).toBe("all ports");
    expect(formatPorts([])).toBe("");
    expect(formatPorts(interval(1n, 65_535n))).toBe("all ports");
    expect(formatPorts(interval(2n, 65_535n))).toBe("2-65535");
    expect(formatPorts(interval(0n, 65_534n))).toBe("0-65534");
    expect(formatPorts(union(interval(0n, 0n), interval(65_535n, 65_535n)))).toBe("0, 65535");
  });
});

describe("protocols", () => {
  it.each([
    ["tcp", 6],
    ["TCP", 6],
    ["Tcp", 6],
    [" tcp", 6],
    ["6", 6],
    [6, 6],
    ["udp", 17],
    [17, 17],
    ["icmp", 1],
    ["igmp", 2],
    ["gre", 47],
    ["esp", 50],
    ["ah", 51],
    ["icmpv6", 58],
    ["ipv6-icmp", 58],
    ["ipip", 94],
    ["sctp", 132],
    ["0", 0],
    ["255", 255],
  ])("may be written %o", (text, number) => {
    expect(parseProtocol(text)).toEqual(interval(BigInt(number), BigInt(number)));
  });

  it.each(["-1", -1, "*", "all", "Any"])("all of them are meant by %o", (text) => {
    expect(parseProtocol(text)).toEqual(allProtocols);
  });

  it.each(["6x", "constructor", "", "http", "256", "999", "1000", "-2", "t cp", "toString"])(
    "may not be written %o",
    (text) => {
      expect(parseProtocol(text)).toBeUndefined();
    },
  );

  it("have ports, or leave all open", () => {
    expect(tcp).toEqual(interval(6n, 6n));
    expect(udp).toEqual(interval(17n, 17n));
    for (const number of [6n, 17n, 33n, 132n, 136n]) expect(havePorts(interval(number, number))).toBe(true);
    expect(havePorts(union(tcp, udp))).toBe(true);
    for (const number of [0n, 1n, 50n, 58n]) expect(havePorts(interval(number, number))).toBe(false);
    expect(havePorts(allProtocols)).toBe(false);
    expect(havePorts(interval(6n, 7n))).toBe(false);
    expect(havePorts(union(tcp, interval(1n, 1n)))).toBe(false);
    expect(allProtocols).toEqual(interval(0n, 255n));
    expect(allPorts).toEqual(interval(0n, 65_535n));
  });
});
