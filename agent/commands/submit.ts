import { existsSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as pause } from "node:timers/promises";
import { messageOf } from "../../core/errors.ts";
import { classRules } from "../../core/jobs/classes.ts";
import { exitCodes } from "../../core/jobs/exit-codes.ts";
import {
  findCommit,
  type JobTag,
  parseSizes,
  parseSubmission,
  parseTag,
  renderScript,
  type Submission,
  sbatchArguments,
  tooLarge,
} from "../../core/jobs/submission.ts";
import { Malformed } from "../../core/json.ts";
import { takeLock } from "../io/lock.ts";
import { run, systemPath } from "../io/process.ts";
import { askScheduler, SchedulerDown, SchedulerRefused } from "../jobs/scheduler.ts";
import { historyPath } from "../paths.ts";

/** Slurm writes its queue to disk at most this often, in seconds (SAVE_MAX_WAIT is 5); a little more. */
const saveSeconds = 8;
const savedQueue = "/var/lib/slurm/slurmctld/job_state";

class Refused extends Error {}

/**
 * `logos-agent submit`: on the control plane, with a submission as JSON on standard input. Submits it, or finds the job that an
 * earlier try with the same submission id made, and prints `{"job": ID, "known": BOOLEAN, "saved": BOOLEAN}`: `known` when
 * an earlier try had made it, `saved` when it stands in the queue on the scheduler's disk and so outlives a crash.
 * Exit codes: 0, 65 refused, 69 the scheduler does not answer and the same call may be made again.
 */
export async function submitCommand(): Promise<number> {
  try {
    const submission = parseSubmission(await text(process.stdin));
    // One at a time, so that a second try sees what the first one made; a try that was cut off keeps the lock as long as its
    // sbatch runs.
    const lock = takeLock(join(tmpdir(), `logos-submit-${process.getuid?.() ?? 0}.lock`), "a submission", 60);
    try {
      const known = await findSubmission(submission.submission);
      const job = known ?? (await submit(submission, lock.fd));
      const saved = await isSaved(submission.submission);
      process.stdout.write(`${JSON.stringify({ job, known: known !== undefined, saved })}\n`);
      return 0;
    } finally {
      lock.release();
    }
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`);
    if (error instanceof SchedulerDown) return exitCodes.unavailable;
    if (error instanceof Refused || error instanceof Malformed) return exitCodes.refused;
    throw error;
  }
}

async function findSubmission(id: string): Promise<number | undefined> {
  const lines = (await askScheduler(["squeue", "--noheader", "--states=all", "--format=%F|%k"])).split("\n");
  const line = lines.find((candidate) => parseTag(candidate.slice(candidate.indexOf("|") + 1))?.submission === id);
  return line === undefined ? undefined : Number(line.split("|")[0]);
}

async function submit(submission: Submission, lockFd: number): Promise<number> {
  const sizes = parseSizes(await askScheduler(["sinfo", "--noheader", "--format=%c|%m"]));
  const large = tooLarge(submission, sizes);
  if (large !== undefined) throw new Refused(large);
  const commit = commitOf(submission);
  const tag: JobTag = {
    submission: submission.submission,
    class: submission.class,
    ...(commit === undefined ? {} : { commit }),
  };
  try {
    const answer = await askScheduler(["sbatch", ...sbatchArguments(submission, tag)], {
      input: renderScript(submission, commit),
      lockFd,
    });
    return Number(answer.trim().split(";")[0]);
  } catch (error) {
    if (error instanceof SchedulerRefused) throw new Refused(`The scheduler refused the job: ${error.message}`);
    throw error;
  }
}

function commitOf({ class: jobClass, commit }: Submission): string | undefined {
  if (!classRules[jobClass].takesCommit) return undefined;
  const history = existsSync(historyPath) ? readFileSync(historyPath, "utf8").trim().split("\n") : [];
  const own = history[0];
  if (own === undefined) throw new Refused(`${historyPath}, the commits of the image, is missing: run \`up\``);
  const found = findCommit(commit ?? own, history);
  if ("refusal" in found) throw new Refused(found.refusal);
  return found.commit;
}

/** Looks for the submission in the queue as it lies on the scheduler's disk: an answer of the scheduler alone is in memory. */
async function isSaved(id: string): Promise<boolean> {
  const deadline = performance.now() + saveSeconds * 1000;
  while (performance.now() < deadline) {
    const argv = ["sudo", "--non-interactive", "grep", "--quiet", "--fixed-strings", "--text", id, savedQueue] as const;
    if ((await run({ argv, cwd: "/", env: { PATH: systemPath }, timeoutSeconds: 10 })).code === 0) return true;
    await pause(100);
  }
  return false;
}
