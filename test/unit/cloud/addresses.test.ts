import { describe, expect, it } from "vitest";
import { planAddresses } from "../../../core/addresses.ts";
import { type Cidr, contains, overlaps, parseAddress, parseCidr, size } from "../../../core/net.ts";

const plan = planAddresses("10.83.0.0/24");
const { whole, bastion, control, nodeZones, ...rest } = plan;

function cidr(text: string): Cidr {
  const range = parseCidr(text);
  if (range === undefined) throw new Error(`${text} is no range`);
  return range;
}

describe("planAddresses", () => {
  it("divides the range into parts that do not overlap", () => {
    const parts = Object.values(rest).map(cidr);
    for (const [index, one] of parts.entries()) {
      expect(contains(cidr(whole), one.base)).toBe(true);
      for (const other of parts.slice(index + 1)) expect(overlaps(one, other)).toBe(false);
    }
    expect(parts.reduce((sum, part) => sum + size(part), 0)).toBe(256);
  });

  it("gives each zone of the pool its own part of the nodes' range", () => {
    for (const zone of nodeZones) expect(contains(cidr(rest.nodes), cidr(zone).base)).toBe(true);
    expect(new Set(nodeZones).size).toBe(3);
  });

  it.each([
    ["bastion", bastion, rest.edge],
    ["control plane", control, rest.setup],
  ])("puts the %s where no cloud keeps the address for itself", (_, address, subnet) => {
    const offset = (parseAddress(address) ?? 0) - cidr(subnet).base;
    expect(offset).toBeGreaterThanOrEqual(4);
    expect(offset).toBeLessThan(size(cidr(subnet)) - 2);
  });

  it("leaves every subnet as large as the cloud that needs it asks for", () => {
    expect(cidr(rest.tunnel).prefix).toBeLessThanOrEqual(26);
    for (const part of [...Object.values(rest), ...nodeZones]) expect(cidr(part).prefix).toBeLessThanOrEqual(28);
  });

  it.each(["10.83.0.0/16", "10.83.0.1/24", "nonsense"])("refuses %s", (text) => {
    expect(() => planAddresses(text)).toThrow(`"${text}" is not an IPv4 range of 256 addresses`);
  });
});
