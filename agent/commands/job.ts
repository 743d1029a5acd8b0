import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { constants } from "node:os";
import { parseArgs } from "node:util";
import { classRules, type JobClass, jobClasses } from "../../core/jobs/classes.ts";
import { jobLogPort } from "../../core/jobs/log.ts";
import type { Finding, JobRecord } from "../../core/jobs/record.ts";
import { errorCode, Refusal } from "../failure.ts";
import { readFinding } from "../jobs/finding.ts";
import { LogClient } from "../jobs/log-client.ts";
import { readMachineRecord } from "../machine.ts";
import { machinePaths } from "../paths.ts";

/**
 * Seconds that the end of a job waits for a control plane that is away: longer than it takes to rebuild one. Slurm has the
 * job's exit code in any case.
 */
const deliverySeconds = 180;
/** The same when the job is being cancelled: Slurm kills it 5 s after it asked (KillWait). */
const lastWordsSeconds = 3;

/**
 * `logos-agent job CLASS [--commit C] [-- COMMAND...]`: the body of a job of `logos run`, on the node. Runs the class's program,
 * carries its output and its verdict to the control plane, and ends with its exit code.
 */
export async function jobCommand(args: readonly string[]): Promise<number> {
  const call = parseCall(args);
  const job = numberFrom("SLURM_JOB_ID", process.env.SLURM_JOB_ID);
  const attempt = numberFrom("SLURM_RESTART_COUNT", process.env.SLURM_RESTART_COUNT ?? "0");
  const { controlAddress, name: node } = readMachineRecord(machinePaths.machine);
  const startedAt = new Date().toISOString();

  let stop: (signal: NodeJS.Signals) => void = () => undefined;
  const client = new LogClient({ host: controlAddress, port: jobLogPort }, job, attempt, () => {
    process.stderr.write("The scheduler has this job running elsewhere: this attempt ends here.\n");
    stop("SIGKILL");
  });
  const standing = attempt === 0 ? undefined : await client.standing();
  if (standing !== undefined) {
    process.stdout.write(`Attempt ${standing.attempt + 1} had ended on ${standing.node}: its verdict stands.\n`);
    return standing.exitCode;
  }

  const [program, ...rest] = programOf(call);
  const child = spawn(program, rest, { stdio: ["ignore", "pipe", "pipe"], detached: true });
  let stopped = false;
  stop = (signal) => {
    stopped = true;
    signalGroup(child, signal);
  };
  // The agent's own handlers stop programs that it started with `run`; this one is told here.
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => stop(signal));
  let lastLine = "";
  child.stdout.on("data", (chunk: Buffer) => {
    process.stdout.write(chunk);
    client.add(chunk);
    lastLine = (lastLine + chunk.toString("utf8")).slice(-64 * 1024);
  });
  child.stderr.on("data", (chunk: Buffer) => {
    process.stderr.write(chunk);
    client.add(chunk);
  });
  const exitCode = await ended(child, program);
  // What it left running has no one to report to.
  signalGroup(child, "SIGKILL");
  const finding: Finding = call.class === "command" ? {} : readFinding(lastLine);
  const record: JobRecord = {
    job,
    attempt,
    class: call.class,
    node,
    startedAt,
    endedAt: new Date().toISOString(),
    exitCode,
    ...finding,
  };
  // An attempt that was stopped found nothing: Slurm knows why it ended, and may start another.
  await client.finish(stopped ? undefined : record, stopped ? lastWordsSeconds : deliverySeconds);
  return client.superseded ? 1 : exitCode;
}

interface Call {
  readonly class: JobClass;
  readonly commit: string | undefined;
  readonly command: readonly string[];
}

function parseCall(args: readonly string[]): Call {
  const end = args.indexOf("--");
  const { values, positionals } = parseArgs({
    args: end === -1 ? [...args] : args.slice(0, end),
    options: { commit: { type: "string" } },
    allowPositionals: true,
  });
  const command = end === -1 ? [] : args.slice(end + 1);
  const found = jobClasses.find((candidate) => candidate === positionals[0]);
  if (found === undefined || positionals.length !== 1 || (found === "command") !== command.length > 0)
    throw new Refusal(`Usage: logos-agent job ${jobClasses.join("|")} [--commit C] [-- COMMAND...]`);
  return { class: found, commit: values.commit, command };
}

/** What runs: for the workload's classes this program again, a boot as the user whose state folder it writes. */
function programOf({ class: jobClass, commit, command }: Call): readonly [string, ...string[]] {
  const [program, ...rest] = command;
  if (program !== undefined) return [program, ...rest];
  const option = commit === undefined || !classRules[jobClass].takesCommit ? [] : ["--commit", commit];
  const agent = ["/usr/bin/logos-agent", jobClass, ...option] as const;
  return jobClass === "boot" ? ["sudo", "--non-interactive", "--user=logos", ...agent] : [...agent];
}

function ended(child: ChildProcess, program: string): Promise<number> {
  return new Promise((resolve) => {
    child.on("error", (error) => {
      process.stderr.write(`${program} could not be started: ${error.message}\n`);
      resolve(127);
    });
    child.on("close", (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
  });
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    // A boot runs as another user. ESRCH: nothing of it runs any more.
    if (errorCode(error) === "EPERM")
      spawnSync("sudo", ["--non-interactive", "kill", `-${signal.slice(3)}`, "--", `-${child.pid}`]);
  }
}

function numberFrom(name: string, value: string | undefined): number {
  if (value !== undefined && /^\d+$/.test(value)) return Number(value);
  throw new Refusal(`${name} is ${value === undefined ? "not set" : `"${value}"`}: this command is run by a Slurm job`);
}
