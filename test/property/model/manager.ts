import { type Bounds, demand } from "../../../core/demand/demand.ts";
import { hold, type Sample } from "../../../core/demand/window.ts";
import { nextDesired } from "../../../core/pool/desired.ts";
import { nextNodeName } from "../../../core/pool/names.ts";
import { inSlurm } from "../../../core/pool/observe.ts";
import { type Action, type Plan, plan } from "../../../core/pool/plan.ts";
import { type Failures, noFailures, type PoolNode } from "../../../core/pool/world.ts";
import { poolReason, standbyReason } from "../../../core/slurm/reasons.ts";
import { Broken, type Cluster, shape } from "./cluster.ts";

interface Entry {
  readonly name: string;
  readonly version: string;
  readonly launchedAt: number;
  readyAt?: number;
  ending?: "retired" | "fenced";
  /** The next step of its end. */
  step: "kill" | "down" | "delete" | "release" | "gone";
}

export interface Settings {
  min: number;
  max: number;
  standby: number;
  version: string;
}

/** `drain first` is the real planner's; `check then terminate` ends at once what was idle when it was looked at. */
export type Policy = "drain first" | "check then terminate";

/**
 * SIMULATION of the pool's manager around the real planner and the real demand: it looks, plans, and does one thing at a
 * time, each of which may come late, and forgets everything but its journal and its number when it is killed.
 */
export class Manager {
  readonly journal = new Map<string, Entry>();
  readonly #cluster: Cluster;
  readonly #policy: Policy;
  readonly #random: () => number;
  desired: number | undefined;
  last: Plan | undefined;
  #todo: Action[] = [];
  #failures: Failures = noFailures;
  #troubledSince = new Map<string, number>();
  #lastName: string | undefined;
  #history: readonly Sample[] = [];
  #used = new Set<string>();

  constructor(cluster: Cluster, policy: Policy, random: () => number) {
    this.#cluster = cluster;
    this.#policy = policy;
    this.#random = random;
  }

  crash(): void {
    this.#todo = [];
    this.#failures = noFailures;
    this.#troubledSince = new Map();
  }

  look(settings: Settings): void {
    const { now, answers } = this.#cluster;
    const records = new Map(this.#cluster.nodes().map((node) => [node.name, node]));
    const bounds: Bounds = { min: 0, max: settings.max, shape };
    let wanted: number | undefined;
    if (answers) {
      const found = demand({ pending: this.#cluster.pending(), nodes: [...records.values()] }, bounds);
      const held = hold(this.#history, { at: now, nodes: found.nodesWanted }, 20_000);
      this.#history = held.history;
      wanted = held.nodes;
    }
    this.desired = nextDesired(this.desired, wanted, settings);
    const nodes: PoolNode[] = [];
    for (const entry of this.journal.values()) {
      if (entry.ending !== undefined) continue;
      const slurm = answers ? inSlurm(records.get(entry.name), shape) : ({ state: "absent" } as const);
      if (slurm.state === "up" || (slurm.state === "drain" && slurm.by === "standby")) entry.readyAt ??= now;
      const trouble = answers && entry.readyAt !== undefined && (slurm.state === "absent" || slurm.state === "down");
      if (answers && !trouble) this.#troubledSince.delete(entry.name);
      else if (trouble && !this.#troubledSince.has(entry.name)) this.#troubledSince.set(entry.name, now);
      const troubledSince = this.#troubledSince.get(entry.name);
      const { name, version, launchedAt, readyAt } = entry;
      nodes.push({
        name,
        version,
        launchedAt,
        machine: this.#cluster.machines.get(name)?.alive ? "running" : "dead",
        slurm,
        ...(readyAt === undefined ? {} : { readyAt }),
        ...(troubledSince === undefined ? {} : { troubledSince }),
      });
    }
    const next = { ...settings, desired: this.desired, readyTimeout: 60_000 };
    const ending = [...this.journal.values()].filter((entry) => entry.ending !== undefined).length;
    this.last = plan({ now, wanted: next, slurmKnown: answers, nodes, ending, failures: this.#failures });
    this.#failures = this.last.failures;
    this.#todo = [...this.last.actions];
  }

  /** Does the next thing of the last plan. False when there is none. */
  act(settings: Settings): boolean {
    const action = this.#todo.shift();
    if (action === undefined) return false;
    if (action.kind === "launch") this.#launch(settings);
    else if (this.#cluster.answers || action.kind === "fence") this.#actOn(action.node, action);
    return true;
  }

  /** One step of one end that was decided. False when there is none. */
  proceed(): boolean {
    const ending = [...this.journal.values()].filter((entry) => entry.ending !== undefined);
    const entry = ending[Math.floor(this.#random() * ending.length)];
    if (entry === undefined) return false;
    switch (entry.step) {
      case "kill":
        if (this.#policy === "drain first" && entry.ending === "retired") {
          if (!this.#cluster.answers) return true;
          if (!this.#cluster.delete(entry.name)) {
            delete entry.ending;
            return true;
          }
        }
        this.#end(entry.name, entry.ending === "retired");
        entry.step = entry.ending === "fenced" ? "down" : "delete";
        return true;
      case "down":
        if (this.#cluster.answers) {
          this.#cluster.down(entry.name);
          entry.step = "delete";
        }
        return true;
      case "delete":
        if (this.#cluster.answers && this.#cluster.delete(entry.name)) entry.step = "release";
        return true;
      case "release":
        this.#cluster.release((name) => this.#cluster.machines.get(name)?.alive !== true);
        entry.step = "gone";
        return true;
      case "gone":
        this.journal.delete(entry.name);
        return true;
    }
  }

  #launch({ version }: Settings): void {
    const name = nextNodeName(this.#lastName, this.#cluster.now);
    if (this.#used.has(name)) throw new Broken(`the name ${name} came back`);
    this.#used.add(name);
    this.#lastName = name;
    this.journal.set(name, { name, version, launchedAt: this.#cluster.now, step: "kill" });
    this.#cluster.boot(name, version, 1000 + Math.floor(this.#random() * 8000));
  }

  #actOn(name: string, action: Exclude<Action, { kind: "launch" }>): void {
    const entry = this.journal.get(name);
    if (entry === undefined || entry.ending !== undefined) return;
    const leaves = action.kind === "demote" || (action.kind === "drain" && action.reason === "scale-in");
    if (this.#policy === "check then terminate" && leaves) {
      entry.ending = "retired";
      return;
    }
    switch (action.kind) {
      case "drain":
        this.#cluster.drain(name, `${poolReason} ${action.reason}`);
        break;
      case "demote":
        this.#cluster.drain(name, standbyReason);
        break;
      case "resume":
      case "promote":
        this.#cluster.resume(name);
        break;
      case "requeue":
        for (const job of this.#cluster.running(name)) {
          this.#cluster.machines.get(name)?.processes.delete(job.id);
          this.#cluster.requeue(job);
        }
        break;
      case "retire":
        if (this.#cluster.delete(name)) entry.ending = "retired";
        break;
      case "fence":
        entry.ending = "fenced";
    }
  }

  #end(name: string, mustBeIdle: boolean): void {
    const machine = this.#cluster.machines.get(name);
    const working = machine === undefined ? [] : [...machine.processes.keys()];
    const real = working.filter((id) => this.#cluster.jobs.get(id)?.node === name);
    if (mustBeIdle && real.length > 0) throw new Broken(`${name} was ended with job ${real.join(", ")} at work`);
    this.#cluster.kill(name);
  }
}
