import { exitCodes } from "../../core/jobs/exit-codes.ts";
import { followJob, type JobEnd } from "../follow.ts";
import { parseRun } from "../options.ts";
import type { Session } from "../session.ts";
import { submitOnce } from "../submit.ts";
import { verdictLine } from "../views/jobs.ts";

export const runHelp = `Usage: logos run rebuild|boot|stress [--commit C] [options]
       logos run [options] -- COMMAND [ARGUMENT...]

  rebuild        rebuild and check every proof, in a clean checkout of its own
  boot           boot the aligned agent and add to the audit log; one at a time
  stress         the workload's stress harness, where the commit has one
  -- COMMAND     anything else

  --commit C     a commit of the image's history (7 to 40 hex digits); the image's own where none is given
  --cpus N       slots (1)
  --memory M     MiB, or GiB with G; the slots' share where none is given
  --array N      N tasks
  --time T       time limit in minutes, or hours with h (rebuild 15m, boot 20m, stress 60m, command 60m; at most 24h)
  --wait         follow it: its output as it comes, its verdict, and its exit code as this one's
  --json         one JSON object on standard output; with --wait the job's output goes to standard error
  --submission S finish an earlier call that had no answer: finds its job, or submits it, never twice
`;

export async function runCommand(args: readonly string[], open: () => Session): Promise<number> {
  const call = parseRun(args);
  const { remote, stack } = open();
  const say = (line: string) => process.stderr.write(`${line}\n`);
  const submitted = await submitOnce(remote, call.submission, say);
  const { job } = submitted;
  if (!submitted.saved) say(`job ${job}: in the queue, but not on the scheduler's disk yet`);
  if (!call.wait) {
    if (call.json)
      process.stdout.write(`${JSON.stringify({ submission: call.submission.submission, ...submitted })}\n`);
    else process.stdout.write(`${submitted.known ? "Found" : "Submitted"} job ${job}\n`);
    return 0;
  }
  say(`job ${job}: ${submitted.known ? "found" : "submitted"}`);
  return wait(job, { stack, remote }, call.json);
}

/** Follows a job on this terminal. @returns the job's exit code, of an array the first that is not 0 */
export async function wait(
  job: number,
  { stack, remote }: Pick<Session, "stack" | "remote">,
  json: boolean,
): Promise<number> {
  const say = (line: string) => process.stderr.write(`${line}\n`);
  const interrupted = new AbortController();
  const stop = () => interrupted.abort();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, stop);
  const sink = json ? process.stderr : process.stdout;
  const listener = { output: (bytes: Buffer) => void sink.write(bytes), say };
  const ends = await followJob(remote, job, listener, interrupted.signal);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.off(signal, stop);
  if (ends === undefined) {
    const option = stack === "dev" ? "" : ` --stack ${stack}`;
    say(
      `\njob ${job} goes on. Follow it: logos job logs --follow ${job}${option}   Cancel it: logos job cancel ${job}${option}`,
    );
    return exitCodes.interrupted;
  }
  for (const end of ends) say(endLine(end));
  if (json) process.stdout.write(`${JSON.stringify(ends.length === 1 ? ends[0] : ends)}\n`);
  return ends.find((end) => end.exitCode !== 0)?.exitCode ?? 0;
}

export function endLine({ job, state, exitCode, node, restarts, record }: JobEnd): string {
  const moved = restarts === 0 ? "" : `, put back into the queue ${restarts === 1 ? "once" : `${restarts} times`}`;
  const place = node === "" ? "" : ` on ${node}`;
  const verdict = record?.verdict === undefined ? place : `: ${verdictLine(record)}`;
  return `job ${job}: ${state.toLowerCase()}, exit code ${exitCode}${moved}${verdict}`;
}
