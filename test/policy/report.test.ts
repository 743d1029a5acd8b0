import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { strictest } from "../../policies/configuration.ts";
import type { Finding } from "../../policies/finding.ts";
import { judgeResource } from "../../policies/judge.ts";
import { readAsked, writeReports } from "../../policies/report/ask.ts";
import { renderJson } from "../../policies/report/json.ts";
import { renderJunit } from "../../policies/report/junit.ts";
import { recorder } from "../../policies/report/record.ts";
import { formatNames, readRecord } from "../../policies/report/render.ts";
import { reportOf } from "../../policies/report/report.ts";
import { renderSarif } from "../../policies/report/sarif.ts";
import { renderText } from "../../policies/report/text.ts";
import { rules } from "../../policies/rules/all.ts";
import { argsFor } from "./harness.ts";

const canary = `${"AKIA"}IOSFODNN7EXAMPLE`;

/** What the rules say of resources that hold a secret wherever one can stand. */
function findingsOfCanaries(): readonly Finding[] {
  const given = [
    {
      type: "aws:ec2/launchTemplate:LaunchTemplate",
      props: { userData: `key ${canary}`, instanceType: canary, imageId: `resolve:ssm:${canary}` },
    },
    {
      type: "command:remote:Command",
      props: { create: `echo ${canary}`, connection: { user: canary, privateKey: canary, password: canary } },
    },
    { type: "aws:ec2/securityGroup:SecurityGroup", props: { ingress: [{ cidrBlocks: [canary] }] } },
    { type: "logos:substrate:NodePool", props: { imageDigest: canary } },
    { type: "pulumi:providers:aws", props: { secretKey: canary } },
  ];
  return given.flatMap((one) => rules.flatMap((rule) => judgeResource(rule, argsFor(one), strictest)));
}

const finding: Finding = {
  rule: "N02",
  name: "no-public-ingress",
  severity: "critical",
  urn: "urn:pulumi:dev::logos::aws:ec2/securityGroup:SecurityGroup::nodes",
  path: "ingress[0]",
  found: 'lets in <the "internet"> & more',
  expected: "private ranges",
  mend: "Name the bastion's security group.",
  upstream: ["CKV_AWS_277"],
  undecided: false,
};
const waiver = {
  file: "policies/waivers/x.yaml",
  rule: "L06",
  urn: finding.urn,
  reason: "Kept for a month until the contract ends",
  requester: "a",
  approver: "b",
  created: "2026-11-01",
  expires: "2026-12-01",
};
const waived: Finding = { ...finding, rule: "L06", name: "logs-kept", severity: "medium", waiver };
const renderers = { renderText, renderJson, renderSarif, renderJunit };

describe.each(Object.entries(renderers))("%s", (_, render) => {
  it("never repeats a secret", () => {
    const findings = findingsOfCanaries();
    expect(findings.length).toBeGreaterThan(10);
    expect(render(reportOf(findings, rules))).not.toContain(canary);
  });

  it("is the same in whatever order findings came, and however often", () => {
    const findings = findingsOfCanaries();
    const expected = render(reportOf(findings, rules));
    expect(render(reportOf(findings.toReversed(), rules))).toBe(expected);
    expect(render(reportOf([...findings, ...findings], rules))).toBe(expected);
  });

  it("names rule, resource, what was found and what was waived", () => {
    const text = render(reportOf([waived, finding], rules));
    for (const part of ["N02", "L06", "nodes", "private ranges", "Kept for a month"].slice(
      0,
      render === renderJunit ? 4 : 5,
    )) {
      expect(text).toContain(part);
    }
  });
});

describe("the text", () => {
  it("has the worst first, and counts", () => {
    const text = renderText(reportOf([waived, finding], rules));
    expect(text.indexOf("N02")).toBeLessThan(text.indexOf("L06"));
    expect(text).toMatch(/1 findings, 1 waived; \d+ rules\.\n$/);
    expect(renderText(reportOf([], rules))).toBe(`0 findings; ${rules.length} rules.\n`);
  });
});

describe("SARIF", () => {
  it("has the rule of each result, a location, and what is suppressed", () => {
    const document = JSON.parse(renderSarif(reportOf([waived, finding], rules)));
    expect(document.version).toBe("2.1.0");
    const [run] = document.runs;
    expect(run.tool.driver.rules).toHaveLength(rules.length);
    for (const result of run.results) {
      expect(run.tool.driver.rules[result.ruleIndex].id).toBe(result.ruleId);
      expect(result.locations[0].physicalLocation.artifactLocation.uri).toBe("index.ts");
      expect(result.partialFingerprints["logos/v1"]).toMatch(/^[0-9a-f]{64}$/);
    }
    expect(run.results.map((result: { suppressions?: unknown[] }) => result.suppressions?.length ?? 0)).toEqual([0, 1]);
    expect(run.results.map((result: { level: string }) => result.level)).toEqual(["error", "warning"]);
  });
});

describe("JUnit", () => {
  it("fails a rule by its findings, skips one whose findings are waived, and escapes", () => {
    const xml = renderJunit(reportOf([waived, finding], rules));
    expect(xml).toContain(`tests="${rules.length}" failures="1"`);
    expect(xml.match(/<failure/g)).toHaveLength(1);
    expect(xml.match(/<skipped/g)).toHaveLength(1);
    expect(xml).toContain("&lt;the &quot;internet&quot;&gt; &amp; more");
  });
});

describe("what a run writes down", () => {
  it("becomes the reports that were asked for, and nothing without a path", () => {
    const folder = mkdtempSync(join(tmpdir(), "logos-report-"));
    try {
      expect(recorder(undefined)).toEqual({});
      const { record } = recorder(join(folder, "record"));
      record?.(finding);
      record?.(waived);
      const report = reportOf(readRecord(join(folder, "record")), rules);
      expect(report.findings).toEqual([finding, waived]);
      writeReports(
        report,
        formatNames.map((format) => ({ format, file: join(folder, format) })),
      );
      for (const name of formatNames) expect(readFileSync(join(folder, name), "utf8")).toContain("N02");
      expect(readRecord(join(folder, "absent"))).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("a call for reports", () => {
  it("names stacks, formats and files", () => {
    expect(readAsked([])).toEqual({ stacks: [], wanted: [{ format: "text" }] });
    expect(readAsked(["aws", "--report", "sarif", "--out", "a", "--report", "text", "lab"])).toEqual({
      stacks: ["aws", "lab"],
      wanted: [{ format: "sarif", file: "a" }, { format: "text" }],
    });
  });

  it.each([
    [["--report", "html"], '"html" is no report'],
    [["--out", "a", "--out", "b"], "more --out than --report"],
    [["--report", "json", "--report", "text"], "cannot share the standard output"],
    [["--fix"], "--fix"],
  ])("is refused as %o", (argv, message) => {
    expect(readAsked(argv)).toContain(message);
  });
});
