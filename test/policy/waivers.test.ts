import type { PolicyResource } from "@pulumi/policy";
import { describe, expect, it } from "vitest";
import type { Finding } from "../../policies/finding.ts";
import { Session, waiversPolicy } from "../../policies/pack.ts";
import { reportOf, standing } from "../../policies/report/report.ts";
import { renderSarif } from "../../policies/report/sarif.ts";
import { renderText } from "../../policies/report/text.ts";
import { reportedRules, rules } from "../../policies/rules/all.ts";
import { readWaivers } from "../../policies/waivers.ts";
import { argsFor, type Given, linked } from "./harness.ts";
import { goodWaiver } from "./waiver.ts";

const now = new Date("2026-11-20T12:00:00Z");
const group: Given = { type: "aws:cloudwatch/logGroup:LogGroup", name: "flows", props: { retentionInDays: 30 } };
const { urn } = argsFor(group);
const good = { ...goodWaiver, urn };

/** What a run of the pack says of the log group, with one waiver. */
async function run(change: object) {
  const text = Object.entries({ ...good, ...change }).map(([key, value]) => `${key}: "${value}"`);
  const waivers = readWaivers([{ file: "policies/waivers/x.yaml", text: text.join("\n") }], rules, now);
  const findings: Finding[] = [];
  const session = new Session({ waivers, record: (finding) => findings.push(finding) });
  const rule = rules.find(({ id }) => id === "L06");
  if (rule === undefined) throw new Error("no rule L06");
  const refused: string[] = [];
  const { validateResource } = session.resourcePolicy(rule);
  if (typeof validateResource !== "function") throw new Error("L06 has no single validation");
  await validateResource(argsFor(group), (message) => refused.push(message));

  const advice: string[] = [];
  const resources: PolicyResource[] = [...linked([group])];
  for (const policy of session.waived()) {
    if (!("validateStack" in policy)) continue;
    const into = policy.name === waiversPolicy ? refused : advice;
    await policy.validateStack({ ...argsFor(group), resources }, (message) => into.push(message));
  }
  return { refused, advice, findings, report: reportOf(findings, reportedRules) };
}

describe("a waiver, through the pack", () => {
  it("lets its finding pass, and shows it everywhere all the same", async () => {
    const { refused, advice, findings, report } = await run({});
    expect(refused).toEqual([]);
    expect(advice).toEqual([expect.stringContaining("L06 waived until 2026-12-01 by another")]);
    expect(findings).toEqual([expect.objectContaining({ rule: "L06", waiver: expect.objectContaining(good) })]);
    expect(standing(report)).toEqual([]);
    expect(renderText(report)).toContain("waived    until 2026-12-01 by another");
    expect(JSON.parse(renderSarif(report)).runs[0].results[0].suppressions).toHaveLength(1);
  });

  it("that is expired waives nothing, and is refused itself", async () => {
    const { refused, advice, report } = await run({ created: "2026-10-01", expires: "2026-11-19" });
    expect(advice).toEqual([]);
    expect(refused).toEqual([
      expect.stringMatching(/retentionInDays/),
      expect.stringContaining("policies/waivers/x.yaml expired on 2026-11-19"),
    ]);
    expect(standing(report).map(({ rule }) => rule)).toEqual(["Q20", "L06"]);
  });

  it("that waives nothing is refused, where its stack is judged", async () => {
    const unused = await run({ urn: `${urn}-of-before` });
    expect(unused.refused).toEqual([
      expect.stringMatching(/retentionInDays/),
      expect.stringContaining("policies/waivers/x.yaml waives nothing"),
    ]);
    expect(standing(unused.report).map(({ rule }) => rule)).toEqual(["Q20", "L06"]);

    const elsewhere = await run({ urn: urn.replace(/^urn:pulumi:[^:]+/, "urn:pulumi:another") });
    expect(elsewhere.refused).toEqual([expect.stringMatching(/retentionInDays/)]);
  });

  it("of a rule that takes none is refused", async () => {
    const { refused } = await run({ rule: "N02" });
    expect(refused).toContainEqual(expect.stringContaining("N02, which cannot be waived"));
  });
});

describe("a configuration that is none", () => {
  it("is refused and stands in reports", async () => {
    const findings: Finding[] = [];
    const session = new Session({ waivers: { valid: [], problems: [] }, record: (one) => findings.push(one) });
    const [policy] = session.configuration();
    if (policy === undefined || !("validateResource" in policy) || typeof policy.validateResource !== "function")
      throw new Error("no policy reads the configuration");
    const refused: string[] = [];
    // The engine hands out what stands in the file; its type is the caller's to say.
    const args = { ...argsFor(group), getConfig: <T extends object>(): T => JSON.parse('{"profil": "standard"}') };
    await policy.validateResource(args, (message) => refused.push(message));
    expect(refused).toEqual([expect.stringContaining('"profil" is no key')]);
    expect(findings).toEqual([expect.objectContaining({ rule: "Q21" })]);
  });
});
