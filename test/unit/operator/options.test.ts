import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseRun } from "../../../operator/options.ts";

describe("logos run", () => {
  it("reads what is to run, with the defaults of its class", () => {
    const { submission, wait, json } = parseRun(["rebuild", "--wait"]);
    expect(submission).toEqual({
      submission: expect.stringMatching(/^[0-9a-f]{24}$/),
      class: "rebuild",
      command: [],
      cpus: 1,
      minutes: 15,
    });
    expect([wait, json]).toEqual([true, false]);
  });

  it("reads every option, and a command with options of its own", () => {
    const args = [
      "--cpus",
      "2",
      "--memory",
      "2G",
      "--array",
      "3",
      "--time",
      "2h",
      "--json",
      "--submission",
      "ab".repeat(8),
    ];
    expect(parseRun([...args, "--", "ls", "--wait", "--", "-l"])).toEqual({
      wait: false,
      json: true,
      submission: {
        submission: "ab".repeat(8),
        class: "command",
        command: ["ls", "--wait", "--", "-l"],
        cpus: 2,
        memoryMb: 2048,
        array: 3,
        minutes: 120,
      },
    });
  });

  it("gives every call another submission", () => {
    expect(parseRun(["boot"]).submission.submission).not.toBe(parseRun(["boot"]).submission.submission);
  });

  it.each([
    [[], /rebuild, boot, stress, or `--` and a command/],
    [["compile"], /rebuild, boot, stress/],
    [["command"], /rebuild, boot, stress/],
    [["rebuild", "boot"], /rebuild, boot, stress/],
    [["rebuild", "--", "ls"], /rebuild, boot, stress/],
    [["--"], /rebuild, boot, stress/],
    [["rebuild", "--cpus", "two"], /--cpus takes a whole number from 1 to 1024, not "two"/],
    [["rebuild", "--array", "0"], /--array takes a whole number from 1 to 500, not "0"/],
    [["rebuild", "--time", "25h"], /--time takes minutes .* at most 24h, not "25h"/],
    [["rebuild", "--memory", "1T"], /--memory takes MiB/],
    [["rebuild", "--commit", "HEAD"], /--commit takes a commit id of 7 to 40 hex digits, not "HEAD"/],
    [["--commit", "abcdef0", "--", "ls"], /A command has no commit/],
    [["rebuild", "--fast"], /Unknown option '--fast'/],
    [["rebuild", "--submission", "x"], /--submission takes an id/],
  ])("refuses %j", (args, message) => {
    expect(() => parseRun(args)).toThrow(message);
  });
});

describe("the command logos", () => {
  const logos = (...args: readonly string[]) => {
    const entry = join(import.meta.dirname, "../../../operator/logos.ts");
    return spawnSync(process.execPath, [entry, ...args], { encoding: "utf8" });
  };

  it.each(["run", "jobs", "job", "status", "node"])("explains %s", (name) => {
    const { status, stdout } = logos(name, "--help");
    expect(status).toBe(0);
    expect(stdout).toMatch(new RegExp(`^Usage: logos ${name}`));
    expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(120);
  });

  it.each([
    [["jump"], /There is no command "jump"\.\nSee `logos --help`/],
    [["run"], /Say what to run/],
    [["node", "drain"], /Say what to do with which node/],
    [["job", "show", "twelve"], /Name a job by its number, not "twelve"/],
    [["job", "eat", "12"], /show, logs or cancel/],
    [["jobs", "--everything"], /Unknown option '--everything'/],
    [["status", "--stack", ""], /--stack takes the name of a stack/],
  ])("ends %j with code 64, one message and no stack trace", (args, message) => {
    const { status, stderr } = logos(...args);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(status).toBe(64);
  });
});
