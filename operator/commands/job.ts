import { exitCodes } from "../../core/jobs/exit-codes.ts";
import { jobLogFolder } from "../../core/jobs/log.ts";
import { exitCodeOf, hasEnded, type Job } from "../../core/jobs/queue.ts";
import { type JobRecord, parseJobRecord } from "../../core/jobs/record.ts";
import { readJob } from "../cluster.ts";
import { Complaint } from "../complaint.ts";
import { jobId, readOptions, Usage } from "../options.ts";
import { ask, type Remote } from "../remote.ts";
import type { Session } from "../session.ts";
import { jobName, renderJob } from "../views/jobs.ts";
import { wait } from "./run.ts";

export const jobHelp = `Usage: logos job show JOB [--json]
       logos job logs JOB [--follow]
       logos job cancel JOB

  show     what the scheduler knows of it, and its verdict
  logs     its output, of every attempt; with --follow to its end, with its exit code
  cancel   end it, whether it waits or runs; of an array, all its tasks
`;

export async function jobCommand(args: readonly string[], open: () => Session): Promise<number> {
  const { values, positionals } = readOptions("job", {
    args: [...args],
    allowPositionals: true,
    options: { json: { type: "boolean" }, follow: { type: "boolean" } },
  });
  const [action, id, ...more] = positionals;
  if (more.length > 0) throw new Usage(`There is nothing to do with "${more.join(" ")}".`, "job");
  if (action !== "show" && action !== "logs" && action !== "cancel")
    throw new Usage("Say what to do with the job: show, logs or cancel.", "job");
  const job = jobId(id, "job");
  const session = open();
  if (action === "show") return show(session.remote, job, values.json === true);
  if (action === "logs") return logs(job, session, values.follow === true);
  return cancel(session.remote, job);
}

async function show(remote: Remote, id: number, json: boolean): Promise<number> {
  const jobs = await readJob(remote, id);
  const records = await readRecords(remote, id);
  if (jobs.length === 0 && records.length === 0) throw unknown(id);
  if (json) process.stdout.write(`${JSON.stringify({ jobs, records }, null, 2)}\n`);
  else if (jobs.length === 0) process.stdout.write(renderJob(undefined, records, Date.now() / 1000));
  else
    for (const job of jobs)
      process.stdout.write(renderJob(job, await recordsOf(remote, job, records), Date.now() / 1000));
  return 0;
}

/** A task of an array is a job of its own number. */
async function recordsOf(remote: Remote, job: Job, records: readonly JobRecord[]): Promise<readonly JobRecord[]> {
  const own = records.filter((record) => record.job === job.id);
  return own.length > 0 || job.array === undefined ? own : readRecords(remote, job.id);
}

async function readRecords(remote: Remote, id: number): Promise<readonly JobRecord[]> {
  const text = await ask(remote, `cat ${jobLogFolder}/${id}/*.json 2>/dev/null || true`);
  const lines = text.split("\n").filter((line) => line !== "");
  return lines.map((line) => parseJobRecord(line, `record of job ${id}`)).toSorted((a, b) => a.attempt - b.attempt);
}

async function logs(id: number, session: Session, follow: boolean): Promise<number> {
  if (follow) return wait(id, session, false);
  const { remote } = session;
  const marker = "\u001e";
  const command = `cd ${jobLogFolder}/${id} 2>/dev/null && for f in $(ls *.out 2>/dev/null | sort -n); do printf '\\036%s\\n' "$f"; cat "$f"; done; true`;
  const attempts = (await ask(remote, command)).split(marker).slice(1);
  if (attempts.length === 0) {
    const [job] = await readJob(remote, id);
    if (job === undefined) throw unknown(id);
    if (job.tag !== undefined) return 0;
    throw new Complaint(
      `Job ${id} was submitted by sbatch: its output is ${job.output} on ${job.node === "" ? "the node it will run on" : job.node}.`,
      exitCodes.refused,
    );
  }
  for (const attempt of attempts) {
    const end = attempt.indexOf("\n");
    if (attempts.length > 1) process.stderr.write(`--- attempt ${Number.parseInt(attempt, 10) + 1}\n`);
    process.stdout.write(attempt.slice(end + 1));
  }
  return 0;
}

async function cancel(remote: Remote, id: number): Promise<number> {
  const jobs = await readJob(remote, id);
  if (jobs.length === 0) throw unknown(id);
  if (jobs.every(hasEnded)) {
    const [job] = jobs;
    const code = job === undefined ? "" : `, exit code ${exitCodeOf(job)}`;
    process.stdout.write(`Job ${job === undefined ? id : jobName(job)} has ended already${code}\n`);
    return 0;
  }
  await ask(remote, `scancel ${id}`);
  process.stdout.write(`Cancelled job ${id}\n`);
  return 0;
}

function unknown(id: number): Complaint {
  return new Complaint(
    `There is no job ${id}, and none left a record under this number. \`logos jobs --all\` lists those that are known.`,
    exitCodes.refused,
  );
}
