import { describe, expect, test } from "vitest";
import { removable } from "../../providers/lab/image/retention.ts";
import type { MachineIntent } from "../../providers/lab/machine/record.ts";
import { chooseAddress, credentialsOf, type MachineSpec } from "../../providers/lab/machine/spec.ts";
import { rangesOf } from "../../providers/lab/network/ranges.ts";

const network = { labId: "dev", cidr: "10.83.0.0/24", rules: [] } as const;
const spec: MachineSpec = {
  labId: "dev",
  name: "n-1",
  group: "node",
  imageId: `image:${"b".repeat(64)}`,
  address: undefined,
  cpus: 2,
  memoryMb: 3072,
  diskMb: 16384,
  credentials: {},
  disks: [],
  ownDisks: [],
};
const intent = (name: string, address: string): MachineIntent => ({
  name,
  group: "node",
  imageId: spec.imageId,
  instanceId: "i-1",
  address,
  cpus: 2,
  memoryMb: 3072,
  diskMb: 16384,
  disks: [],
});

describe("addresses", () => {
  test("the first free one of the group's block, and the machine's own counts as free", () => {
    const others = [intent("n-2", "10.83.0.64"), intent("n-1", "10.83.0.65")];
    expect(chooseAddress(spec, network, others)).toBe("10.83.0.65");
    expect(chooseAddress({ ...spec, group: "builder" }, network, others)).toBe("10.83.0.16");
  });

  test("a fixed one that somebody has is refused, and so is a full block", () => {
    const fixed = { ...spec, address: "10.83.0.2" };
    expect(chooseAddress(fixed, network, [])).toBe("10.83.0.2");
    expect(() => chooseAddress(fixed, network, [intent("bastion", "10.83.0.2")])).toThrow(/bastion has it/);
    const full = Array.from({ length: 128 }, (_, index) => intent(`m-${index}`, `10.83.0.${64 + index}`));
    expect(() => chooseAddress(spec, network, full)).toThrow(/no address left/);
    expect(chooseAddress(spec, network, full.slice(0, -1))).toBe("10.83.0.191");
  });
});

describe("credentials", () => {
  test("the given ones, the machine's record and its network", () => {
    const all = credentialsOf({ key: "k" }, intent("n-1", "10.83.0.64"), network);
    expect(Object.keys(all)).toEqual(["key", "logos.machine", "network.network.10-host0"]);
    expect(JSON.parse(all["logos.machine"] ?? "")).toEqual({
      name: "n-1",
      group: "node",
      instanceId: "i-1",
      address: "10.83.0.64",
      cpus: 2,
      memoryMb: 3072,
      diskMb: 16384,
      bastionAddress: "10.83.0.2",
      controlAddress: "10.83.0.3",
      operatorRanges: ["10.83.0.1/32"],
      imageDigest: "b".repeat(64),
    });
    expect(all["network.network.10-host0"]).toContain("\nAddress=10.83.0.64/24\n");
  });
});

describe("ranges in use", () => {
  const addresses = [
    { ifname: "eth0", addr_info: [{ local: "192.0.2.2", prefixlen: 24 }] },
    { ifname: "lg-1", addr_info: [{ local: "10.83.0.1", prefixlen: 24 }] },
  ];
  const routes = [
    { dst: "default", dev: "eth0" },
    { dst: "10.9.0.0/16", dev: "tun0" },
    { dst: "10.7.7.7", dev: "eth0" },
    { dst: "10.83.0.0/24", dev: "lg-1" },
    { type: "blackhole", dst: "10.8.0.0/16" },
  ];

  test("are those of every interface and route except the lab's own bridge and the default route", () => {
    expect(rangesOf(addresses, routes, "lg-1").map(({ by }) => by)).toEqual([
      "the interface eth0",
      "a route by tun0",
      "a route by eth0",
      "a route by no device",
    ]);
    expect(rangesOf(addresses, [], "lg-1")[0]?.range).toEqual({ base: 0xc0000200, prefix: 24 });
  });
});

describe("retention", () => {
  test("keeps what a lab refers to and the newest three others", () => {
    const images = ["f", "e", "d", "c", "b", "a"].map((digest, index) => ({
      digest,
      base: "0",
      createdAt: `2026-01-0${9 - index}`,
      builtBy: "dev",
      signedBy: "ssh-ed25519 AAAA",
    }));
    expect(removable(images, new Set(["f", "a"])).map(({ digest }) => digest)).toEqual(["b"]);
    expect(removable(images.slice(0, 3), new Set())).toEqual([]);
  });
});
