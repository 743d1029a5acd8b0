import { readFileSync, writeFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { jobLogFolder } from "../../../core/jobs/log.ts";
import { hasEnded, type Job, jobsArguments, parseJobs } from "../../../core/jobs/queue.ts";
import { type JobRecord, parseJobRecord } from "../../../core/jobs/record.ts";
import { renderScript, type Submission, sbatchArguments, shellWord } from "../../../core/jobs/submission.ts";
import { readJson } from "../../../core/json.ts";
import { labRoot, poolPaths } from "../../../core/lab/paths.ts";
import { CommandFailed } from "../../../providers/lab/host/run.ts";
import { execInMachine } from "../../../providers/lab/machine/exec.ts";
import { leaderOf, runningProcess } from "../../../providers/lab/machine/process.ts";
import { type Lab, sharedLab, until } from "../../support/lab.ts";
import { hold } from "../claim.ts";
import { marker } from "./sightings.ts";

/** The shared lab as the pool's claims use it: asked from within its machines, which is as quick as being there. */
export class Site {
  readonly lab: Lab;
  readonly #ended = new Map<number, Job>();

  constructor(lab: Lab) {
    this.lab = lab;
  }

  get labId(): string {
    return this.lab.labId;
  }

  /** Runs a script as the operator on the control plane. @throws CommandFailed */
  control(script: string, input = ""): Promise<string> {
    return execInMachine(this.labId, "control", ["runuser", "-u", "operator", "--", "sh", "-c", script], {
      input,
      signal: AbortSignal.timeout(60_000),
    });
  }

  /** Runs a script as root inside a machine. @throws CommandFailed */
  root(machine: string, script: string): Promise<string> {
    return execInMachine(this.labId, machine, ["sh", "-c", script], { signal: AbortSignal.timeout(60_000) });
  }

  /** A file inside a machine, read from the host: its /run and /tmp are no part of its disk. */
  async file(machine: string, path: string): Promise<string> {
    return readFileSync(`/proc/${await this.#leader(machine)}/root${path}`, "utf8");
  }

  /** Puts a file into a machine's /run, which is no part of its disk. */
  async put(machine: string, name: string, content: Buffer): Promise<void> {
    writeFileSync(`/proc/${await this.#leader(machine)}/root/run/${name}`, content);
  }

  async #leader(machine: string): Promise<number> {
    const process = await runningProcess(this.labId, machine);
    const leader = process === undefined ? undefined : leaderOf(process);
    if (leader === undefined) throw new Error(`the machine ${machine} does not run`);
    return leader;
  }

  /** Submits as `logos run -- …` does, without its way there. Answers the job's number, of an array the array's. */
  async submit(submission: Submission): Promise<number> {
    const tag = { submission: submission.submission, class: submission.class };
    const command = ["sbatch", ...sbatchArguments(submission, tag)].map(shellWord).join(" ");
    return Number((await this.control(command, renderScript(submission, undefined))).trim());
  }

  /** A job, or `tasks` of them, that sleeps; each shows itself in {@link sightings} as long as it runs. */
  sleepers(seconds: number, tasks?: number, cpus = 1): Promise<number> {
    return this.submit({ ...sleep(seconds, cpus), ...(tasks === undefined ? {} : { array: tasks }) });
  }

  /**
   * Sleepers as `logos run` submits them: answered when they stand in the queue on the scheduler's disk, which Slurm writes every
   * five seconds. Plain `sbatch` answers before.
   */
  async keptSleepers(seconds: number, tasks: number): Promise<number> {
    const submission: Submission = { ...sleep(seconds, 1), array: tasks };
    const answer = await this.control("logos-agent submit", JSON.stringify(submission));
    return readJson(answer, "submission", (fields) => {
      fields.ignoreOthers();
      hold(fields.boolean("saved"), `${answer.trim()}: a submission that was answered is not on the disk`);
      return fields.integer("job", 1);
    });
  }

  /** Sleepers by plain `sbatch`, without the program that carries their output: for times that are the pool's alone. */
  async plainSleepers(seconds: number, tasks: number): Promise<number> {
    const script = `#!/bin/sh\nexec /bin/bash -c 'echo begin; sleep ${seconds}; echo end' ${marker}\n`;
    const options = `--parsable --job-name=plain --array=0-${tasks - 1} --chdir=/tmp --output=/dev/null`;
    return Number((await this.control(`sbatch ${options}`, script)).trim());
  }

  /** Jobs that wait and run; with `all` those that have ended too, also when the scheduler has forgotten them since the last look. */
  async jobs(all = true): Promise<readonly Job[]> {
    const states = all ? " --states=all" : "";
    const jobs = parseJobs(await this.control(`SLURM_BITSTR_LEN=0 squeue ${jobsArguments.join(" ")}${states}`));
    if (!all) return jobs;
    for (const job of jobs.filter(hasEnded)) this.#ended.set(job.id, job);
    const known = new Set(jobs.map(({ id }) => id));
    return [...jobs, ...[...this.#ended.values()].filter(({ id }) => !known.has(id))];
  }

  /** The jobs of these numbers, tasks of these arrays among them. */
  async jobsOf(ids: readonly number[]): Promise<readonly Job[]> {
    const wanted = new Set(ids);
    return (await this.jobs()).filter(
      (job) => wanted.has(job.id) || (job.array !== undefined && wanted.has(job.array.id)),
    );
  }

  /** Waits until all of them have ended. @throws Error after `seconds` */
  async ended(ids: readonly number[], seconds: number): Promise<readonly Job[]> {
    return until(`the end of ${ids.length} jobs`, seconds, async () => {
      const jobs = await this.jobsOf(ids).catch(whileAway);
      return jobs?.every(hasEnded) === true && jobs.length >= ids.length ? jobs : undefined;
    });
  }

  async cancelAll(): Promise<void> {
    await this.control("scancel --user=operator; true");
    await until("an empty queue", 60, async () =>
      (await this.control("squeue --noheader")).trim() === "" ? true : undefined,
    );
  }

  /** What the jobs left on the control plane, by job. */
  async records(ids: readonly number[]): Promise<ReadonlyMap<number, readonly JobRecord[]>> {
    const text = await this.control(
      `for j in ${ids.join(" ")}; do cat ${jobLogFolder}/$j/*.json 2>/dev/null; done; true`,
    );
    const records = text
      .split("\n")
      .filter(Boolean)
      .map((line) => parseJobRecord(line, "record"));
    const byJob = new Map<number, JobRecord[]>();
    for (const record of records) byJob.set(record.job, [...(byJob.get(record.job) ?? []), record]);
    return byJob;
  }

  /** Waits until the pool is as its settings say: `ready` nodes take work, the standby is proven, and nothing moves. */
  async steady(seconds = 300): Promise<void> {
    await until("a steady pool", seconds, async () => {
      const status = await this.lab.status();
      const quiet = status.nodes.every(({ phase }) => phase === "ready" || phase === "standby");
      return quiet && status.state === "steady" && status.ready === status.min && status.desired === status.min
        ? true
        : undefined;
    });
  }

  /** Lines of the pool manager's log, with their times in milliseconds since 1970. */
  managerLog(): readonly { readonly at: number; readonly text: string }[] {
    const { managerLog } = poolPaths(labRoot(process.env), this.labId, "pool");
    return readFileSync(managerLog, "utf8")
      .split("\n")
      .map((line) => ({ at: Date.parse(line.slice(0, 24)), text: line.slice(25) }))
      .filter(({ at }) => !Number.isNaN(at));
  }
}

function sleep(seconds: number, cpus: number): Submission {
  return {
    submission: newId(),
    class: "command",
    command: ["/bin/bash", "-c", `echo begin; sleep ${seconds}; echo end`, marker],
    cpus,
    minutes: 60,
  };
}

let count = 0;
export function newId(): string {
  count += 1;
  return `${process.pid.toString(16).padStart(8, "0")}${Date.now().toString(16).padStart(12, "0")}${count.toString(16).padStart(4, "0")}`;
}

/** For looks at a control plane that a claim has killed: it is asked again. */
export function whileAway(error: unknown): undefined {
  if (error instanceof CommandFailed || (error instanceof Error && /does not run|aborted/.test(error.message)))
    return undefined;
  throw error;
}

/** The shared lab with nothing to do, and steady. */
export async function site(): Promise<Site> {
  const found = new Site(await sharedLab());
  await found.cancelAll();
  await found.steady();
  return found;
}

/** Waits for a value, looking every 20 ms: for times that are measured. @throws Error naming `what` */
export async function promptly<T>(
  what: string,
  seconds: number,
  look: () => T | undefined | Promise<T | undefined>,
): Promise<T> {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > end) throw new Error(`not seen within ${seconds} s: ${what}`);
    await delay(20);
  }
}

/**
 * Each job ended well, once: completed by Slurm's word, and with exactly one record of an attempt that came to its end.
 * @returns how often they were put back into the queue, all together
 */
export async function oneVerdictEach(there: Site, ids: readonly number[], jobs: readonly Job[]): Promise<number> {
  const lost = ids.filter((id) => !jobs.some((job) => job.id === id || job.array?.id === id));
  hold(lost.length === 0, `the scheduler does not know ${lost.join(", ")} any more`);
  const failed = jobs.filter((job) => job.state !== "COMPLETED");
  hold(
    failed.length === 0,
    `not completed: ${failed.map((job) => `${job.id} ${job.state} (${job.reason}) on ${job.node}`).join(", ")}`,
  );
  const records = await there.records(jobs.map((job) => job.id));
  const wrong = jobs.filter((job) => records.get(job.id)?.length !== 1);
  hold(
    wrong.length === 0,
    `without exactly one verdict: ${wrong.map((job) => `${job.id} has ${records.get(job.id)?.length ?? 0}`).join(", ")}`,
  );
  return jobs.reduce((sum, job) => sum + job.restarts, 0);
}
