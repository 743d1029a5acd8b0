import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { classRules, jobClasses } from "../../../core/jobs/classes.ts";
import {
  findCommit,
  type JobTag,
  parseSizes,
  parseSubmission,
  parseTag,
  renderScript,
  renderTag,
  type Submission,
  sbatchArguments,
  shellWord,
  tooLarge,
} from "../../../core/jobs/submission.ts";

const commit = "c".repeat(40);
const rebuild: Submission = { submission: "ab".repeat(12), class: "rebuild", command: [], cpus: 1, minutes: 15 };
const tag: JobTag = { submission: rebuild.submission, class: "rebuild", commit };

describe("a submission", () => {
  it("is read as it was sent", () => {
    const whole = { ...rebuild, commit, memoryMb: 2048, array: 3 };
    expect(parseSubmission(JSON.stringify(whole))).toEqual(whole);
  });

  it.each([
    [{ class: "rebuild", command: ["ls"] }, /command must be given for the class command, and for no other/],
    [{ class: "command", command: [] }, /command must be given/],
    [{ submission: "not hex" }, /submission must be 16 to 32 hex digits/],
    [{ cpus: 0 }, /cpus must be a whole number of at least 1/],
    [{ minutes: 1441 }, /minutes must be at most 1440/],
    [{ array: 501 }, /array must be at most 500/],
    [{ commit: "HEAD" }, /commit must be 7 to 40 hex digits/],
    [{ shell: true }, /shell is not a known key/],
  ])("is refused for %j", (wrong, message) => {
    expect(() => parseSubmission(JSON.stringify({ ...rebuild, ...wrong }))).toThrow(message);
  });
});

describe("what Slurm is given", () => {
  it("for a rebuild", () => {
    expect(sbatchArguments({ ...rebuild, memoryMb: 2048, array: 3 }, tag)).toEqual([
      "--parsable",
      "--job-name=rebuild",
      `--comment=${renderTag(tag)}`,
      "--ntasks=1",
      "--cpus-per-task=1",
      "--mem=2048",
      "--time=15",
      "--array=0-2",
      "--requeue",
      "--open-mode=append",
      "--chdir=/tmp",
      "--output=/tmp/logos-job-%j.out",
      "--export=NIL",
    ]);
  });

  it("lets one boot run at a time and bounds every class", () => {
    expect(jobClasses.filter((name) => classRules[name].serial)).toEqual(["boot"]);
    expect(sbatchArguments({ ...rebuild, class: "boot" }, tag)).toContain("--dependency=singleton");
    expect(sbatchArguments(rebuild, tag).join(" ")).not.toContain("singleton");
    for (const name of jobClasses) expect(classRules[name].minutes).toBeGreaterThan(0);
  });

  it("as a script that hands each word on as it is, whatever stands in it", () => {
    const words = ["printf", "%s|", "a b", "it's", "$HOME", "`id`", "x\ny", "", "--commit"];
    const script = renderScript({ ...rebuild, class: "command", command: words }, undefined);
    const echoed = script.replace("exec /usr/bin/logos-agent job command --", "exec");
    expect(spawnSync("sh", ["-s"], { input: echoed, encoding: "utf8" }).stdout).toBe(
      "a b|it's|$HOME|`id`|x\ny||--commit|",
    );
    expect(renderScript(rebuild, commit)).toBe(`#!/bin/sh\nexec /usr/bin/logos-agent job rebuild --commit ${commit}\n`);
    expect(shellWord("plain-word")).toBe("plain-word");
  });

  it("carries its tag in the comment, and other comments are no tags", () => {
    expect(parseTag(renderTag(tag))).toEqual(tag);
    for (const other of ["", "a comment", "{}", '{"submission":"x","class":"rebuild"}'])
      expect(parseTag(other)).toBeUndefined();
  });
});

describe("the size of a job", () => {
  const sizes = parseSizes("2|2918\n4+|1000\n");

  it("is held against every node", () => {
    expect(sizes).toEqual([
      { cpus: 2, memoryMb: 2918 },
      { cpus: 4, memoryMb: 1000 },
    ]);
    expect(tooLarge({ ...rebuild, cpus: 4 }, sizes)).toBeUndefined();
    expect(tooLarge({ ...rebuild, cpus: 2, memoryMb: 2918 }, sizes)).toBeUndefined();
  });

  it("is refused with what was asked and the largest node", () => {
    expect(tooLarge({ ...rebuild, cpus: 3, memoryMb: 2000 }, sizes)).toBe(
      "The job asks for 3 slots and 2000 MiB, more than any node of this pool has: the largest has 4 slots and 1000 MiB. " +
        "Ask for less, or make the nodes larger (logos:node) and run `up`.",
    );
    expect(tooLarge(rebuild, [])).toMatch(/has no node of any size/);
  });

  it("is not guessed from an answer of another shape", () => {
    expect(() => parseSizes("2 2918")).toThrow(/not slots\|MiB/);
  });
});

describe("a commit", () => {
  const history = ["a".repeat(40), `ab${"0".repeat(38)}`];
  it("is found by its beginning", () => {
    expect(findCommit("ab0", history)).toEqual({ commit: history[1] });
  });
  it("is refused with what the image holds and how to bring another", () => {
    expect(findCommit("ffffffff", history)).toEqual({
      refusal: expect.stringMatching(/does not hold commit ffffffff: it holds a{40} .*logos:workload\.commit .*`up`/),
    });
    expect(findCommit("a", history)).toEqual({ refusal: expect.stringMatching(/begins 2 commits/) });
  });
});
