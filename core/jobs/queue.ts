import { Malformed, parseJson } from "../json.ts";
import { type JobTag, parseTag } from "./submission.ts";

/** A job, or one task of an array, as the controller knows it. Times are seconds since 1970. */
export interface Job {
  readonly id: number;
  /** The array's id and this task's place in it; `tasks` of several that wait together. */
  readonly array?: { readonly id: number; readonly task: string };
  /** How many tasks this record stands for: more than 1 only for those of an array that wait. */
  readonly tasks: number;
  readonly name: string;
  readonly user: string;
  /** As `logos run` tagged it; absent for a plain `sbatch`. */
  readonly tag?: JobTag;
  /** Slurm's base state: PENDING, RUNNING, COMPLETED … */
  readonly state: string;
  /** Why it waits, or why it ended so. */
  readonly reason: string;
  /** Where it runs or ran; empty while it waits for the first time. */
  readonly node: string;
  readonly cpus: number;
  /** Times it was put back into the queue. */
  readonly restarts: number;
  readonly submittedAt: number;
  readonly startedAt?: number;
  readonly endedAt?: number;
  readonly exitCode: number;
  /** Number of the signal that ended it, 0 for none. */
  readonly signal: number;
  /** Path of its output on the node. */
  readonly output: string;
}

/** Arguments of `squeue` whose answer {@link parseJobs} reads; run it with {@link squeueEnvironment}. */
export const jobsArguments = ["--json=v0.0.40"] as const;
/** Lists of array tasks are cut short otherwise. */
export const squeueEnvironment = { SLURM_BITSTR_LEN: "0" } as const;

const endStates = [
  "BOOT_FAIL",
  "CANCELLED",
  "COMPLETED",
  "DEADLINE",
  "FAILED",
  "NODE_FAIL",
  "OUT_OF_MEMORY",
  "PREEMPTED",
  "TIMEOUT",
];

/** It has ended for good: nothing of it runs, and it will not be started again. */
export function hasEnded(job: Pick<Job, "state">): boolean {
  return endStates.includes(job.state);
}

/**
 * The exit code that a job stands for: its own, 128 and the signal's number, 124 for its time limit (as `timeout` has it),
 * 130 for a cancel, 1 for what Slurm did not let run to its end.
 */
export function exitCodeOf(job: Pick<Job, "state" | "exitCode" | "signal">): number {
  if (job.state === "COMPLETED") return 0;
  if (job.state === "TIMEOUT" || job.state === "DEADLINE") return 124;
  if (job.state === "CANCELLED") return 130;
  if (job.signal > 0) return 128 + job.signal;
  return job.exitCode === 0 ? 1 : job.exitCode;
}

/** Reads the answer of `squeue` with {@link jobsArguments}. @throws Malformed when it is not that. */
export function parseJobs(text: string): readonly Job[] {
  const source = "squeue";
  const document = parseJson(text, source);
  const jobs = new SlurmRecord(document, source).list("jobs");
  return jobs.map((job, index) => readJob(new SlurmRecord(job, `${source}: jobs[${index}]`)));
}

function readJob(record: SlurmRecord): Job {
  const arrayId = record.optional("array_job_id") ?? 0;
  const waiting = record.text("array_task_string");
  const task = record.optional("array_task_id");
  const exit = record.object("exit_code");
  const started = record.optional("start_time") ?? 0;
  const ended = record.optional("end_time") ?? 0;
  const state = record.texts("job_state")[0] ?? "UNKNOWN";
  const pending = state === "PENDING";
  const tag = parseTag(record.text("comment"));
  return {
    id: record.number("job_id"),
    ...(arrayId === 0 ? {} : { array: { id: arrayId, task: task === undefined ? waiting : String(task) } }),
    tasks: task === undefined && waiting !== "" ? countTasks(waiting) : 1,
    name: record.text("name"),
    user: record.text("user_name"),
    ...(tag === undefined ? {} : { tag }),
    state,
    reason: record.text("state_reason"),
    node: record.text("nodes"),
    cpus: record.optional("cpus") ?? 1,
    restarts: record.number("restart_cnt"),
    submittedAt: record.optional("submit_time") ?? 0,
    ...(pending || started === 0 ? {} : { startedAt: started }),
    ...(endStates.includes(state) && ended > 0 ? { endedAt: ended } : {}),
    exitCode: exit.optional("return_code") ?? 0,
    signal: exit.object("signal").optional("id") ?? 0,
    output: record.text("standard_output"),
  };
}

/** Tasks in Slurm's list of them, such as `0-9,12,20-30:5%3`. */
export function countTasks(list: string): number {
  return list
    .replace(/%\d+$/, "")
    .split(",")
    .map((part) => {
      const [, first, last, step] = /^(\d+)(?:-(\d+)(?::(\d+))?)?$/.exec(part.trim()) ?? [];
      if (first === undefined) return 1;
      return Math.floor((Number(last ?? first) - Number(first)) / Number(step ?? 1)) + 1;
    })
    .reduce((sum, count) => sum + count, 0);
}

/** An object of Slurm's JSON, which has far more keys than we read. Numbers come as {set, infinite, number}. */
class SlurmRecord {
  readonly #values: ReadonlyMap<string, unknown>;
  readonly #source: string;

  constructor(value: unknown, source: string) {
    if (typeof value !== "object" || value === null || Array.isArray(value))
      throw new Malformed(source, ["is not an object"]);
    this.#values = new Map<string, unknown>(Object.entries(value));
    this.#source = source;
  }

  text(key: string): string {
    const value = this.#values.get(key);
    return typeof value === "string" ? value : this.#wrong(key, "a string");
  }

  texts(key: string): readonly string[] {
    const value = this.#values.get(key);
    const valid = Array.isArray(value) && value.every((item): item is string => typeof item === "string");
    return valid ? value : this.#wrong(key, "a list of strings");
  }

  number(key: string): number {
    const value = this.#values.get(key);
    return typeof value === "number" ? value : this.#wrong(key, "a number");
  }

  list(key: string): readonly unknown[] {
    const value = this.#values.get(key);
    return Array.isArray(value) ? value : this.#wrong(key, "a list");
  }

  object(key: string): SlurmRecord {
    return new SlurmRecord(this.#values.get(key), `${this.#source}.${key}`);
  }

  /** A number that may not be set. */
  optional(key: string): number | undefined {
    const number = this.object(key);
    return number.#values.get("set") === true ? number.number("number") : undefined;
  }

  #wrong(key: string, what: string): never {
    throw new Malformed(this.#source, [`${key} is not ${what}`]);
  }
}
