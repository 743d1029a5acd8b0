import { execFileSync, spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type CostTable, costsOf } from "../../core/costs/cost.ts";
import { renderInventory } from "../../inventory/table.ts";

const root = join(import.meta.dirname, "../..");
const table: CostTable = {
  asOf: "2026-11-25",
  region: "nowhere",
  priced: { "cloud:disks/disk:Disk": () => ({ usd: 7.5, mostUsd: 1200, basis: "some" }) },
  free: ["cloud:index:Rule"],
};

describe("an inventory", () => {
  it("has every resource on a line, numbers to the right, and the sum", () => {
    const items = [
      { type: "logos:substrate:Substrate", name: "logos", inputs: {} },
      { type: "cloud:index:Rule", name: "b", inputs: {} },
      { type: "cloud:disks/disk:Disk", name: "state", inputs: {} },
      { type: "cloud:index:Rule", name: "a", inputs: {} },
    ];
    expect(renderInventory(costsOf(items, table), table)).toBe(
      [
        "resource          name   USD a month  at most  what was counted",
        "cloud disks Disk  state         7.50  1200.00  some",
        "cloud Rule        a",
        "cloud Rule        b",
        "",
        "3 resources in 1 components.",
        "Together 7.50 USD a month with the pool at its least, 1200.00 at its most.",
        "Estimates of 2026-11-25 for nowhere, on demand, without discounts and taxes.",
        "",
      ].join("\n"),
    );
  });

  it("of the example stack on Google Cloud has everything, by no account and no CLI", () => {
    const printed = execFileSync(process.execPath, ["inventory/run.ts", "gcp"], { cwd: root, encoding: "utf8" });
    for (const resource of ["compute RegionInstanceGroupManager", "storage Bucket", "kms CryptoKey", "billing Budget"])
      expect(printed).toContain(`gcp ${resource} `);
    expect(printed).toMatch(/gcp compute RegionInstanceTemplate +pool-node +[0-9.]+ +[0-9.]+ +c3-highcpu-8/);
    expect(printed).toMatch(/Together [0-9.]+ USD a month.*Estimates of 20\d\d-\d\d-\d\d/s);
  });

  it("of a stack without settings is refused with what there is", () => {
    const run = spawnSync(process.execPath, ["inventory/run.ts", "moon"], { cwd: root, encoding: "utf8" });
    expect(run.status).toBe(2);
    expect(run.stderr).toMatch(/^There is no Pulumi\.moon\.yaml\. npm run inventory -- lab\|.*gcp/);
    expect(run.stderr).not.toContain("    at ");
  });
});
