import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { BadConfiguration, readConfiguration, strictest } from "../../policies/configuration.ts";
import { renderCoverage, renderGuide } from "../../policies/guide.ts";
import { reportedRules, rules } from "../../policies/rules/all.ts";
import { readWaivers, waiverFor } from "../../policies/waivers.ts";
import { goodWaiver } from "./waiver.ts";

const root = join(import.meta.dirname, "../..");

describe("what is made from the rules", () => {
  it.each([
    ["docs/guardrails.md", () => renderGuide(reportedRules)],
    ["policies/coverage.json", () => renderCoverage(rules)],
  ])("%s is current (node policies/write-guide.ts)", (file, render) => {
    expect(readFileSync(join(root, file), "utf8")).toBe(render());
  });
});

describe("the pack's configuration", () => {
  it("is strictest when nothing is given", () => {
    expect(readConfiguration({})).toEqual(strictest);
    expect(readConfiguration(undefined)).toEqual(strictest);
  });

  it.each([
    [{ profil: "standard" }, '"profil" is no key'],
    [{ profile: "lenient" }, '"profile" is none of'],
    [{ operatorRanges: ["nonsense"] }, '"nonsense", which is no address range'],
    [{ operatorRanges: "0.0.0.0/0" }, '"operatorRanges" is no list'],
    [{ bastion: { adresses: [] } }, '"bastion.adresses" is no key'],
    [{ audit: { retentionDays: 30 } }, '"audit.retentionDays" is no whole number of at least 365'],
    [{ images: [""] }, '"images" is no list of names'],
    [[], '"the whole" is no object'],
  ])("refuses %o", (given, message) => {
    expect(() => readConfiguration(given)).toThrow(BadConfiguration);
    expect(() => readConfiguration(given)).toThrow(message);
  });
});

describe("waivers", () => {
  const urn = "urn:pulumi:aws::logos::aws:cloudwatch/logGroup:LogGroup::flows";
  const good = { ...goodWaiver, urn };
  const read = (change: object, now = "2026-11-20T12:00:00Z") => {
    const text = Object.entries({ ...good, ...change }).flatMap(([key, value]) =>
      value === "" ? [] : `${key}: "${value}"`,
    );
    return readWaivers([{ file: "x.yaml", text: text.join("\n") }], rules, new Date(now));
  };

  it("hold for their rule and resource, to the end of their last day", () => {
    const { valid, problems } = read({});
    expect(problems).toEqual([]);
    expect(waiverFor(valid, "L06", urn)).toMatchObject(good);
    expect(waiverFor(valid, "L05", urn)).toBeUndefined();
    expect(waiverFor(valid, "L06", `${urn}-2`)).toBeUndefined();
    expect(read({}, "2026-12-01T23:59:00Z").valid).toHaveLength(1);
  });

  it.each([
    [{ expires: "2026-11-10" }, "expired on 2026-11-10"],
    [{ expires: "2027-03-01" }, "at most 90 are allowed"],
    [{ created: "2026-11-25" }, "from the future"],
    [{ created: "2026-02-30" }, "a day that is none"],
    [{ urn: `${urn.slice(0, -1)}*` }, "not for one resource"],
    [{ urn: "flows" }, "not for one resource"],
    [{ approver: "Someone" }, "approved by whoever asked"],
    [{ reason: "because" }, "less than 20 characters"],
    [{ rule: "N02" }, "cannot be waived"],
    [{ rule: "Z99" }, "is no rule"],
    [{ approver: "" }, 'lacks "approver"'],
    [{ until: "x" }, 'unknown key "until"'],
  ])("waive nothing when %o", (change, message) => {
    const { valid, problems } = read(change);
    expect(valid).toEqual([]);
    expect(problems.join()).toContain(message);
  });

  it("that are no YAML waive nothing", () => {
    const { valid, problems } = readWaivers([{ file: "x.yaml", text: "a: [" }], rules, new Date());
    expect(valid).toEqual([]);
    expect(problems).toEqual([expect.stringContaining("is no YAML")]);
  });
});
