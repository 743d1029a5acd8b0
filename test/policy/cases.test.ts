import { describe, expect, it } from "vitest";
import { rules } from "../../policies/rules/all.ts";
import { allCases } from "./cases/all.ts";
import { controls } from "./cases/controls.ts";
import { type Failing, type Judged, judge, type Scene } from "./cases/kit.ts";

const undecided = "cannot be decided until";

describe.each(allCases.map((cases) => ({ id: cases.rule.id, cases })))("$id", ({ cases }) => {
  const { rule, config, passes, fails, unknown, later, omitted, twins } = cases;
  const found = (scene: Scene) => judge(rule, scene, config);

  it("lets pass what is right", async () => {
    for (const scene of passes) expect(await found(scene), show(scene)).toEqual([]);
  });

  it("refuses what is wrong, and says how to mend it", async () => {
    for (const one of fails) await expectRefused(one);
  });

  it("does not let pass what it cannot decide", async () => {
    for (const one of unknown) {
      const all = await found(one.scene);
      for (const { message } of all) expect(message, show(one.scene)).toContain(undecided);
      expectPlaces(all, one);
    }
    for (const scene of later) expect(await found(scene), show(scene)).toEqual([]);
  });

  it("knows what the cloud makes of what is left out", async () => {
    for (const [one, verdict] of omitted) {
      if (verdict === "passes") expect(await found(one.scene), show(one.scene)).toEqual([]);
      else await expectRefused(one);
    }
  });

  it("refuses the same through other tokens", async () => {
    if (typeof twins === "string") expect(twins.length).toBeGreaterThan(20);
    else for (const one of twins) await expectRefused(one);
  });

  it("has enough cases", () => {
    expect(passes.length).toBeGreaterThanOrEqual(2);
    expect(fails.length).toBeGreaterThanOrEqual(3);
    expect(unknown.length + later.length).toBeGreaterThanOrEqual(1);
    expect(omitted.length).toBeGreaterThanOrEqual(1);
    if (typeof twins !== "string") expect(twins.length).toBeGreaterThanOrEqual(1);
  });

  async function expectRefused(one: Failing): Promise<void> {
    const definite = (await found(one.scene)).filter((one) => !one.undecided);
    for (const { message } of definite) expect(message, show(one.scene)).toMatch(/\. \S/);
    expectPlaces(definite, one);
  }
});

describe("the cases", () => {
  it("are there for every rule, once", () => {
    expect(allCases.map(({ rule }) => rule.id).toSorted()).toEqual(rules.map(({ id }) => id).toSorted());
  });
});

describe("negative controls", () => {
  it("are at least 60", () => {
    expect(controls.length).toBeGreaterThanOrEqual(60);
    expect(new Set(controls.map(([what]) => what)).size).toBe(controls.length);
  });

  it.each(controls.map(([what, scene, ids, config]) => ({ what, scene, ids, config })))(
    "$what is nothing that the rules of its kind complain of",
    async ({ scene, ids, config }) => {
      for (const id of ids) {
        const rule = rules.find((one) => one.id === id);
        if (rule === undefined) throw new Error(`no rule ${id}`);
        expect(await judge(rule, scene, config ?? { profile: "standard" }), id).toEqual([]);
      }
    },
  );
});

/** Something is found, and, where the case says so, there and nowhere else. */
function expectPlaces(found: readonly Judged[], { scene, places }: Failing): void {
  if (places === undefined) expect(found, show(scene)).not.toEqual([]);
  else expect(found.map(({ place }) => place).toSorted(), show(scene)).toEqual(places.toSorted());
}

function show(scene: Scene): string {
  return JSON.stringify(scene).slice(0, 600);
}
