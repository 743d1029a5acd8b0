import { describe, expect, it } from "vitest";
import { countTasks, exitCodeOf, hasEnded, parseJobs } from "../../../core/jobs/queue.ts";
import { renderTag } from "../../../core/jobs/submission.ts";

const set = (number: number) => ({ set: true, infinite: false, number });
const unset = { set: false, infinite: false, number: 0 };

/** A job as squeue of Slurm 24.11 prints it, with the keys that are read and one that is not. */
const job = {
  job_id: 12,
  array_job_id: set(0),
  array_task_id: unset,
  array_task_string: "",
  name: "rebuild",
  user_name: "operator",
  comment: renderTag({ submission: "ab".repeat(12), class: "rebuild" }),
  job_state: ["RUNNING"],
  state_reason: "None",
  nodes: "n-1",
  cpus: set(2),
  restart_cnt: 1,
  submit_time: set(100),
  start_time: set(110),
  end_time: set(2000),
  exit_code: { status: ["SUCCESS"], return_code: set(0), signal: { id: unset, name: "" } },
  standard_output: "/tmp/logos-job-12.out",
  qos: "",
};
const answer = (...jobs: readonly object[]) => JSON.stringify({ jobs, errors: [], warnings: [] });

describe("squeue", () => {
  it("is read", () => {
    expect(parseJobs(answer(job))).toEqual([
      {
        id: 12,
        tasks: 1,
        name: "rebuild",
        user: "operator",
        tag: { submission: "ab".repeat(12), class: "rebuild" },
        state: "RUNNING",
        reason: "None",
        node: "n-1",
        cpus: 2,
        restarts: 1,
        submittedAt: 100,
        startedAt: 110,
        exitCode: 0,
        signal: 0,
        output: "/tmp/logos-job-12.out",
      },
    ]);
  });

  it("tells tasks of an array that wait together from one that runs", () => {
    const waiting = { ...job, job_state: ["PENDING"], array_job_id: set(12), array_task_string: "3-5,9%2" };
    const running = { ...job, job_id: 13, array_job_id: set(12), array_task_id: set(0) };
    const [first, second] = parseJobs(answer(waiting, running));
    expect(first).toMatchObject({ tasks: 4, array: { id: 12, task: "3-5,9%2" } });
    expect(first).not.toHaveProperty("startedAt");
    expect(second).toMatchObject({ tasks: 1, array: { id: 12, task: "0" } });
  });

  it.each([
    ["not JSON", "squeue: error", /is not JSON/],
    ["no jobs", "{}", /jobs is not a list/],
    [
      "a job without a state",
      answer({ ...job, job_state: undefined }),
      /jobs\[0\]: job_state is not a list of strings/,
    ],
    ["a job without an id", answer({ ...job, job_id: "12" }), /job_id is not a number/],
  ])("is refused when it is %s", (_, text, message) => {
    expect(() => parseJobs(text)).toThrow(message);
  });

  it.each([
    ["0-9%3", 10],
    ["1", 1],
    ["0-8:4,20", 4],
    ["1-2,5-6", 4],
  ])("counts the tasks of %s as %d", (list, count) => {
    expect(countTasks(list)).toBe(count);
  });
});

describe("the end of a job", () => {
  it.each([
    ["COMPLETED", 0, 0, 0],
    ["FAILED", 3, 0, 3],
    ["FAILED", 0, 9, 137],
    ["FAILED", 0, 0, 1],
    ["TIMEOUT", 0, 15, 124],
    ["CANCELLED", 0, 15, 130],
    ["OUT_OF_MEMORY", 0, 9, 137],
    ["NODE_FAIL", 0, 0, 1],
  ])("%s with code %d and signal %d stands for exit code %d", (state, exitCode, signal, code) => {
    expect(hasEnded({ state })).toBe(true);
    expect(exitCodeOf({ state, exitCode, signal })).toBe(code);
  });

  it("has not come while it runs, waits or leaves its node", () => {
    for (const state of ["RUNNING", "PENDING", "COMPLETING", "SUSPENDED", "CONFIGURING", "REQUEUED"])
      expect(hasEnded({ state })).toBe(false);
  });
});
