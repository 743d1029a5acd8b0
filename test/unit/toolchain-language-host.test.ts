import { execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { parse } from "yaml";

const root = join(import.meta.dirname, "../..");
const start = join(root, "toolchain/modules/pulumi-language-nodejs/start.sh");

it("the language host that is compiled here is told by its flag what Pulumi.yaml says: Node runs TypeScript itself", () => {
  const folder = mkdtempSync(join(tmpdir(), "logos-language-host-"));
  try {
    copyFileSync(start, join(folder, "pulumi-language-nodejs"));
    writeFileSync(join(folder, "pulumi-language-nodejs-by-flag"), '#!/bin/sh\necho "$@"\n', { mode: 0o755 });
    const told = execFileSync(join(folder, "pulumi-language-nodejs"), ["127.0.0.1:1"], { encoding: "utf8" });
    const { runtime } = parse(readFileSync(join(root, "Pulumi.yaml"), "utf8"));
    expect(told).toBe(`-typescript=${runtime.options.typescript} 127.0.0.1:1\n`);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
