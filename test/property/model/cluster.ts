import type { SlurmNode } from "../../../core/slurm/nodes.ts";
import type { PendingJob } from "../../../core/slurm/pending.ts";
import { standbyReason } from "../../../core/slurm/reasons.ts";
import { timeouts } from "../../../core/slurm/timeouts.ts";

/** Slots and MiB of every machine of the model. */
export const shape = { cpus: 2, memoryMb: 2000 };
const second = 1000;

export interface Job {
  readonly id: string;
  readonly cpus: number;
  readonly work: number;
  state: "pending" | "running" | "done";
  node: string | undefined;
  /** Not started before. */
  beginAt: number;
  restarts: number;
  verdicts: number;
}

export interface Machine {
  readonly name: string;
  readonly version: string;
  readonly bootsAt: number;
  alive: boolean;
  frozen: boolean;
  /** Its cable is out. */
  cut: boolean;
  heardAt: number;
  unknownSince: number | undefined;
  /** Jobs whose processes are here, and the work that is left of them. */
  readonly processes: Map<string, number>;
}

interface Record {
  drain: { readonly reason: string; readonly since: number } | undefined;
  down: boolean;
  silentSince: number | undefined;
}

/** A broken promise. */
export class Broken extends Error {}

/**
 * SIMULATION of machines and Slurm: what reference and measurements say of both, no more. Requests are atomic, as under
 * the controller's lock; everything between them may interleave.
 */
export class Cluster {
  now = 1_750_000_000_000;
  readonly jobs = new Map<string, Job>();
  readonly machines = new Map<string, Machine>();
  readonly records = new Map<string, Record>();
  paused = false;
  answers = true;
  /** How long a node is silent before Slurm gives it up: 1 to 2.4 times its timeout. */
  readonly #patience: number;

  constructor(random: () => number) {
    this.#patience = timeouts.slurmdSeconds * second * (1 + 1.4 * random());
  }

  submit(cpus: number, work: number): void {
    const id = String(this.jobs.size + 1);
    const job: Job = { id, cpus, work, state: "pending", node: undefined, beginAt: 0, restarts: 0, verdicts: 0 };
    this.jobs.set(id, job);
  }

  boot(name: string, version: string, takes: number): void {
    const machine = { name, version, bootsAt: this.now + takes, alive: true, frozen: false, cut: false };
    this.machines.set(name, { ...machine, heardAt: this.now, unknownSince: undefined, processes: new Map() });
  }

  kill(name: string): void {
    const machine = this.machines.get(name);
    if (machine === undefined) return;
    machine.alive = false;
    machine.processes.clear();
  }

  drain(name: string, reason: string): void {
    const record = this.records.get(name);
    if (record !== undefined) record.drain = { reason, since: this.now };
  }

  resume(name: string): void {
    const record = this.records.get(name);
    if (record !== undefined) record.drain = undefined;
  }

  down(name: string): void {
    const record = this.records.get(name);
    if (record === undefined) return;
    record.down = true;
    for (const job of this.running(name)) this.requeue(job);
  }

  /** Refused while the node has work. */
  delete(name: string): boolean {
    if (this.running(name).length > 0) return false;
    this.records.delete(name);
    return true;
  }

  /** Lets requeued jobs start, unless a node that was given up may still live. */
  release(isGone: (name: string) => boolean): void {
    const unsafe = [...this.records].some(([name, record]) => record.down && !isGone(name));
    if (unsafe) return;
    for (const job of this.jobs.values()) if (job.restarts > 0) job.beginAt = Math.min(job.beginAt, this.now);
  }

  requeue(job: Job): void {
    job.state = "pending";
    job.node = undefined;
    job.restarts += 1;
    job.beginAt = this.now + (timeouts.credentialSeconds + 1) * second;
  }

  running(name: string): readonly Job[] {
    return [...this.jobs.values()].filter((job) => job.state === "running" && job.node === name);
  }

  pass(ms: number): void {
    this.now += ms;
    for (const machine of this.machines.values()) this.#isolate(machine, ms);
    for (const machine of this.machines.values()) this.#live(machine, ms);
    if (!this.answers) return;
    for (const [name, record] of this.records) this.#ping(name, record);
    for (const machine of this.machines.values()) this.#watch(machine);
    if (!this.paused) this.#schedule();
  }

  nodes(): readonly SlurmNode[] {
    return [...this.records].map(([name, record]) => {
      const allocated = this.running(name).reduce((sum, job) => sum + job.cpus, 0);
      const base = record.down ? "DOWN" : allocated > 0 ? "MIXED" : "IDLE";
      const silent = this.#isSilent(name, record) ? ["NOT_RESPONDING"] : [];
      return {
        name,
        flags: new Set([base, ...(record.drain === undefined ? [] : ["DRAIN"]), ...silent]),
        reason: record.drain?.reason ?? "",
        reasonSetBy: "root",
        address: "",
        extra: "",
        ...shape,
        allocatedCpus: allocated,
        allocatedMemoryMb: 0,
        features: [],
        reasonSetAt: record.drain?.since ?? 0,
      };
    });
  }

  pending(): readonly PendingJob[] {
    return [...this.jobs.values()]
      .filter((job) => job.state === "pending")
      .map(({ id, cpus, restarts, beginAt }) => ({
        id,
        cpus,
        memoryMb: 0,
        nodes: 1,
        cpusPerTask: 1,
        exclusive: false,
        constraint: "",
        restarts,
        pinnedTo: "",
        reason: this.paused ? "PartitionDown" : beginAt > this.now ? "BeginTime" : "Resources",
      }));
  }

  /** Asleep for too long, or cut off: the node's watchdog, overdue when it wakes, acts before its jobs get anywhere. */
  #isolate(machine: Machine, ms: number): void {
    if (!machine.frozen && this.now - machine.heardAt > timeouts.isolationSeconds * second + ms)
      machine.processes.clear();
  }

  /** Processes do their work; whose job is no longer Slurm's there reports to nobody. */
  #live(machine: Machine, ms: number): void {
    if (!machine.alive || machine.frozen) return;
    for (const [id, left] of machine.processes) {
      const elsewhere = [...this.machines.values()].find(
        (other) => other !== machine && other.alive && !other.frozen && other.processes.has(id),
      );
      if (elsewhere !== undefined) throw new Broken(`job ${id} runs on ${machine.name} and on ${elsewhere.name}`);
      machine.processes.set(id, left - ms);
      const job = this.jobs.get(id);
      if (left - ms > 0 || job === undefined || !this.#reaches(machine)) continue;
      machine.processes.delete(id);
      if (job.state !== "running" || job.node !== machine.name) continue;
      job.state = "done";
      job.node = undefined;
      job.verdicts += 1;
    }
  }

  #reaches(machine: Machine): boolean {
    return machine.alive && !machine.frozen && !machine.cut && this.answers;
  }

  #isSilent(name: string, record: Record): boolean {
    const machine = this.machines.get(name);
    return record.down || machine === undefined || !machine.alive || machine.frozen || machine.cut;
  }

  /** The controller's side: silence, giving up, return, and jobs that a node does not have. */
  #ping(name: string, record: Record): void {
    const machine = this.machines.get(name);
    if (machine === undefined || !this.#reaches(machine)) {
      record.silentSince ??= this.now;
      if (!record.down && this.now - record.silentSince > this.#patience) this.down(name);
      return;
    }
    record.silentSince = undefined;
    record.down = false;
    for (const id of machine.processes.keys()) {
      const job = this.jobs.get(id);
      if (job?.state !== "running" || job.node !== name) machine.processes.delete(id);
    }
    for (const job of this.running(name)) if (!machine.processes.has(job.id)) this.requeue(job);
  }

  /** The node's side: it registers at boot, and again when it was forgotten. */
  #watch(machine: Machine): void {
    if (!this.#reaches(machine) || this.now < machine.bootsAt) return;
    machine.heardAt = this.now;
    if (this.records.has(machine.name)) {
      machine.unknownSince = undefined;
      return;
    }
    machine.unknownSince ??= this.now;
    if (machine.unknownSince !== this.now && this.now - machine.unknownSince < 6 * second) return;
    machine.processes.clear();
    machine.unknownSince = this.now;
    const drain = { reason: standbyReason, since: this.now };
    this.records.set(machine.name, { drain, down: false, silentSince: undefined });
  }

  #schedule(): void {
    for (const job of this.jobs.values()) {
      if (job.state !== "pending" || job.beginAt > this.now) continue;
      const found = [...this.records].find(([name, record]) => {
        const used = this.running(name).reduce((sum, one) => sum + one.cpus, 0);
        // Slurm does not know of a death at once: it may start a job on a machine that is gone.
        return record.drain === undefined && !record.down && used + job.cpus <= shape.cpus;
      });
      if (found === undefined) continue;
      const machine = this.machines.get(found[0]);
      job.state = "running";
      job.node = found[0];
      if (machine !== undefined && this.#reaches(machine)) machine.processes.set(job.id, job.work);
    }
  }
}
