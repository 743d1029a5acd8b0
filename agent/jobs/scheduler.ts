import { type Job, jobsArguments, parseJobs, squeueEnvironment } from "../../core/jobs/queue.ts";
import { parseNodes, slurmJsonOption } from "../../core/slurm/nodes.ts";
import { run, systemPath } from "../io/process.ts";

/** The controller did not answer: nothing is known, and asking again may help. */
export class SchedulerDown extends Error {
  constructor(detail: string) {
    super(`The scheduler does not answer (${detail})`);
    this.name = "SchedulerDown";
  }
}

/** The controller answered with a refusal; the message is its own. */
export class SchedulerRefused extends Error {
  constructor(detail: string) {
    super(detail);
    this.name = "SchedulerRefused";
  }
}

/** Seconds after which a question to the controller counts as not answered. */
const patience = 20;

/** What Slurm's tools say when the controller could not be reached, or did not finish its answer. */
const unreachable =
  /unable to contact slurm controller|connection refused|connection timed out|socket timed out|zero bytes were transmitted|communication (?:connection )?failure|not responding|in standby mode|temporarily unable|unexpected message received|protocol authentication error/i;

/**
 * Runs one of Slurm's tools and answers with what it printed.
 * @throws SchedulerDown, SchedulerRefused
 */
export async function askScheduler(
  argv: readonly [string, ...string[]],
  options: { readonly input?: string; readonly lockFd?: number } = {},
): Promise<string> {
  const finished = await run({
    argv,
    cwd: "/",
    env: { PATH: systemPath, LANG: "C.UTF-8", ...squeueEnvironment },
    timeoutSeconds: patience,
    ...options,
  });
  if (finished.code === 0) return finished.stdout;
  const said = finished.stderr.trim().split("\n").slice(-3).join("; ");
  if (finished.timedOut || finished.code === null || unreachable.test(said))
    throw new SchedulerDown(finished.timedOut ? `no answer in ${patience} s` : said);
  throw new SchedulerRefused(said === "" ? `${argv[0]} ended with exit code ${finished.code}` : said);
}

/** A job and, for an array, all its tasks; none when the controller does not know it (any more). @throws SchedulerDown */
export async function findJobs(id: number): Promise<readonly Job[]> {
  try {
    return parseJobs(await askScheduler(["squeue", ...jobsArguments, "--states=all", `--jobs=${id}`]));
  } catch (error) {
    if (error instanceof SchedulerRefused && /invalid job id/i.test(error.message)) return [];
    throw error;
  }
}

/** Address of a node; empty when the controller does not know it. @throws SchedulerDown */
export async function addressOf(node: string): Promise<string> {
  try {
    const found = parseNodes(await askScheduler(["scontrol", "show", "node", node, slurmJsonOption]));
    return found[0]?.address ?? "";
  } catch (error) {
    if (error instanceof SchedulerRefused) return "";
    throw error;
  }
}
