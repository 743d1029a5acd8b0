import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exitCodes } from "../../../core/jobs/exit-codes.ts";
import type { Submission } from "../../../core/jobs/submission.ts";
import { Complaint } from "../../../operator/complaint.ts";
import type { Answer, Remote } from "../../../operator/remote.ts";
import { type Clock, submitOnce } from "../../../operator/submit.ts";
import { type Fate, SimulatedControl } from "../../support/simulated-control.ts";

const submission: Submission = { submission: "ab".repeat(12), class: "rebuild", command: [], cpus: 1, minutes: 15 };
const quiet = () => undefined;

/** A simulated clock that jumps over every pause. */
function jumpingClock(): Clock {
  let now = 0;
  return {
    now: () => now,
    pause: async (ms) => {
      now += ms;
    },
  };
}

const answers = (answer: Answer): Remote => ({ run: async () => answer, stream: async () => answer });

describe("a submission", () => {
  it("is made once, whatever is lost on the way, and its job is known at the end", async () => {
    const fate = fc.constantFrom<Fate>("answered", "lost before", "lost after", "down");
    await fc.assert(
      fc.asyncProperty(fc.array(fate, { maxLength: 8 }), async (fates) => {
        const control = new SimulatedControl(fates);
        const submitted = await submitOnce(control, submission, quiet, jumpingClock(), 600);
        expect(control.queue).toEqual([submission.submission]);
        expect(submitted.job).toBe(1);
        expect(submitted.known).toBe(fates.slice(0, control.calls - 1).includes("lost after"));
      }),
    );
  });

  it("that nobody answers ends in bounded time, says so once, and says how to go on without a second job", async () => {
    const said: string[] = [];
    const control = new SimulatedControl(Array.from({ length: 1000 }, () => "lost after"));
    const failed = await submitOnce(control, submission, (line) => said.push(line), jumpingClock()).catch(
      (error: unknown) => error,
    );
    expect(failed).toBeInstanceOf(Complaint);
    expect(failed).toMatchObject({ exitCode: exitCodes.unavailable });
    expect(String(failed)).toMatch(
      /bastion or the control plane does not answer[\s\S]*--submission (ab){12}[\s\S]*never twice/,
    );
    expect(said).toEqual(["No answer yet (Connection closed); trying for up to 60 s."]);
    expect(control.calls).toBeLessThan(25);
    expect(control.queue).toEqual([submission.submission]);
    expect((await submitOnce(new SimulatedControl([]), submission, quiet)).job).toBe(1);
  });

  it("that is refused is not tried again", async () => {
    const refused = { code: exitCodes.refused, stdout: "", stderr: "The job asks for 9 slots\n" };
    await expect(submitOnce(answers(refused), submission, quiet)).rejects.toMatchObject({
      message: "The job asks for 9 slots",
      exitCode: exitCodes.refused,
    });
  });

  it("waits for a control plane that is just being made: it takes logins before it has its files", async () => {
    const bare = { code: 127, stdout: "", stderr: "bash: line 1: logos-agent: command not found" };
    const made = { code: 0, stdout: '{"job": 7, "known": false, "saved": true}', stderr: "" };
    const later = [bare, bare, made];
    const remote: Remote = { run: async () => later.shift() ?? made, stream: async () => made };
    expect((await submitOnce(remote, submission, quiet, jumpingClock())).job).toBe(7);
    await expect(submitOnce(answers(bare), submission, quiet, jumpingClock())).rejects.toMatchObject({
      exitCode: exitCodes.unavailable,
    });
  });

  it("that meets a broken control plane says what it said", async () => {
    const broken = { code: 1, stdout: "", stderr: "sbatch: not allowed" };
    await expect(submitOnce(answers(broken), submission, quiet)).rejects.toMatchObject({
      message: "The control plane could not submit it: sbatch: not allowed",
      exitCode: 1,
    });
    await expect(submitOnce(answers({ code: 0, stdout: "hello", stderr: "" }), submission, quiet)).rejects.toThrow(
      /is not JSON/,
    );
  });
});
