import { expect } from "vitest";
import { nextDesired } from "../../core/pool/desired.ts";
import { isNodeName, nextNodeName } from "../../core/pool/names.ts";
import { type Action, type Plan, plan } from "../../core/pool/plan.ts";
import { type DrainedBy, type Failures, noFailures, type PoolNode, type World } from "../../core/pool/world.ts";

const tick = 1000;

/** What happens to a machine that is launched. */
export type Fate = "good" | "gate fails" | "dies at boot" | "never answers";

interface SimNode {
  readonly name: string;
  readonly version: string;
  readonly launchedAt: number;
  readonly fate: Fate;
  readonly bootTicks: number;
  age: number;
  readyAt: number | undefined;
  troubledSince: number | undefined;
  alive: boolean;
  registered: boolean;
  reachable: boolean;
  drainedBy: DrainedBy | undefined;
  drainedAt: number;
  /** Ticks of work left. */
  work: number;
}

export type Event =
  | { readonly kind: "calm" }
  | { readonly kind: "kill"; readonly pick: number }
  | { readonly kind: "work"; readonly pick: number; readonly ticks: number }
  | { readonly kind: "fault"; readonly pick: number }
  | { readonly kind: "hold"; readonly pick: number }
  | { readonly kind: "unplug"; readonly pick: number }
  | { readonly kind: "plug" }
  | { readonly kind: "release" }
  | { readonly kind: "slurm lost"; readonly ticks: number }
  | { readonly kind: "resize"; readonly min: number; readonly extra: number; readonly standby: number }
  | { readonly kind: "demand"; readonly nodes: number }
  | { readonly kind: "new version"; readonly fates: readonly Fate[] }
  | { readonly kind: "restart" };

/** A small world with machines, a controller and users, in which the planner's actions take effect. */
export class Simulation {
  now = 1_750_000_000_000;
  nodes: SimNode[] = [];
  readonly names = new Set<string>();
  min: number;
  max: number;
  standby: number;
  demand = 0;
  launches = 0;
  #version = 0;
  #fates: readonly Fate[] = ["good"];
  #failures: Failures = noFailures;
  #lastName: string | undefined;
  #slurmLostFor = 0;

  constructor(min: number, max: number, standby: number) {
    this.min = min;
    this.max = max;
    this.standby = standby;
  }

  get version(): string {
    return `v${this.#version}`;
  }

  get desired(): number {
    return nextDesired(undefined, this.demand, this);
  }

  happen(event: Event): void {
    const target = "pick" in event ? this.nodes[event.pick % Math.max(1, this.nodes.length)] : undefined;
    switch (event.kind) {
      case "kill":
        if (target !== undefined) target.alive = false;
        break;
      case "work":
        if (target !== undefined && this.#takesJobs(target)) target.work = event.ticks;
        break;
      case "fault":
      case "hold":
        if (target?.registered && (target.drainedBy === undefined || target.drainedBy === "standby"))
          target.drainedBy = event.kind === "fault" ? "fault" : "person";
        if (target?.drainedBy !== undefined) target.drainedAt = this.now;
        break;
      case "unplug":
        if (target !== undefined) target.reachable = false;
        break;
      case "plug":
        for (const node of this.nodes) node.reachable = true;
        break;
      case "release":
        for (const node of this.nodes) if (node.drainedBy === "person") node.drainedBy = undefined;
        break;
      case "slurm lost":
        this.#slurmLostFor = event.ticks;
        break;
      case "resize":
        this.min = event.min;
        this.max = event.min + event.extra;
        this.standby = event.standby;
        break;
      case "demand":
        this.demand = event.nodes;
        break;
      case "new version":
        this.#version += 1;
        this.#fates = event.fates;
        break;
      case "restart":
        this.#failures = noFailures;
        for (const node of this.nodes) node.troubledSince = undefined;
        break;
      case "calm":
        break;
    }
  }

  /** All faults end: machines of the current version boot, jobs finish, people release what they held. */
  heal(): void {
    this.#fates = ["good"];
    this.#slurmLostFor = 0;
    for (const node of this.nodes) {
      node.reachable = true;
      node.work = Math.min(node.work, 1);
      if (node.drainedBy === "person") node.drainedBy = undefined;
    }
  }

  observe(): World {
    return {
      now: this.now,
      wanted: {
        min: this.min,
        max: this.max,
        desired: this.desired,
        standby: this.standby,
        version: this.version,
        readyTimeout: 20 * tick,
      },
      slurmKnown: this.#slurmLostFor === 0,
      nodes: this.nodes.map((node) => this.#facts(node)),
      ending: 0,
      failures: this.#failures,
    };
  }

  apply(planned: Plan): void {
    this.#failures = planned.failures;
    for (const action of planned.actions) this.#act(action);
  }

  pass(): void {
    this.now += tick;
    this.#slurmLostFor = Math.max(0, this.#slurmLostFor - 1);
    for (const node of this.nodes) {
      node.age += 1;
      if (node.work > 0) node.work -= 1;
      if (node.fate === "dies at boot" && node.age >= node.bootTicks) node.alive = false;
      if (!node.registered && node.alive && node.fate === "good" && node.age >= node.bootTicks) {
        node.registered = true;
        node.drainedBy = "standby";
        node.drainedAt = this.now;
      }
      if (!node.alive || !node.reachable) node.work = 0;
      const up = node.registered && node.alive && node.reachable;
      if (up && (node.drainedBy === undefined || node.drainedBy === "standby")) node.readyAt ??= this.now;
      if (up || node.readyAt === undefined) node.troubledSince = undefined;
      else node.troubledSince ??= this.now;
    }
  }

  ready(): readonly SimNode[] {
    return this.nodes.filter((node) => this.#takesJobs(node));
  }

  #takesJobs(node: SimNode): boolean {
    return node.alive && node.registered && node.reachable && node.drainedBy === undefined;
  }

  #facts(node: SimNode): PoolNode {
    const gateFailed = node.fate === "gate fails" && node.age >= node.bootTicks;
    return {
      name: node.name,
      version: node.version,
      launchedAt: node.launchedAt,
      machine: node.alive ? "running" : "dead",
      slurm: this.#slurmLostFor > 0 ? { state: "absent" } : this.#record(node),
      ...(node.readyAt === undefined ? {} : { readyAt: node.readyAt }),
      ...(node.troubledSince === undefined ? {} : { troubledSince: node.troubledSince }),
      ...(gateFailed ? { failure: "gate FAIL" } : {}),
    };
  }

  #record(node: SimNode): PoolNode["slurm"] {
    const busy = node.work > 0;
    if (!node.registered) return { state: "absent" };
    const answers = node.alive && node.reachable;
    if (node.drainedBy !== undefined && (answers || node.drainedBy !== "standby"))
      return { state: "drain", busy, by: node.drainedBy, reason: "because", since: node.drainedAt };
    return answers ? { state: "up", busy } : { state: "down", busy, givenUp: !node.reachable };
  }

  #act(action: Action): void {
    if (action.kind === "launch") {
      this.#launch();
      return;
    }
    const node = this.nodes.find((candidate) => candidate.name === action.node);
    expect(node, `${action.kind} of a node that exists`).toBeDefined();
    if (node === undefined) return;
    if (action.kind === "drain" || action.kind === "demote") {
      node.drainedBy = action.kind === "drain" ? "pool" : "standby";
      node.drainedAt = this.now;
    } else if (action.kind === "resume" || action.kind === "promote") node.drainedBy = undefined;
    else if (action.kind === "requeue") node.work = 0;
    else this.nodes = this.nodes.filter((other) => other !== node);
  }

  #launch(): void {
    const name = nextNodeName(this.#lastName, this.now);
    expect(isNodeName(name)).toBe(true);
    expect(this.names.has(name), `${name} was never used`).toBe(false);
    this.names.add(name);
    this.#lastName = name;
    const fate = this.#fates[this.launches % this.#fates.length] ?? "good";
    this.launches += 1;
    this.nodes.push({
      name,
      version: this.version,
      launchedAt: this.now,
      fate,
      bootTicks: 1 + (this.launches % 4),
      age: 0,
      readyAt: undefined,
      troubledSince: undefined,
      alive: true,
      registered: false,
      reachable: true,
      drainedBy: undefined,
      drainedAt: 0,
      work: 0,
    });
  }
}

/** Lets a new pool come to rest. */
export function settle(world: Simulation): void {
  for (let ticks = 0; ticks < 30; ticks += 1) {
    world.apply(plan(world.observe()));
    world.pass();
  }
  expect(world.ready().length).toBe(world.min);
}
