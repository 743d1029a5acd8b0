import { setTimeout as pause } from "node:timers/promises";
import { objection } from "../../../core/demand/document.ts";
import { messageOf } from "../../../core/errors.ts";
import { nextDesired } from "../../../core/pool/desired.ts";
import { nextNodeName } from "../../../core/pool/names.ts";
import { type Claim, inSlurm } from "../../../core/pool/observe.ts";
import { type Action, type Plan, plan } from "../../../core/pool/plan.ts";
import { type Failures, noFailures, type PoolNode, type World } from "../../../core/pool/world.ts";
import { schedulableMemoryMb } from "../../../core/slurm/size.ts";
import { isAlive, type ProcessIdentity } from "../host/process.ts";
import { runningProcess } from "../machine/process.ts";
import { readIntent } from "../machine/record.ts";
import type { Bell } from "./bell.ts";
import { Boots } from "./boots.ts";
import { type Decision, readDecision, writeDecision } from "./decision.ts";
import type { DemandFeed } from "./feed.ts";
import type { Ending, Journal, NodeRecord } from "./journal.ts";
import { bootFailure, endNode, lastWords, launchNode } from "./node.ts";
import { look, SlurmControl, type SlurmSight } from "./slurm.ts";
import { type PoolSpec, readSpec } from "./spec.ts";
import { type NodeStatus, type PoolStatus, writeStatus } from "./status.ts";
import { StrayHunt } from "./strays.ts";

/** Milliseconds between two looks at Slurm while something is on its way, and while nothing is. */
const pace = { moving: 200, steady: 1000 } as const;
/** Milliseconds before what failed is tried again. */
const retryPause = 2000;

/**
 * Keeps one pool as its spec wants it: looks, plans, acts, reports, again and again. All it must not forget stands in the
 * journal and in Slurm; killed at any moment, another one goes on.
 */
export class PoolManager {
  readonly #labId: string;
  readonly #pool: string;
  readonly #journal: Journal;
  readonly #bell: Bell;
  readonly #feed: DemandFeed;
  readonly #log: (line: string) => void;
  readonly #signal: AbortSignal;
  /** Launches and endings under way, by node. */
  readonly #tasks = new Map<string, Promise<void>>();
  readonly #machines = new Map<string, ProcessIdentity>();
  readonly #addresses = new Map<string, string>();
  readonly #troubledSince = new Map<string, number>();
  readonly #boots = new Boots();
  #generation = 0;
  #failures: Failures = noFailures;
  #lastName: string | undefined;
  #lastStatus = "";
  #decision: Decision | undefined;
  readonly #hunt: StrayHunt;
  #demandTrouble: string | undefined;

  constructor(
    labId: string,
    pool: string,
    journal: Journal,
    bell: Bell,
    feed: DemandFeed,
    log: (line: string) => void,
    signal: AbortSignal,
  ) {
    this.#labId = labId;
    this.#pool = pool;
    this.#journal = journal;
    this.#bell = bell;
    this.#feed = feed;
    this.#log = log;
    this.#signal = signal;
    this.#hunt = new StrayHunt(labId, log);
  }

  /** Runs until it is told to stop or its pool is removed. */
  async run(): Promise<void> {
    while (!this.#signal.aborted) {
      let wait: number | undefined;
      try {
        wait = await this.#round();
        if (wait === undefined) break;
      } catch (error) {
        this.#log(`round failed: ${messageOf(error)}`);
        wait = pace.steady;
      }
      await this.#bell.wait(wait);
    }
    this.#feed.stop();
    await Promise.allSettled(this.#tasks.values());
  }

  /** A machine that ran is gone, or a gate has spoken: cheap enough to be asked ten times a second. */
  takeNews(): boolean {
    return this.#boots.takeNews() || [...this.#machines.values()].some((process) => !isAlive(process));
  }

  /** As wanted, or only gates are at work, which tell their end by themselves. */
  #nothingIsDue(planned: Plan, { state, nodes }: PoolStatus): boolean {
    if (this.#tasks.size > 0 || planned.actions.length > 0) return false;
    const settled = (phase: NodeStatus["phase"]) => phase === "ready" || phase === "standby" || phase === "held";
    return state === "steady" || nodes.every(({ name, phase }) => settled(phase) || this.#boots.isSilent(name));
  }

  /** Answers the milliseconds until the next, or undefined when the pool was removed. */
  async #round(): Promise<number | undefined> {
    const spec = await readSpec(this.#labId, this.#pool);
    if (spec === undefined) return undefined;
    if (spec.generation !== this.#generation) this.#adopt(spec);
    this.#feed.follow(spec);
    const control = new SlurmControl(this.#labId, spec.controlName);
    const slurm = await look(control);
    const most = { cpus: spec.node.cpus, memoryMb: schedulableMemoryMb(spec.node.memoryMb) };
    const nodes = await this.#look(slurm, most);
    const desired = await this.#decide(spec);
    const world: World = {
      now: Date.now(),
      wanted: {
        min: spec.min,
        max: spec.max,
        desired,
        standby: spec.standby,
        version: spec.version,
        readyTimeout: spec.readyTimeoutSeconds * 1000,
      },
      slurmKnown: slurm.error === undefined,
      nodes,
      ending: this.#journal.all().filter((record) => record.ending !== undefined).length,
      failures: this.#failures,
    };
    const planned = plan(world);
    this.#failures = planned.failures;
    await Promise.all(planned.actions.map((action) => this.#act(action, spec, control)));
    this.#resumeEndings(control);
    if (slurm.error === undefined) await this.#hunt.look(control, Date.now());
    const status = await this.#report(spec, planned, slurm, desired);
    return this.#nothingIsDue(planned, status) ? pace.steady : pace.moving;
  }

  /**
   * The number of nodes that should take work: this manager alone changes it, by the demand, and it outlives the manager.
   * A demand that cannot be trusted changes nothing.
   */
  async #decide(spec: PoolSpec): Promise<number> {
    this.#decision ??= await readDecision(this.#labId, this.#pool);
    const last = this.#decision;
    const { document, trouble } = this.#feed;
    // Who changed the pool's settings may have made the control plane anew, whose count begins anew.
    const lastSequence = last?.generation === spec.generation ? last.sequence : 0;
    const wrong = document === undefined ? (trouble ?? "no demand yet") : objection(document, Date.now(), lastSequence);
    this.#demandTrouble = wrong;
    const followed = wrong === undefined ? document : undefined;
    const desired = nextDesired(last?.desired, followed?.nodesWanted, spec);
    const next = { desired, sequence: followed?.sequence ?? lastSequence, generation: spec.generation };
    if (desired !== last?.desired) {
      const why = followed === undefined ? "bounds" : `demand ${followed.nodesWanted}, ${followed.pending} jobs wait`;
      this.#log(`desired ${last?.desired ?? "unset"} -> ${desired} (${why})`);
    }
    if (desired !== last?.desired || spec.generation !== last.generation)
      await writeDecision(this.#labId, this.#pool, next);
    this.#decision = next;
    return desired;
  }

  #adopt(spec: PoolSpec): void {
    this.#log(
      `generation ${spec.generation}: min ${spec.min}, max ${spec.max}, ${spec.imageId}, version ${spec.version}`,
    );
    this.#generation = spec.generation;
    // A person asked again: what failed before may have been mended.
    this.#failures = noFailures;
  }

  /** The facts of all nodes whose end is not decided. */
  async #look(slurm: SlurmSight, most: Claim): Promise<PoolNode[]> {
    const standing = this.#journal.all().filter((record) => record.ending === undefined);
    const nodes = await Promise.all(standing.map((record) => this.#lookAt(record, slurm, most)));
    return nodes.filter((node) => node !== undefined);
  }

  async #lookAt(record: NodeRecord, slurm: SlurmSight, most: Claim): Promise<PoolNode | undefined> {
    const { name } = record;
    const launching = this.#tasks.has(name);
    if (!launching && record.startedAt === undefined && record.failure === undefined) {
      await this.#decideEnd(name, { how: "retired", reason: "its launch was cut off" });
      return undefined;
    }
    const machine = launching || (await this.#machineRuns(record)) ? "running" : "dead";
    const known = slurm.error === undefined;
    const state = inSlurm(slurm.nodes.get(name), most);
    const proven = state.state === "up" || (state.state === "drain" && state.by === "standby");
    if (known && proven && record.readyAt === undefined) {
      await this.#journal.amend(name, { readyAt: Date.now() });
      this.#boots.forget(name);
      this.#log(`${name}: proven and registered ${Date.now() - record.launchedAt} ms after its launch`);
    }
    if (known && state.state === "absent" && machine === "running" && !launching) await this.#lookIntoBoot(record);
    const { version, launchedAt, readyAt, failure } = this.#journal.get(name) ?? record;
    const troubledSince = this.#noteTrouble(name, known, readyAt !== undefined && isTrouble(state.state));
    return {
      name,
      version,
      launchedAt,
      machine,
      slurm: state,
      ...(readyAt === undefined ? {} : { readyAt }),
      ...(troubledSince === undefined ? {} : { troubledSince }),
      ...(failure === undefined ? {} : { failure }),
    };
  }

  async #machineRuns({ name, startedAt }: NodeRecord): Promise<boolean> {
    if (startedAt === undefined) return false;
    const process = this.#machines.get(name) ?? (await runningProcess(this.#labId, name));
    if (process === undefined || !isAlive(process)) return false;
    this.#machines.set(name, process);
    if (!this.#addresses.has(name)) {
      const address = (await readIntent(this.#labId, name))?.address;
      if (address !== undefined) this.#addresses.set(name, address);
    }
    return true;
  }

  async #lookIntoBoot({ name, readyAt, failure }: NodeRecord): Promise<void> {
    const now = Date.now();
    const process = this.#machines.get(name);
    if (readyAt !== undefined || failure !== undefined || process === undefined) return;
    if (!this.#boots.isDue(name, process, now)) return;
    const found = await bootFailure(this.#labId, name);
    if (found !== undefined) await this.#journal.amend(name, { failure: found });
  }

  #noteTrouble(name: string, known: boolean, trouble: boolean): number | undefined {
    if (known && !trouble) this.#troubledSince.delete(name);
    if (known && trouble && !this.#troubledSince.has(name)) this.#troubledSince.set(name, Date.now());
    return this.#troubledSince.get(name);
  }

  async #act(action: Action, spec: PoolSpec, control: SlurmControl): Promise<void> {
    try {
      switch (action.kind) {
        case "launch":
          return this.#launch(spec);
        case "drain":
          this.#log(`${action.node}: drain (${action.reason})`);
          return await control.drain([action.node], action.reason);
        case "resume":
          this.#log(`${action.node}: resume`);
          return await control.resume(action.node);
        case "promote":
          this.#log(`${action.node}: promote`);
          return await control.promote(action.node);
        case "demote":
          this.#log(`${action.node}: demote`);
          return await control.standBy(action.node);
        case "requeue":
          this.#log(`${action.node}: requeue its jobs (${action.reason})`);
          return await control.requeueJobsOf(action.node);
        case "retire":
          await this.#noteLate(action.node, spec);
          // Slurm refuses when the node got work after it was looked at.
          if (await control.forget(action.node))
            await this.#decideEnd(action.node, { how: "retired", reason: action.reason });
          return;
        case "fence":
          return await this.#decideEnd(action.node, { how: "fenced", reason: action.reason });
      }
    } catch (error) {
      this.#log(`${action.kind} ${"node" in action ? action.node : ""} failed: ${messageOf(error)}`);
    }
  }

  /** Keeps what a node said that was not ready in time: nothing else is left of it. */
  async #noteLate(name: string, spec: PoolSpec): Promise<void> {
    const record = this.#journal.all().find((one) => one.name === name);
    if (record === undefined || record.readyAt !== undefined) return;
    if (Date.now() - record.launchedAt > spec.readyTimeoutSeconds * 1000)
      this.#log(`${name}: not ready in time; ${await lastWords(this.#labId, name)}`);
  }

  #launch(spec: PoolSpec): void {
    const latest = this.#journal.all().at(-1)?.name;
    const last = [this.#lastName, latest]
      .filter((name) => name !== undefined)
      .toSorted()
      .at(-1);
    const name = nextNodeName(last, Date.now());
    this.#lastName = name;
    this.#log(`${name}: launch`);
    this.#start(name, async () => {
      try {
        await launchNode(spec, name, this.#journal, this.#signal);
      } catch (error) {
        if (this.#signal.aborted) return;
        this.#log(`${name}: launch failed: ${messageOf(error)}`);
        await this.#journal.amend(name, { failure: `could not be launched: ${messageOf(error)}` });
      }
    });
  }

  async #decideEnd(name: string, ending: Ending): Promise<void> {
    this.#log(`${name}: ${ending.how} (${ending.reason})`);
    await this.#journal.amend(name, { ending });
  }

  /** Starts, or starts again, the end of all nodes for which it was decided. */
  #resumeEndings(control: SlurmControl): void {
    for (const record of this.#journal.all()) {
      if (record.ending === undefined || this.#tasks.has(record.name)) continue;
      this.#start(record.name, async () => {
        try {
          await endNode(this.#labId, record, control, this.#journal);
          this.#forget(record.name);
        } catch (error) {
          this.#log(`${record.name}: its end failed and is tried again: ${messageOf(error)}`);
          await pause(retryPause);
        }
      });
    }
  }

  #forget(name: string): void {
    for (const memory of [this.#machines, this.#addresses, this.#troubledSince]) memory.delete(name);
    this.#boots.forget(name);
  }

  #start(name: string, task: () => Promise<void>): void {
    const running = task().finally(() => {
      this.#tasks.delete(name);
      this.#bell.ring();
    });
    this.#tasks.set(name, running);
  }

  async #report(spec: PoolSpec, planned: Plan, slurm: SlurmSight, desired: number): Promise<PoolStatus> {
    const nodes = this.#journal.all().map((record) => this.#nodeStatus(record, spec, planned, slurm));
    const ending = nodes.some((node) => node.phase === "ending");
    const state = ending && planned.state === "steady" ? "converging" : planned.state;
    const { lastMessage } = planned.failures;
    const held = nodes.filter((node) => node.phase === "held").map((node) => node.name);
    const remarks = [
      slurm.error,
      this.#demandTrouble === undefined ? undefined : `${this.#demandTrouble}: the number of nodes stays as it is`,
      held.length > 0 ? `held back by a person: ${held.join(", ")}` : undefined,
    ].filter((remark) => remark !== undefined);
    const inPhase = (phase: NodeStatus["phase"]) => nodes.filter((node) => node.phase === phase).length;
    const status: PoolStatus = {
      generation: spec.generation,
      state,
      serves: planned.serves && !ending ? "yes" : "no",
      min: spec.min,
      max: spec.max,
      desired,
      wanted: this.#feed.document?.nodesWanted,
      standby: inPhase("standby"),
      draining: inPhase("leaving") + inPhase("unfit"),
      ready: nodes.filter((node) => node.phase === "ready" && node.current === "yes").length,
      nodes,
      ...(lastMessage === "" ? {} : { failure: lastMessage }),
      ...(remarks.length === 0 ? {} : { message: remarks.join("; ") }),
    };
    const text = JSON.stringify(status);
    if (text !== this.#lastStatus) await writeStatus(this.#labId, this.#pool, status);
    this.#lastStatus = text;
    this.#feed.tell(text);
    return status;
  }

  #nodeStatus(record: NodeRecord, spec: PoolSpec, planned: Plan, slurm: SlurmSight): NodeStatus {
    const { name, imageId, hostKeyPublic, launchedAt, readyAt, failure, ending } = record;
    const inSlurmNow = slurm.nodes.get(name);
    const process = this.#machines.get(name);
    return {
      name,
      phase: ending === undefined ? (planned.phases.get(name) ?? "starting") : "ending",
      address: this.#addresses.get(name),
      imageId,
      current: record.version === spec.version ? "yes" : "no",
      machine: process !== undefined && isAlive(process) ? "running" : "dead",
      slots: inSlurmNow?.cpus,
      usedSlots: inSlurmNow?.allocatedCpus,
      slurm: inSlurmNow === undefined ? undefined : [...inSlurmNow.flags].join("+"),
      verdict: inSlurmNow === undefined || inSlurmNow.extra === "" ? undefined : inSlurmNow.extra,
      hostKeyPublic,
      launchedAt: new Date(launchedAt).toISOString(),
      readyAt: readyAt === undefined ? undefined : new Date(readyAt).toISOString(),
      failure: ending === undefined ? failure : ending.reason,
    };
  }
}

function isTrouble(state: PoolNode["slurm"]["state"]): boolean {
  return state === "absent" || state === "down";
}
