import { describe, expect, it } from "vitest";
import { rules } from "../../policies/rules/all.ts";
import { allCases } from "./cases/all.ts";
import { controls } from "./cases/controls.ts";
import { all, questions, wrongControl } from "./cases/questions.ts";

describe.each(allCases.map((cases) => ({ id: cases.rule.id, cases })))("$id", ({ cases }) => {
  const { passes, fails, unknown, later, omitted, twins } = cases;

  it.each(questions)("$what", async ({ wrong }) => {
    expect(await all(wrong(cases))).toEqual([]);
  });

  it("has enough cases", () => {
    expect(passes.length).toBeGreaterThanOrEqual(2);
    expect(fails.length).toBeGreaterThanOrEqual(3);
    expect(unknown.length + later.length).toBeGreaterThanOrEqual(1);
    expect(omitted.length).toBeGreaterThanOrEqual(1);
    expect(twins.length).toBeGreaterThanOrEqual(typeof twins === "string" ? 21 : 1);
  });
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

  it.each(controls.map((control) => ({ what: control[0], control })))(
    "$what is nothing that the rules of its kind complain of",
    async ({ control }) => {
      expect(await all(wrongControl(control))).toEqual([]);
    },
  );
});
