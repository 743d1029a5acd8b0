import { describe, expect, it } from "vitest";
import { poolBounds } from "../../policies/rules/sizing/pool-bounds.ts";
import { unknown, violations } from "./harness.ts";

const component = "logos:substrate:NodePool";
const resource = "lab:index:NodePool";

describe("pool-bounds", () => {
  it.each([
    { min: 3, max: 6, pilot: false },
    { min: 6, max: 6, pilot: false },
    { min: 1, max: 3, pilot: true },
    { min: 1, max: 1, pilot: true },
  ])("lets $min to $max through (pilot: $pilot)", async (props) => {
    expect(await violations(poolBounds, { type: component, props })).toEqual([]);
  });

  it.each([
    { min: 3, max: 7, pilot: false },
    { min: 2, max: 6, pilot: false },
    { min: 0, max: 6, pilot: true },
    { min: 5, max: 4, pilot: false },
    { min: 3.5, max: 6, pilot: false },
    { min: Number.NaN, max: 6, pilot: false },
    { min: 1, max: 7, pilot: true },
  ])("refuses $min to $max (pilot: $pilot)", async (props) => {
    const found = await violations(poolBounds, { type: component, props });
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(`would keep ${props.min} to ${props.max} nodes`);
    expect(found[0]).toContain("Set logos:pool.min and logos:pool.max");
  });

  it.each([
    [{ max: 6, pilot: false }, "has no bounds"],
    [{ min: "3", max: 6, pilot: false }, "has no bounds"],
    [{ min: 3, max: 6 }, "does not say whether it is a pilot"],
    [{ min: 3, max: 6, pilot: "false" }, "does not say whether it is a pilot"],
  ])("refuses what is left out or of another type: %o", async (props, message) => {
    expect((await violations(poolBounds, { type: component, props })).join()).toContain(message);
  });

  it.each(["min", "max", "pilot"])("does not let an unknown %s through", async (key) => {
    const props = { min: 3, max: 6, pilot: false, [key]: unknown };
    expect(await violations(poolBounds, { type: component, props })).toEqual([
      expect.stringContaining(`cannot be decided until "${key}" is known`),
    ]);
  });

  it("holds the lab's own resource to the same bounds", async () => {
    const within = ["logos:substrate:Substrate", component];
    const check = (props: object) => violations(poolBounds, { type: resource, within, props });
    expect(await check({ min: 3, max: 6 })).toEqual([]);
    expect(await check({ min: 3, max: 7 })).toEqual([expect.stringContaining("would keep 3 to 7")]);
    expect(await check({ min: 0, max: 3 })).toEqual([expect.stringContaining("would keep 0 to 3")]);
    expect(await check({ min: 3, max: unknown })).toEqual([expect.stringContaining("cannot be decided")]);
  });

  it("refuses a pool beside the component", async () => {
    expect(await violations(poolBounds, { type: resource, props: { min: 3, max: 6 } })).toEqual([
      expect.stringContaining("stands outside a logos:substrate:NodePool"),
    ]);
  });

  it("has nothing to say of other resources", async () => {
    expect(await violations(poolBounds, { type: "lab:index:Machine", props: { min: 0, max: 99 } })).toEqual([]);
  });
});
