import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { changes } from "../support/stack.ts";
import { Program } from "./cloud/program.ts";

const settings = { "gcp:project": "logos-simulated", "gcp:region": "us-central1" };
const program = new Program("configuration", { guarded: true });
const { stack } = program;
afterAll(() => program.remove());
beforeAll(async () => {
  await program.init(settings);
  program.write(`
import * as gcp from "@pulumi/gcp";
new gcp.storage.Bucket("entries", {
  location: "US", labels: { "logos-audit": "true" }, retentionPolicy: { retentionPeriod: 31536000, isLocked: false },
});`);
});

/** Output of a preview that the guardrails are given a file for; it has to fail. */
async function refused(file: unknown): Promise<string> {
  const path = join(stack.folder, "pack.json");
  writeFileSync(path, JSON.stringify(file));
  const run = await stack.preview("--policy-pack-config", path);
  expect(run.code).not.toBe(0);
  return run.output;
}

describe("what the guardrails are told", () => {
  it("comes from the stack's settings", async () => {
    const byDefault = await stack.preview();
    expect(byDefault.output).toMatch(/^ +.*E11-/m);
    expect(byDefault.output).not.toContain("W03-");
    stack.configure({ ...settings, "program:data": { lock: "compliance" } });
    expect((await stack.preview()).output).toContain("W03-retention-locked");
    stack.configure(settings);
  });

  it.each([
    ["a key that there is not", { configuration: { operatorRange: ["203.0.113.7/32"] } }, '"operatorRange" is no key'],
    ["a key that there is not, further in", { configuration: { bastion: { adresses: [] } } }, "adresses"],
    ["a value of another kind", { configuration: { profile: "lenient" } }, "profile"],
    ["a policy that there is not", { configuratoin: { enforcementLevel: "mandatory" } }, '"configuratoin"'],
    ["lower levels for all", { all: "advisory" }, "lowers"],
    [
      "a rule turned off",
      { "N13-firewall-no-public-ingress": { enforcementLevel: "disabled" } },
      "lowers 1 guardrails",
    ],
  ])("is no file with %s", async (_, file, message) => {
    const output = await refused(file);
    expect(output).toContain(message);
    expect(changes({ output, code: 1, seconds: 0 }).created).toBeLessThan(3);
  });
});
