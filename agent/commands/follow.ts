import { closeSync, existsSync, openSync, readSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { type FollowEvent, renderFollowEvent } from "../../core/jobs/events.ts";
import { jobLogFolder, pieceLimit } from "../../core/jobs/log.ts";
import { exitCodeOf, hasEnded, type Job } from "../../core/jobs/queue.ts";
import { Malformed } from "../../core/json.ts";
import { Refusal } from "../failure.ts";
import { LogStore } from "../jobs/log-store.ts";
import { findJobs, SchedulerDown } from "../jobs/scheduler.ts";

/** Milliseconds between two looks at the output, and between two questions to the scheduler. */
const pace = { output: 150, scheduler: 500 } as const;
/** How long the end waits for a record that is on its way: Slurm may hear of the end first. */
const recordMs = 1500;

/**
 * `logos-agent follow JOB [--from ATTEMPT:OFFSET]`: on the control plane. Prints what becomes of a job, one event a line, until
 * it has ended: of a single job its output too, from where the caller has it; of an array the end of each task.
 * Exit code 0 whatever became of it.
 */
export async function followCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { from: { type: "string", default: "0:0" } },
    allowPositionals: true,
  });
  const [, attempt, offset] = /^(\d+):(\d+)$/.exec(values.from) ?? [];
  const [id = ""] = positionals;
  if (!/^[1-9]\d*$/.test(id) || attempt === undefined || offset === undefined)
    throw new Refusal("Usage: logos-agent follow JOB [--from ATTEMPT:OFFSET]");
  // The other end is gone: nothing else ends a job that waits for days.
  process.stdout.on("error", () => process.exit(0));
  await new Follower(Number(id), { attempt: Number(attempt), offset: Number(offset) }).run();
  return 0;
}

class Follower {
  readonly #id: number;
  readonly #store = new LogStore(jobLogFolder);
  readonly #told = new Map<number, string>();
  readonly #done = new Set<number>();
  #position: { attempt: number; offset: number };
  #waiting = false;

  constructor(id: number, position: { attempt: number; offset: number }) {
    this.#id = id;
    this.#position = position;
  }

  async run(): Promise<void> {
    let askAt = 0;
    for (;;) {
      if (performance.now() >= askAt) {
        const jobs = await this.#ask();
        if (jobs?.length === 0) return this.#unknown();
        if (jobs !== undefined && (await this.#tell(jobs))) return;
        askAt = performance.now() + pace.scheduler;
      }
      this.#pass();
      await pause(pace.output);
    }
  }

  async #ask(): Promise<readonly Job[] | undefined> {
    try {
      const jobs = await findJobs(this.#id);
      this.#waiting = false;
      return jobs;
    } catch (error) {
      if (!(error instanceof SchedulerDown) && !(error instanceof Malformed)) throw error;
      if (!this.#waiting) say({ event: "waiting", for: error.message });
      this.#waiting = true;
      await pause(pace.scheduler);
      return undefined;
    }
  }

  /** True when all has ended. */
  async #tell(jobs: readonly Job[]): Promise<boolean> {
    for (const job of jobs) {
      const now = `${job.state} ${job.reason} ${job.node}`;
      if (this.#told.get(job.id) !== now && !hasEnded(job))
        say({ event: "state", job: job.id, state: job.state, reason: job.reason, node: job.node });
      this.#told.set(job.id, now);
      if (hasEnded(job) && !this.#done.has(job.id)) {
        this.#done.add(job.id);
        await this.#end(job);
      }
    }
    return jobs.every(hasEnded);
  }

  async #end(job: Job): Promise<void> {
    const wanted = job.tag !== undefined && ["COMPLETED", "FAILED"].includes(job.state);
    const deadline = performance.now() + (wanted ? recordMs : 0);
    let record = this.#store.lastRecord(job.id);
    while (record === undefined && performance.now() < deadline) {
      await pause(pace.output);
      record = this.#store.lastRecord(job.id);
    }
    this.#pass();
    say({
      event: "end",
      job: job.id,
      state: job.state,
      exitCode: exitCodeOf(job),
      node: job.node,
      restarts: job.restarts,
      ...(record === undefined ? {} : { record }),
    });
  }

  /** The scheduler forgets a job some time after its end; the record stays. */
  #unknown(): void {
    const record = this.#store.lastRecord(this.#id);
    this.#pass();
    if (record === undefined) {
      say({ event: "unknown", job: this.#id });
      return;
    }
    const { job, exitCode, node } = record;
    const state = exitCode === 0 ? "COMPLETED" : "FAILED";
    say({ event: "end", job, state, exitCode, node, restarts: record.attempt, record });
  }

  /** Passes on what is new of the output, attempt after attempt. */
  #pass(): void {
    for (const attempt of this.#store.attempts(this.#id).filter((number) => number >= this.#position.attempt)) {
      if (attempt > this.#position.attempt) this.#position = { attempt, offset: 0 };
      const path = this.#store.outputPath(this.#id, attempt);
      if (!existsSync(path)) continue;
      const fd = openSync(path, "r");
      try {
        const buffer = Buffer.alloc(pieceLimit);
        for (;;) {
          const { offset } = this.#position;
          const length = readSync(fd, buffer, 0, buffer.length, offset);
          if (length === 0) break;
          say({ event: "output", attempt, offset, data: buffer.subarray(0, length).toString("base64") });
          this.#position = { attempt, offset: offset + length };
        }
      } finally {
        closeSync(fd);
      }
    }
  }
}

function say(event: FollowEvent): void {
  process.stdout.write(renderFollowEvent(event));
}
