import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { Hidden } from "../../policies/hidden.ts";
import { Session } from "../../policies/pack.ts";
import { recorder } from "../../policies/report/record.ts";
import { formatNames, formats, readRecord } from "../../policies/report/render.ts";
import { reportOf } from "../../policies/report/report.ts";
import { reportedRules, rules } from "../../policies/rules/all.ts";
import { argsFor } from "./harness.ts";

/** Nothing that a form or its randomness would give away. */
const canary = "correct-Horse battery";
/** As the engine sends a secret. */
const secret = (value: unknown) => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  value,
});

/** What the pack records and tells the engine of machines whose type and image are the canary, which rules quote. */
async function judged(folder: string) {
  const hidden = new Hidden();
  hidden.addFrom({ nested: [{ machineType: secret(canary) }] });
  const record = join(folder, "record");
  const session = new Session({
    waivers: { valid: [], problems: [] },
    clean: (text) => hidden.clean(text),
    ...recorder(record),
  });
  const told: string[] = [];
  for (const rule of rules.filter(({ checks }) => checks !== undefined)) {
    const { validateResource } = session.resourcePolicy(rule);
    if (typeof validateResource !== "function") throw new Error(`${rule.id} has no single validation`);
    for (const [type, props] of [
      ["gcp:compute/instance:Instance", { machineType: canary, bootDisk: { initializeParams: { image: canary } } }],
      [
        "gcp:compute/firewall:Firewall",
        { direction: "INGRESS", sourceRanges: [canary], allows: [{ protocol: canary }] },
      ],
      ["aws:ec2/launchTemplate:LaunchTemplate", { instanceType: canary, imageId: canary }],
      ["command:remote:Command", { create: canary, connection: { user: canary, host: canary } }],
    ] as const)
      await validateResource(argsFor({ type, props }), (message) => told.push(message));
  }
  return { record, told, report: reportOf(readRecord(record), reportedRules) };
}

describe("a secret of no form", () => {
  it("is in no report, no record, no message and no comment on a pull request", async () => {
    const folder = mkdtempSync(join(tmpdir(), "logos-hidden-"));
    try {
      const { record, told, report } = await judged(folder);
      expect(report.findings.filter(({ found }) => found.includes("[secret]")).length).toBeGreaterThan(3);
      for (const format of formatNames) writeFileSync(join(folder, format), formats[format](report));
      const comment = await commentOf({ findings: formats.text(report), diff: "+compute Instance one\n" });
      const texts = [readFileSync(record, "utf8"), ...told, comment];
      for (const text of [...texts, ...formatNames.map((format) => readFileSync(join(folder, format), "utf8"))]) {
        expect(text).not.toMatch(/correct-Horse/i);
        expect(text).not.toContain(canary);
      }
      expect(comment).toContain("Q02");
      expect(comment).toContain("+compute Instance one");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("is known again in other spellings, in parts, and cut off", () => {
    const hidden = new Hidden();
    hidden.addFrom({
      a: secret('pass"word-1\nline'),
      b: secret({ inner: ["S3cr3t!!"] }),
      c: secret(`${"long-".repeat(20)}end`),
    });
    expect(hidden.clean('is "pass\\"word-1\\nline"')).toBe('is "[secret]"');
    expect(hidden.clean("runs S3cr3t!! twice")).toBe("runs [secret] twice");
    expect(hidden.clean(`is ${"long-".repeat(7)}…`)).not.toContain("long-long-long-long-long");
  });

  it("is not what stands open beside it: other values, and where a connection leads", () => {
    const hidden = new Hidden();
    hidden.addFrom({
      port: secret("22"),
      open: "operators",
      connection: secret({ host: "10.83.0.3", user: "operator", password: "hunter2" }),
    });
    expect(hidden.clean("operator at 10.83.0.3 by 22 with hunter2")).toBe("operator at 10.83.0.3 by 22 with [secret]");
  });
});

/** What report.yml would write on a pull request whose check left these files. */
async function commentOf(files: { readonly findings: string; readonly diff: string }): Promise<string> {
  const { jobs } = parse(readFileSync(join(import.meta.dirname, "../../.github/workflows/report.yml"), "utf8"));
  const step = jobs.report.steps.find(({ name }: { name?: string }) => name === "Comment");
  const bodies: string[] = [];
  const issues = {
    listComments: {},
    createComment: ({ body }: { body: string }) => bodies.push(body),
  };
  const texts = new Map([
    ["report/findings.txt", files.findings],
    ["report/diff.txt", files.diff],
  ]);
  const disk = {
    existsSync: (path: string) => texts.has(path),
    readFileSync: (path: string) => texts.get(path) ?? "",
  };
  const real = createRequire(import.meta.url);
  const require = (name: string): unknown => (name === "node:fs" ? disk : real(name));
  const script = new Function(
    "github",
    "context",
    "core",
    "require",
    "process",
    `return (async () => {${step.with.script}})()`,
  );
  const github = { rest: { issues }, paginate: async () => [] };
  await script(github, { repo: { owner: "o", repo: "r" } }, {}, require, { env: { PULL: "7" } });
  expect(bodies).toHaveLength(1);
  return bodies.join("");
}
