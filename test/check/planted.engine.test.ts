import { describe, expect, it } from "vitest";
import { targets } from "../../core/config/targets.ts";
import { checkWith, missed } from "./planted/find.ts";
import { nameOf } from "./planted/plant.ts";
import { plants } from "./planted/plants.ts";

describe("planted violations", () => {
  it("are at least 40, over every stack, each named once", () => {
    expect(plants.length).toBeGreaterThanOrEqual(40);
    expect(new Set(plants.map(nameOf)).size).toBe(plants.length);
    expect(new Set(plants.map(({ stack }) => stack))).toEqual(new Set(targets));
  });

  // The others take minutes: `npm run claims -- planted-violations`.
  it.each(targets)("stop `up` on %s before anything is made: the first of them", async (target) => {
    const plant = plants.find(({ stack }) => stack === target);
    expect(plant === undefined ? "none" : await missed(plant)).toBeUndefined();
  });

  it("that hit nothing are missed", async () => {
    const [first] = plants;
    if (first === undefined) throw new Error("no plants");
    expect(await missed({ ...first, rule: "Z99" })).toMatch(/^only found: N02 /);
  });

  // Why the launcher starts no update without its preview: the engine has each resource judged when it is its turn.
  it("stop an update without its preview too late", async () => {
    const door = plants.find(({ stack, rule }) => stack === "aws" && rule === "N01");
    if (door === undefined) throw new Error("no such plant");
    const { made, findings, failure } = await checkWith(door, { command: ["up", "--yes", "--skip-preview"] });
    expect(failure).toBeDefined();
    expect(findings.map(({ rule }) => rule)).toContain("N01");
    expect(made.length).toBeGreaterThan(20);
  });
});
