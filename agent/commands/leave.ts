import { setTimeout as pause } from "node:timers/promises";
import { healthReason } from "../../core/slurm/reasons.ts";
import { Refusal } from "../failure.ts";
import { run, systemPath } from "../io/process.ts";
import { readMachineRecord } from "../machine.ts";
import { machinePaths } from "../paths.ts";

/**
 * How long jobs may take to end before they are requeued, and how long that may take, in seconds: together less than the
 * 30 s that GCP and Azure give a machine that they take away (AWS gives 120).
 */
const patience = { jobs: 15, requeue: 8 } as const;

/**
 * `logos-agent leave`: run when this machine is shut down, by whomever. Takes no more work, lets jobs end, and puts back
 * into the queue what does not end in time.
 */
export async function leaveCommand(): Promise<number> {
  const { name } = readMachineRecord(machinePaths.machine);
  const jobs = async (states: string): Promise<readonly string[]> =>
    (await slurm("squeue", "--noheader", `--nodelist=${name}`, `--states=${states}`, "--Format=JobID"))
      .split(/\s+/)
      .filter(Boolean);
  // The pool's manager takes this beginning for "unfit": the node is replaced, and never resumed.
  await slurm("scontrol", "update", `nodename=${name}`, "state=drain", `reason=${healthReason} the machine shuts down`);
  const all = "RUNNING,SUSPENDED,CONFIGURING,COMPLETING";
  if (await emptyWithin(patience.jobs, () => jobs(all))) return 0;
  for (const job of new Set(await jobs("RUNNING,SUSPENDED"))) {
    process.stderr.write(`job ${job} has not ended: requeued\n`);
    await slurm("scontrol", "requeue", job);
  }
  if (await emptyWithin(patience.requeue, () => jobs(all))) return 0;
  throw new Refusal(`${name} still has work; the controller requeues it when it finds the machine gone`);
}

async function emptyWithin(seconds: number, list: () => Promise<readonly string[]>): Promise<boolean> {
  const end = performance.now() + seconds * 1000;
  while ((await list()).length > 0) {
    if (performance.now() > end) return false;
    await pause(250);
  }
  return true;
}

async function slurm(program: string, ...args: readonly string[]): Promise<string> {
  const finished = await run({ argv: [program, ...args], cwd: "/", env: { PATH: systemPath }, timeoutSeconds: 5 });
  if (finished.code === 0) return finished.stdout;
  throw new Refusal(`${program} ${args[0]} failed: ${finished.timedOut ? "no answer in 5 s" : finished.tail.trim()}`);
}
