import { describe, expect, it } from "vitest";
import { disksEncrypted } from "../../policies/rules/encryption/disks-encrypted.ts";
import { unknown, violations } from "./harness.ts";

const component = "logos:substrate:NodePool";
const check = (type: string, props: object) => violations(disksEncrypted, { type, props });

describe("disks-encrypted", () => {
  it("lets an encrypted disk and credentials without a disk key through", async () => {
    expect(await check(component, { node: { cacheDiskMb: 8192, cacheDiskEncrypted: true } })).toEqual([]);
    expect(await check("lab:index:NodePool", { node: { cacheDiskMb: 1, credentials: { "slurm.jwks": "x" } } })).toEqual(
      [],
    );
    expect(await check("lab:index:Machine", { credentials: { "logos.ssh-host-key": "x" } })).toEqual([]);
  });

  it.each([
    [component, { node: { cacheDiskMb: 8192, cacheDiskEncrypted: false } }, "is not encrypted"],
    [component, { node: { cacheDiskMb: 8192 } }, "is not encrypted"],
    [component, { node: { cacheDiskMb: 8192, cacheDiskEncrypted: "true" } }, "is not encrypted"],
    [component, { node: { cacheDiskMb: 0, cacheDiskEncrypted: true } }, "has no cache disk"],
    ["lab:index:NodePool", { node: { credentials: {} } }, "has no cache disk"],
    [
      "lab:index:NodePool",
      { node: { cacheDiskMb: 1, credentials: { "logos.disk-key": "x" } } },
      "is handed the disk key",
    ],
    ["lab:index:Machine", { credentials: { "logos.disk-key": "x" } }, "is handed the disk key"],
  ])("refuses on %s: %o", async (type, props, message) => {
    expect(await check(type, props)).toEqual([expect.stringContaining(message)]);
  });

  it("refuses a pool that says nothing of its disks, twice over", async () => {
    expect(await check(component, {})).toHaveLength(2);
  });

  it.each([
    [component, { node: { cacheDiskMb: 8192, cacheDiskEncrypted: unknown } }, "node.cacheDiskEncrypted"],
    [component, { node: { cacheDiskMb: unknown, cacheDiskEncrypted: true } }, "node.cacheDiskMb"],
    [component, { node: unknown }, "node"],
    ["lab:index:Machine", { credentials: unknown }, "credentials"],
  ])("does not let unknown values through on %s: %o", async (type, props, path) => {
    expect(await check(type, props)).toEqual([expect.stringContaining(`cannot be decided until "${path}" is known`)]);
  });

  it("never repeats the value of a credential", async () => {
    const found = await check("lab:index:Machine", { credentials: { "logos.disk-key": "canary-3141" } });
    expect(found.join()).not.toContain("canary-3141");
  });
});
