import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { repository } from "../support/stack.ts";
import { checkStack, passes } from "./check.ts";
import { checkWith } from "./planted/find.ts";
import { plants } from "./planted/plants.ts";

/** A copy of the guardrails in which one finding is waived, from today for a month. */
const folder = mkdtempSync(join(tmpdir(), "logos-nightly-test-"));
const pack = join(folder, "policies/run");
const plant = plants.find(({ stack, rule }) => stack === "aws" && rule === "L06");
const day = (after: number) => new Date(Date.now() + after * 86_400_000).toISOString().slice(0, 10);

beforeAll(() => {
  cpSync(join(repository, "policies"), join(folder, "policies"), { recursive: true });
  for (const name of ["core", "images", "node_modules"]) symlinkSync(join(repository, name), join(folder, name));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What the nightly workflow sets for its check. */
function nightly(): NodeJS.ProcessEnv {
  const { jobs } = parse(readFileSync(join(repository, ".github/workflows/nightly.yml"), "utf8"));
  const checks = jobs.unwaived.steps.filter(({ run = "" }: { run?: string }) => run.includes("npm run check"));
  expect(checks).toHaveLength(1);
  return checks[0].env;
}

it("passes by day what is waived, shows it, and fails for it at night", async () => {
  if (plant === undefined) throw new Error("no such plant");
  const bare = await checkWith(plant, { pack });
  expect(bare.findings.map(({ rule, path }) => `${rule} ${path}`)).toEqual(["L06 retentionInDays"]);
  expect(passes([bare])).toBe(false);

  const waiver = {
    rule: "L06",
    urn: bare.findings[0]?.urn,
    reason: "Shows that a waiver is borne by day and seen at night.",
    requester: "someone",
    approver: "another",
    created: day(0),
    expires: day(30),
  };
  writeFileSync(join(folder, "policies/waivers/flows.yaml"), stringify(waiver));
  const byDay = await checkWith(plant, { pack });
  expect(byDay.findings).toMatchObject([{ rule: "L06", waiver: { reason: waiver.reason } }]);
  expect(passes([byDay])).toBe(true);

  const atNight = await checkWith(plant, { pack, environment: nightly() });
  expect(atNight.findings).toEqual(bare.findings);
  expect(atNight.failure).toContain("L06-");
  expect(passes([atNight])).toBe(false);
});

it("refuses a waiver for what is not there any more", async () => {
  const mended = await checkStack("aws", { pack });
  expect(mended.findings).toMatchObject([{ rule: "Q20", found: expect.stringContaining("flows.yaml waives nothing") }]);
  expect(passes([mended])).toBe(false);
});
