import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";

const folder = join(import.meta.dirname, "../../toolchain/command-plugin");
const go = spawnSync("go", ["version"]).status === 0;

// Where the official plugin was downloaded, no Go is needed, and the stand-in is not in use.
it.skipIf(!go)("the stand-in for the command plugin passes its own tests, with Go", { timeout: 600_000 }, () => {
  const ended = spawnSync("go", ["test", "./..."], { cwd: folder, encoding: "utf8" });
  expect(`${ended.stdout}${ended.stderr}`).not.toMatch(/^(---\s)?FAIL/m);
  expect(ended.status).toBe(0);
});
