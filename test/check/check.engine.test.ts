import { globSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { repository } from "../support/stack.ts";
import { runCheck } from "./command.ts";

const folder = mkdtempSync(join(tmpdir(), "logos-check-test-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** With a temporary folder of its own. */
function check(...args: readonly string[]) {
  const temporary = join(folder, "tmp");
  mkdirSync(temporary, { recursive: true });
  return runCheck(args, { TMPDIR: temporary });
}

const settingsFiles = () => globSync("Pulumi.*.yaml", { cwd: repository }).filter((name) => !name.includes("engine-"));

describe("npm run check", () => {
  it("finds nothing in an example that nobody filled in, reports it, and leaves nothing behind", async () => {
    const before = settingsFiles();
    const [json, junit] = ["report.json", "report.xml"].map((name) => join(folder, name));
    const run = await check(
      "metal",
      "--report",
      "json",
      "--out",
      json ?? "",
      "--report",
      "junit",
      "--out",
      junit ?? "",
    );
    expect(run.stderr).toMatch(
      /^holds {2}metal +[\d.]+ s {2}\d{3} resources, 0 findings; stood in for: .*operatorKey$/m,
    );
    expect(run.code).toBe(0);
    expect(run.stdout).toBe("");
    expect(JSON.parse(readFileSync(json ?? "", "utf8"))).toMatchObject({ version: 1, findings: 0, results: [] });
    expect(readFileSync(junit ?? "", "utf8")).toContain('failures="0"');
    expect(readdirSync(join(folder, "tmp"))).toEqual([]);
    expect(settingsFiles()).toEqual(before);
  });

  it.each([
    [["prod-that-is-not"], "There is no Pulumi.prod-that-is-not.yaml"],
    [["aws", "--report", "html"], '"html" is no report'],
  ])("refuses %o as a wrong call", async (args, message) => {
    const run = await check(...args);
    expect(run.stderr).toContain(message);
    expect(run.code).toBe(2);
  });
});
