import { describe, expect, it } from "vitest";
import { type CostTable, costsOf, numberAt, perNode, priceOf, textAt } from "../../../core/costs/cost.ts";

const pool = { type: "logos:substrate:NodePool", name: "pool", inputs: { min: 3, max: 6, standby: 1 } };
const disk = { type: "cloud:Disk", name: "disk", inputs: { size: "50", of: [{ kind: "fast" }] } };
const rule = { type: "cloud:Rule", name: "rule", inputs: {} };
const table: CostTable = {
  asOf: "2026-11-25",
  region: "nowhere",
  priced: {
    "cloud:Disk": (item) => ({ usd: numberAt(item, "size") * 0.5, basis: textAt(item, "of.0.kind") }),
    "cloud:Group": (_item, all) => perNode(all, 100, 10, "nodes"),
  },
  free: ["cloud:Rule"],
};

describe("costsOf", () => {
  it("sums what is priced, with the pool at its least and at its most", () => {
    const costs = costsOf([pool, disk, rule, { type: "cloud:Group", name: "group", inputs: {} }], table);
    expect(costs.lines.map(({ cost }) => cost?.usd)).toEqual([undefined, 25, undefined, 310]);
    expect(costs.lines.map(({ cost }) => cost?.basis)).toEqual([
      undefined,
      "fast",
      undefined,
      "nodes, 3 to 6 of them and 1 on standby",
    ]);
    expect([costs.usd, costs.mostUsd]).toEqual([335, 635]);
  });

  it("names every type that the table does not know", () => {
    const items = ["cloud:Lake", "cloud:Rule", "cloud:Moon", "cloud:Lake"].map((type) => ({
      type,
      name: "x",
      inputs: {},
    }));
    expect(() => costsOf(items, table)).toThrow("The table of costs says nothing of cloud:Lake, cloud:Moon");
  });

  it("refuses a pool's cost without a pool", () => {
    expect(() => costsOf([{ type: "cloud:Group", name: "group", inputs: {} }], table)).toThrow(
      "no logos:substrate:NodePool",
    );
  });
});

describe("an input by its path", () => {
  it.each(["", "of", "of.1.kind", "size.0", "constructor"])("is refused where there is no text: %s", (path) => {
    expect(() => textAt(disk, path)).toThrow(`cloud:Disk "disk" has no text at ${path}`);
  });
  it.each(["of", "none", "of.0.kind"])("is refused where there is no number: %s", (path) => {
    expect(() => numberAt(disk, path)).toThrow(`cloud:Disk "disk" has no number at ${path}`);
  });
});

it("a kind without a price is refused by its name", () => {
  expect(() => priceOf({ small: 1 }, "huge", "machines")).toThrow('The table of machines has no "huge"; it has small');
});
