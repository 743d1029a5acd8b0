import { messageOf } from "../../../core/errors.ts";
import { isPlaceholder, parseNodes, type SlurmNode, slurmJsonOption } from "../../../core/slurm/nodes.ts";
import { parseWaiting, type WaitingJob, waitingArguments } from "../../../core/slurm/queue.ts";
import { poolReason, standbyReason } from "../../../core/slurm/reasons.ts";
import { CommandFailed } from "../host/run.ts";
import { execInMachine } from "../machine/exec.ts";

/** Seconds after which a question to the controller counts as not answered. */
const patience = 5;

/** The cluster's controller, asked and told by its own tools on its own machine. Every call fails when it is not answered. */
export class SlurmControl {
  readonly #labId: string;
  readonly #machine: string;

  constructor(labId: string, machine: string) {
    this.#labId = labId;
    this.#machine = machine;
  }

  async nodes(): Promise<ReadonlyMap<string, SlurmNode>> {
    const text = await this.#run("scontrol", "show", "nodes", slurmJsonOption);
    return new Map(parseNodes(text).map((node) => [node.name, node]));
  }

  /** Gives the nodes no new work. */
  async drain(names: readonly string[], reason: string): Promise<void> {
    await this.#run(
      "scontrol",
      "update",
      `nodename=${names.join(",")}`,
      "state=drain",
      `reason=${poolReason} ${reason}`,
    );
  }

  /** Makes a node a standby node again. */
  async standBy(name: string): Promise<void> {
    await this.#run("scontrol", "update", `nodename=${name}`, "state=drain", `reason=${standbyReason}`);
  }

  /**
   * Lets a standby node take jobs at once. `state=resume` has Slurm ask the node to register first, after the round of pings that is
   * under way: seconds, when a machine that just died is among those asked.
   */
  async promote(name: string): Promise<void> {
    await this.#run("scontrol", "update", `nodename=${name}`, "state=idle");
  }

  /** Takes back the drain of a node. */
  async resume(name: string): Promise<void> {
    await this.#run("scontrol", "update", `nodename=${name}`, "state=resume");
  }

  /**
   * Says that the node is gone, so that its jobs go elsewhere. Nothing happens when Slurm does not know it.
   *
   * It is drained first: a ping that the node answered before its end may be read after it, and puts a node that is only down
   * back into service (node_did_resp), which would get the very job that was taken from it.
   */
  async down(name: string, reason: string): Promise<void> {
    for (const state of ["drain", "down"])
      await this.#unlessUnknown(
        "scontrol",
        "update",
        `nodename=${name}`,
        `state=${state}`,
        `reason=${poolReason} ${reason}`,
      );
  }

  /**
   * Removes the node's record; false when the node has work, which Slurm checks under its own lock. Jobs that wait for this
   * very node lose the pin first: its name never comes back, and Slurm would fail them at its next start.
   */
  async forget(name: string): Promise<boolean> {
    for (const job of await this.#waiting()) if (job.pinnedTo === name) await this.#updateJob(job.id, "ReqNodeList=");
    try {
      await this.#unlessUnknown("scontrol", "delete", `nodename=${name}`);
      return true;
    } catch (error) {
      if (error instanceof CommandFailed && /busy/i.test(error.stderr)) return false;
      throw error;
    }
  }

  /** Puts the jobs of a node back into the queue. One that may not be requeued is left alone. */
  async requeueJobsOf(name: string): Promise<void> {
    const jobs = await this.#run(
      "squeue",
      "--noheader",
      `--nodelist=${name}`,
      "--states=RUNNING,SUSPENDED",
      "--Format=JobID",
    );
    for (const job of new Set(jobs.split(/\s+/).filter(Boolean))) await this.#tryOn("scontrol", "requeue", job);
  }

  /**
   * Lets requeued jobs start now, where Slurm would hold them back for as long as their old credentials last. That wait
   * protects what still runs on a node that Slurm gave up, so it stays while there is such a node whose machine may live.
   * The jobs are listed before the nodes: one that is requeued in between is left for the next time.
   */
  async releaseRequeued(isGone: (node: string) => Promise<boolean>): Promise<void> {
    const jobs = (await this.#waiting()).filter((job) => job.heldBack);
    if (jobs.length === 0) return;
    for (const node of (await this.nodes()).values()) {
      // One that is silent and not given up yet still has its jobs.
      if (node.flags.has("DOWN") && !isPlaceholder(node) && !(await isGone(node.name))) return;
    }
    for (const job of jobs) await this.#updateJob(job.id, "StartTime=now");
  }

  async #waiting(): Promise<readonly WaitingJob[]> {
    return parseWaiting(await this.#run("squeue", ...waitingArguments));
  }

  // Slurm refuses for a job that began, ended or was held since it was listed: then there is nothing to change any more.
  #updateJob(job: string, change: string): Promise<void> {
    return this.#tryOn("scontrol", "update", `jobid=${job}`, change);
  }

  async #tryOn(program: string, ...args: readonly string[]): Promise<void> {
    try {
      await this.#run(program, ...args);
    } catch (error) {
      if (!(error instanceof CommandFailed)) throw error;
    }
  }

  async #unlessUnknown(program: string, ...args: readonly string[]): Promise<void> {
    try {
      await this.#run(program, ...args);
    } catch (error) {
      if (!(error instanceof CommandFailed && /invalid node name/i.test(error.stderr))) throw error;
    }
  }

  // `timeout` ends the program inside the machine; the signal ends the waiting for it when the machine itself hangs.
  #run(program: string, ...args: readonly string[]): Promise<string> {
    const argv = ["timeout", `${patience}`, program, ...args] as const;
    return execInMachine(this.#labId, this.#machine, argv, { signal: AbortSignal.timeout((patience + 1) * 1000) });
  }
}

/** What Slurm knows of its nodes. */
export interface SlurmSight {
  readonly nodes: ReadonlyMap<string, SlurmNode>;
  /** Why it could not be asked; then `nodes` is empty and means nothing. */
  readonly error?: string;
}

/** Asks it; a Slurm that does not answer is no error, but says nothing about its nodes. */
export async function look(control: SlurmControl): Promise<SlurmSight> {
  try {
    return { nodes: await control.nodes() };
  } catch (error) {
    return { nodes: new Map(), error: `Slurm does not answer: ${messageOf(error)}` };
  }
}
