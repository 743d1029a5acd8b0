import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { families } from "../../policies/rule.ts";
import { rules } from "../../policies/rules/all.ts";
import { harmlessTypes } from "../../policies/rules/waivers/types-reviewed.ts";
import { violations } from "./harness.ts";

const root = join(import.meta.dirname, "../..");

/** The one guardrail of the list that is no rule over resources, but what the pack does with waivers. */
const inThePack = ["Q20"];

describe("the rules", () => {
  it("have ids and names of their own", () => {
    expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
    expect(new Set(rules.map(({ name }) => name)).size).toBe(rules.length);
  });

  it("are all that the coverage goal lists", () => {
    const numbered = (letter: string, last: number) =>
      Array.from({ length: last }, (_, index) => `${letter}${String(index + 1).padStart(2, "0")}`);
    const goal = [
      ...numbered("N", 28),
      ...numbered("E", 15),
      ...numbered("T", 4),
      ...numbered("I", 12),
      ...numbered("M", 2),
      ...numbered("B", 3),
      "P01",
      ...numbered("L", 7),
      ...numbered("W", 5),
      ...numbered("S", 2),
      ...numbered("G", 2),
      ...numbered("Q", 20),
    ];
    expect(goal).toHaveLength(81 + 20);
    const ids = new Set([...rules.map(({ id }) => id), ...inThePack]);
    expect(goal.filter((id) => !ids.has(id))).toEqual([]);
  });

  it.each(rules.map((rule) => ({ rule, id: rule.id })))("$id says why it is and how it is mended", ({ rule }) => {
    expect(rule.name).toMatch(/^[a-z][a-z0-9-]+$/);
    expect(families).toContain(rule.family);
    expect(rule.title).toMatch(/\.$/);
    expect(rule.reason).toMatch(/\.$/);
    expect(rule.remediation.length).toBeGreaterThan(8);
    expect([rule.checks, rule.every, rule.stack].some((check) => check !== undefined)).toBe(true);
  });

  it("that cannot be waived are these", () => {
    const fixed = rules.filter(({ waivable }) => waivable === false).map(({ id }) => id);
    expect(fixed).toEqual(["N02", "Q04", "Q04a", "Q07", "Q08", "Q11"]);
  });

  it("name types that the pinned SDKs have", () => {
    const types = new Set([...rules.flatMap(({ checks }) => Object.keys(checks ?? {})), ...harmlessTypes]);
    const clouds = [...types].filter((type) => /^(aws|gcp|azure-native):/.test(type));
    expect(clouds.length).toBeGreaterThan(300);
    expect(clouds.filter((type) => !isInSdk(type))).toEqual([]);
    expect([...harmlessTypes].filter((type) => rules.some(({ checks }) => checks?.[type] !== undefined))).toEqual([]);
  });
});

describe("what an update may leave alone", () => {
  const group = "aws:ec2/securityGroup:SecurityGroup";
  const rule = rules.find(({ id }) => id === "N02");
  const found = async (...ignoreChanges: readonly string[]) =>
    rule === undefined ? [] : violations(rule, { type: group, props: { ingress: [] }, ignoreChanges });

  it("is nothing that a rule reads", async () => {
    expect(await found("tags")).toEqual([]);
    for (const path of ["ingress", "*", "ingress[0].cidrBlocks", '["ingress"]', "egress"]) {
      expect(await found(path), path).toEqual([expect.stringContaining("left out of updates by ignoreChanges")]);
    }
  });

  it("does nothing on a component", async () => {
    const given = {
      type: "logos:substrate:Network",
      props: { cidr: "10.0.0.0/24", rules: [] },
      ignoreChanges: ["rules"],
    };
    expect(rule === undefined ? "no rule" : await violations(rule, given)).toEqual([]);
  });
});

/** The SDKs keep each resource in a file of its name, in whatever case, which says the token. */
function isInSdk(type: string): boolean {
  const [owner = "", module = "", name = ""] = type.split(":");
  const folder = join(root, "node_modules/@pulumi", owner, module.split("/")[0] ?? "");
  const file = `${module.split("/")[1] ?? name}.js`.toLowerCase();
  return filesIn(folder).some(
    (one) => one.toLowerCase() === file && readFileSync(join(folder, one), "utf8").includes(`'${type}'`),
  );
}

const listed = new Map<string, readonly string[]>();

function filesIn(folder: string): readonly string[] {
  const known = listed.get(folder);
  if (known !== undefined) return known;
  const files = existsSync(folder) ? readdirSync(folder) : [];
  listed.set(folder, files);
  return files;
}
