import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { repository } from "../support/stack.ts";
import { Program } from "./cloud/program.ts";
import { must } from "./stack.ts";

/** A program with one door, as the guardrails would have it, and entries without a lock, brought up without asking them. */
const source = `
import * as gcp from "@pulumi/gcp";
const network = new gcp.compute.Network("net", { autoCreateSubnetworks: false });
new gcp.compute.Firewall("door", {
  network: network.id, allows: [{ protocol: "tcp", ports: ["6818"] }], sourceRanges: ["10.0.0.0/24"], targetTags: ["node"],
});
new gcp.storage.Bucket("entries", {
  location: "US", labels: { "logos-audit": "true" }, retentionPolicy: { retentionPeriod: 31536000, isLocked: false },
});`;

const settings = { "gcp:project": "logos-simulated", "gcp:region": "us-central1" };
const program = new Program("audit");
const { stack } = program;
afterAll(() => program.remove());
beforeAll(async () => {
  await program.init(settings);
  must(await program.up(source), "up");
});

function audit(...args: readonly string[]) {
  const run = spawnSync(process.execPath, [join(repository, "policies/audit.ts"), ...args], {
    cwd: stack.project,
    env: stack.environment,
    encoding: "utf8",
  });
  return { code: run.status, stdout: run.stdout, stderr: run.stderr };
}

/** Ids of the rules that have something against a resource, by the report for programs. */
function rulesAgainst(name: string): readonly string[] {
  const { stdout, stderr } = audit(stack.name, "--report", "json");
  if (stdout === "") throw new Error(stderr);
  const { results }: { results: readonly { rule: string; urn: string }[] } = JSON.parse(stdout);
  return results.filter(({ urn }) => urn.endsWith(`::${name}`)).map(({ rule }) => rule);
}

describe("npm run audit-state", () => {
  it("finds in the state what was changed into a violation", async () => {
    expect(rulesAgainst("door")).toEqual([]);
    // What drift.yml asks each night.
    const drifted = () => stack.on(["refresh", "--preview-only", "--expect-no-changes"]).done;
    expect((await drifted()).code).toBe(0);

    const exported = must(await stack.on(["stack", "export"]).done, "export").output;
    const state = JSON.parse(exported);
    const door = state.deployment.resources.find(({ urn }: { urn: string }) => urn.endsWith("::door"));
    door.inputs.sourceRanges = ["0.0.0.0/1", "128.0.0.0/1"];
    const file = join(stack.folder, "changed.json");
    writeFileSync(file, JSON.stringify(state));
    must(await stack.on(["stack", "import", "--file", file]).done, "import");

    expect(rulesAgainst("door")).toEqual(["N13"]);
    expect((await drifted()).code).not.toBe(0);
    const report = join(stack.folder, "report.sarif");
    const run = audit(stack.name, "--report", "sarif", "--out", report);
    expect(run.code).toBe(1);
    expect(run.stderr).toMatch(/\d findings, 0 waived\n$/);
    expect(readFileSync(report, "utf8")).toContain("lets in the internet");
  });

  it("judges by what the stack's settings declare", () => {
    expect(rulesAgainst("entries")).not.toContain("W03");
    stack.configure({ ...settings, "program:data": { lock: "compliance" } });
    expect(rulesAgainst("entries")).toContain("W03");
  });

  it("says when there is no such stack, and refuses a wrong call", () => {
    const none = audit("engine-not-there");
    expect([none.code, none.stdout]).toEqual([1, ""]);
    expect(none.stderr).toMatch(/^The state of engine-not-there could not be judged\.\n.*no stack/);
    expect(audit().code).toBe(2);
    expect(audit("a", "b").code).toBe(2);
    expect(audit("a", "--report", "html").stderr).toContain('"html" is no report');
  });
});
