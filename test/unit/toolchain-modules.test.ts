import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";

const check = join(import.meta.dirname, "../../toolchain/modules-installed.mjs");
const a = { version: "1.0.0", integrity: "sha512-a" };
const b = { version: "2.0.0", integrity: "sha512-b" };
const foreign = { version: "3.0.0", integrity: "sha512-c", optional: true };
const locked = { "": { name: "root" }, "node_modules/a": a, "node_modules/b": b, "node_modules/foreign": foreign };
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "logos-modules-"));
  mkdirSync(join(folder, "node_modules"));
  writeFileSync(join(folder, "package-lock.json"), JSON.stringify({ packages: locked }));
});

afterEach(() => rmSync(folder, { recursive: true }));

it.each([
  ["all that is locked, without what is for other platforms", { "node_modules/a": a, "node_modules/b": b }, 0],
  ["a package too few", { "node_modules/a": a }, 1],
  ["a package too many", { "node_modules/a": a, "node_modules/b": b, "node_modules/c": a }, 1],
  ["another version", { "node_modules/a": a, "node_modules/b": { ...b, version: "2.0.1" } }, 1],
  ["other content", { "node_modules/a": a, "node_modules/b": { ...b, integrity: "sha512-x" } }, 1],
])("node_modules with %s", (_case, packages, status) => {
  writeFileSync(join(folder, "node_modules/.package-lock.json"), JSON.stringify({ packages }));
  expect(run()).toBe(status);
});

it("node_modules of an installation that was killed", () => {
  expect(run()).toBe(1);
});

function run(): number | null {
  return spawnSync(process.execPath, [check], { cwd: folder }).status;
}
