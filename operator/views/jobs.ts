import { exitCodeOf, hasEnded, type Job } from "../../core/jobs/queue.ts";
import type { JobRecord } from "../../core/jobs/record.ts";
import { span, table } from "../text.ts";

/** How a job is called on a terminal: `12`, `12_3` for a task, `12_[4-9]` for those that wait together. */
export function jobName({ id, array, tasks }: Pick<Job, "id" | "array" | "tasks">): string {
  if (array === undefined) return String(id);
  return `${array.id}_${tasks > 1 || !/^\d+$/.test(array.task) ? `[${array.task}]` : array.task}`;
}

/** @param now seconds since 1970 */
export function renderJobs(jobs: readonly Job[], now: number): string {
  if (jobs.length === 0) return "No jobs.\n";
  const header = ["job", "class", "state", "node", "slots", "starts", "time", "detail"];
  const rows = jobs
    .toSorted((a, b) => a.submittedAt - b.submittedAt || a.id - b.id)
    .map((job) => [
      jobName(job),
      job.tag?.class ?? job.name,
      job.state.toLowerCase(),
      job.node === "" ? "-" : job.node,
      String(job.cpus * job.tasks),
      String(job.restarts + (job.startedAt === undefined ? 0 : 1)),
      span(timeOf(job, now)),
      detailOf(job),
    ]);
  return `${table([header, ...rows]).join("\n")}\n`;
}

/** A job that waits: since when; one that runs or ran: how long. */
function timeOf(job: Job, now: number): number {
  if (job.startedAt === undefined) return now - job.submittedAt;
  return (job.endedAt ?? now) - job.startedAt;
}

function detailOf(job: Job): string {
  if (hasEnded(job))
    return `exit code ${exitCodeOf(job)}${job.state === "FAILED" || job.reason === "None" ? "" : ` (${job.reason})`}`;
  return job.state === "PENDING" ? `waits: ${job.reason}` : "";
}

export function renderJob(job: Job | undefined, records: readonly JobRecord[], now: number): string {
  const lines: [string, string][] = [];
  if (job !== undefined) {
    lines.push(
      ["job", jobName(job)],
      ["class", job.tag?.class ?? `${job.name} (by sbatch)`],
      ["state", `${job.state.toLowerCase()}${job.reason === "None" ? "" : ` (${job.reason})`}`],
      ["node", job.node === "" ? "-" : job.node],
      ["slots", String(job.cpus)],
      ["submitted", iso(job.submittedAt)],
      ...(job.startedAt === undefined ? [] : [["started", iso(job.startedAt)] as [string, string]]),
      ["time", span(timeOf(job, now))],
      ["requeued", `${job.restarts} times`],
      ...(hasEnded(job) ? [["exit code", String(exitCodeOf(job))] as [string, string]] : []),
      ...(job.tag?.commit === undefined ? [] : [["commit", job.tag.commit] as [string, string]]),
      ...(job.tag === undefined ? [["output", `${job.output} on the node`] as [string, string]] : []),
    );
  }
  for (const record of records) lines.push(["verdict", verdictLine(record)]);
  return `${table(lines, 120).join("\n")}\n`;
}

/** `PASS of rebuild on n-x, commit …, attempt 1` and why, for the end of a job and for its page. */
export function verdictLine(record: JobRecord): string {
  const parts = [
    record.verdict ?? `exit code ${record.exitCode}`,
    `of ${record.class} on ${record.node}`,
    ...(record.commit === undefined ? [] : [`commit ${record.commit.slice(0, 12)}`]),
    ...(record.auditId === undefined ? [] : [`audit entry ${record.auditId}`]),
    ...(record.attempt === 0 ? [] : [`attempt ${record.attempt + 1}`]),
    ...(record.reason === undefined ? [] : [record.reason]),
  ];
  return parts.join(", ").replace(", of ", " of ");
}

function iso(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(".000", "");
}
