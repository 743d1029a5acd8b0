import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";

const root = join(import.meta.dirname, "../..");
const folder = join(root, ".github/workflows");

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}
interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
  readonly "timeout-minutes"?: number;
}
interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

const workflows = readdirSync(folder).map((name) => {
  const text = readFileSync(join(folder, name), "utf8");
  const workflow: Workflow = parse(text);
  return { name, text, workflow };
});

const stepsOf = ({ jobs }: Workflow) => Object.values(jobs).flatMap(({ steps }) => steps);

describe("the workflows", () => {
  it("are these", () => {
    expect(workflows.map(({ name }) => name)).toEqual(["check.yml", "drift.yml", "nightly.yml", "report.yml"]);
  });
});

describe.each(workflows)("$name", ({ text, workflow }) => {
  it("takes every action by its commit, and says which version that is", () => {
    const used = stepsOf(workflow).flatMap(({ uses }) => uses ?? []);
    expect(used.length).toBeGreaterThan(0);
    for (const one of used) expect(one).toMatch(/^[\w.-]+(\/[\w.-]+)+@[0-9a-f]{40}$/);
    expect(text.match(/uses: \S+ # v\d+\.\d+\.\d+$/gm)).toHaveLength(used.length);
  });

  it("gives rights to jobs alone, and no right to write to code that it runs", () => {
    expect(workflow.permissions).toEqual({});
    for (const job of Object.values(workflow.jobs)) {
      expect(job.permissions).toBeDefined();
      expect(job["timeout-minutes"]).toBeGreaterThan(0);
      const checksOut = job.steps.some(({ uses }) => uses?.startsWith("actions/checkout@"));
      const writes = Object.entries(job.permissions ?? {}).filter(([, right]) => right !== "read");
      if (checksOut) expect(writes.filter(([what]) => what !== "id-token")).toEqual([]);
    }
  });

  it("leaves no token in the folder that it checks out", () => {
    for (const step of stepsOf(workflow))
      if (step.uses?.startsWith("actions/checkout@")) expect(step.with?.["persist-credentials"]).toBe(false);
  });

  it("puts nothing into the text of a script that others may have written", () => {
    for (const step of stepsOf(workflow)) {
      for (const script of [step.run, step.with?.script]) {
        if (typeof script === "string") expect(script).not.toContain("${{");
      }
    }
  });

  it("runs commands that there are", () => {
    const { scripts }: { scripts: object } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    for (const [, script = ""] of text.matchAll(/npm run (?:--silent )?([\w-]+)/g))
      expect(scripts).toHaveProperty(script);
  });

  it("keeps secrets and identities from what a pull request can change", () => {
    const triggers = Object.keys(workflow.on);
    expect(triggers).not.toContain("pull_request_target");
    if (!triggers.some((one) => ["pull_request", "workflow_run"].includes(one))) return;
    expect(text).not.toMatch(/secrets\.|secrets\[|id-token/);
    if (triggers.includes("workflow_run")) expect(stepsOf(workflow).filter(({ run }) => run !== undefined)).toEqual([]);
  });
});

describe("the scripts in them", () => {
  const commands = workflows.flatMap(({ name, workflow }) =>
    stepsOf(workflow).flatMap(({ run }) => (run === undefined ? [] : [{ name, run }])),
  );
  it.each(commands)("of $name are shell: $run", ({ run }) => {
    expect(spawnSync("bash", ["-n"], { input: run, encoding: "utf8" })).toMatchObject({ status: 0, stderr: "" });
  });

  const scripts = workflows.flatMap(({ name, workflow }) =>
    stepsOf(workflow).flatMap(({ with: given }) =>
      typeof given?.script === "string" ? [{ name, script: given.script }] : [],
    ),
  );
  it.each(scripts)("of $name is JavaScript", ({ script }) => {
    expect(() => new Function(`return async (github, context, core, require) => {\n${script}\n}`)).not.toThrow();
  });
});
