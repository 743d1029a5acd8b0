import { describe, expect, it } from "vitest";
import { targets } from "../../core/config/targets.ts";
import { missed } from "./planted/find.ts";
import { nameOf } from "./planted/plant.ts";
import { plants } from "./planted/plants.ts";

describe("planted violations", () => {
  it("are at least 40, over every stack, each named once", () => {
    expect(plants.length).toBeGreaterThanOrEqual(40);
    expect(new Set(plants.map(nameOf)).size).toBe(plants.length);
    expect(new Set(plants.map(({ stack }) => stack))).toEqual(new Set(targets));
  });

  // The others take minutes: `npm run claims -- planted-violations`.
  it.each(targets)("stop the preview of %s before anything is made: the first of them", async (target) => {
    const plant = plants.find(({ stack }) => stack === target);
    expect(plant === undefined ? "none" : await missed(plant)).toBeUndefined();
  });

  it("that hit nothing are missed", async () => {
    const [first] = plants;
    if (first === undefined) throw new Error("no plants");
    expect(await missed({ ...first, rule: "Z99" })).toMatch(/^only found: N02 /);
  });
});
