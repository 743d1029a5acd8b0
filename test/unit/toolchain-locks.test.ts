import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { homedir, hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { locksFolder, removeDeadLocks } from "../../toolchain/pulumi/locks.ts";

let folder: string;
let stack: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "logos-locks-"));
  stack = join(folder, ".pulumi/locks/organization/logos/dev");
  mkdirSync(stack, { recursive: true });
});

afterEach(() => rmSync(folder, { recursive: true }));

function lock(name: string, holder: unknown): string {
  const file = join(stack, `${name}.json`);
  writeFileSync(file, JSON.stringify(holder));
  return file;
}

describe("locks of a killed CLI", () => {
  it("go when nothing runs under that number, or another program does", () => {
    const dead = lock("dead", { pid: 2 ** 22 + 1, hostname: hostname() });
    const other = lock("other", { pid: process.pid, hostname: hostname() });
    removeDeadLocks(`file://${folder}`);
    expect([dead, other].filter(existsSync)).toEqual([]);
  });

  it("stay when the CLI runs, when another host took them, and when they are no locks", async () => {
    const cli = join(folder, "pulumi");
    symlinkSync("/bin/sleep", cli);
    const running = spawn(cli, ["60"]);
    await new Promise((resolve) => running.on("spawn", resolve));
    const kept = [
      lock("held", { pid: running.pid, hostname: hostname() }),
      lock("elsewhere", { pid: 2 ** 22 + 1, hostname: `not-${hostname()}` }),
      lock("strange", ["?"]),
    ];
    removeDeadLocks(`file://${folder}`);
    expect(kept.filter(existsSync)).toEqual(kept);
    running.kill();
  });

  it("are looked for in folders only", () => {
    expect(locksFolder("s3://bucket")).toBeUndefined();
    expect(locksFolder("file://~")).toBe(join(homedir(), ".pulumi/locks"));
    expect(() => removeDeadLocks("file:///nowhere")).not.toThrow();
  });
});
