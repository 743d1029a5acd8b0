import fc from "fast-check";
import { expect, test } from "vitest";
import { nextDesired } from "../../core/pool/desired.ts";
import { isNodeName, nextNodeName } from "../../core/pool/names.ts";
import { type Action, type Plan, plan } from "../../core/pool/plan.ts";
import { type DrainedBy, type Failures, noFailures, type PoolNode, type World } from "../../core/pool/world.ts";

const tick = 1000;

/** What happens to a machine that is launched. */
type Fate = "good" | "gate fails" | "dies at boot" | "never answers";

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

type Event =
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
class Simulation {
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

/** What must hold for every plan, whatever the world looks like. */
function checkPlan(world: World, planned: Plan): void {
  const named = planned.actions.filter((action) => action.kind !== "launch");
  expect(new Set(named.map((action) => action.node)).size, "one action per node").toBe(named.length);
  const launched = planned.actions.length - named.length;
  const alive = world.nodes.filter((node) => node.machine === "running").length;
  expect(
    launched === 0 || alive + launched <= 2 * (world.wanted.max + world.wanted.standby),
    "at most twice max machines",
  ).toBe(true);
  if (!world.slurmKnown) expect(named, "nothing is touched that Slurm was not asked about").toEqual([]);

  for (const action of named) {
    const node = world.nodes.find((candidate) => candidate.name === action.node);
    expect(node).toBeDefined();
    if (node === undefined) return;
    if (action.kind === "retire") {
      expect(node.slurm.state === "absent" || !node.slurm.busy, "no node with work is ended").toBe(true);
      expect(["absent", "drain", "down"], "drained before it is ended").toContain(node.slurm.state);
      if (node.slurm.state === "drain") expect(node.slurm.by, "a person's drain is left alone").not.toBe("person");
    }
    if (action.kind === "fence") {
      const lost = node.troubledSince !== undefined && ["absent", "down"].includes(node.slurm.state);
      expect(node.machine === "dead" || lost, "only the dead and the long lost are fenced").toBe(true);
    }
    if (action.kind === "resume") {
      expect(node.slurm.state).toBe("drain");
      if (node.slurm.state === "drain") expect(["pool", "standby"]).toContain(node.slurm.by);
    }
    if (action.kind === "promote") expect(node.slurm).toMatchObject({ state: "drain", by: "standby", busy: false });
    if (action.kind === "demote") expect(node.slurm).toEqual({ state: "up", busy: false });
  }

  const ready = world.nodes.filter((node) => node.machine === "running" && node.slurm.state === "up").length;
  const drained = named.filter((action) => action.kind === "drain" || action.kind === "demote").length;
  expect(drained === 0 || ready - drained >= world.wanted.desired, "drains leave the wanted number ready").toBe(true);
}

const pick = fc.nat(11);
const fates = fc.array(fc.constantFrom<Fate>("good", "good", "gate fails", "dies at boot", "never answers"), {
  minLength: 1,
  maxLength: 4,
});
const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Event>({ kind: "calm" }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("kill" as const), pick }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("work" as const), pick, ticks: fc.nat(15) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("fault" as const), pick }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("hold" as const), pick }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("unplug" as const), pick }) },
  { weight: 1, arbitrary: fc.constant<Event>({ kind: "plug" }) },
  { weight: 1, arbitrary: fc.constant<Event>({ kind: "release" }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("slurm lost" as const), ticks: fc.nat(20) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("resize" as const),
      min: fc.integer({ min: 1, max: 6 }),
      extra: fc.nat(3),
      standby: fc.nat(2),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("demand" as const), nodes: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("new version" as const), fates }) },
  { weight: 1, arbitrary: fc.constant<Event>({ kind: "restart" }) },
);

test("whatever happens, no plan breaks a promise, and the pool heals when the faults end", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 6 }),
      fc.nat(3),
      fc.nat(2),
      fc.array(event, { maxLength: 120 }),
      (min, extra, standby, events) => {
        const world = new Simulation(min, min + extra, standby);
        const step = (): Plan => {
          const seen = world.observe();
          const planned = plan(seen);
          checkPlan(seen, planned);
          world.apply(planned);
          world.pass();
          return planned;
        };
        for (const one of events) {
          world.happen(one);
          step();
        }
        world.heal();
        // The longest pause between launches is 300 s, the longest boot that fails takes 20 s.
        // A node that works is left to finish, which is steady too: only an idle pool must have the wanted size.
        let idle = false;
        let last = step();
        for (let ticks = 0; ticks < 1000 && !(idle && last.state === "steady"); ticks += 1) {
          idle = world.nodes.every((node) => node.work === 0);
          last = step();
        }
        expect(last.state).toBe("steady");
        expect(world.ready().length).toBe(world.desired);
        expect(world.nodes.filter((node) => node.drainedBy === "standby").length).toBe(world.standby);
        expect(world.ready().every((node) => node.version === world.version)).toBe(true);
      },
    ),
    { numRuns: 1500 },
  );
});

test("a rolling replacement never has fewer than min ready, with work on every node", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 6 }),
      fc.nat(3),
      fc.array(fc.nat(12), { minLength: 60, maxLength: 60 }),
      (min, extra, work) => {
        const world = new Simulation(min, min + extra, 1);
        settle(world);
        world.happen({ kind: "new version", fates: ["good"] });
        for (const [index, ticks] of work.entries()) {
          world.happen({ kind: "work", pick: index, ticks });
          world.apply(plan(world.observe()));
          world.pass();
          expect(world.ready().length).toBeGreaterThanOrEqual(min);
        }
        expect(world.nodes.every((node) => node.version === world.version)).toBe(true);
      },
    ),
  );
});

test("a version that always fails costs the old one nothing and is tried ever more slowly", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 6 }),
      fc.constantFrom<Fate>("gate fails", "dies at boot", "never answers"),
      (min, fate) => {
        const world = new Simulation(min, min, 0);
        settle(world);
        const before = world.ready().map((node) => node.name);
        const launched = world.launches;
        world.happen({ kind: "new version", fates: [fate] });
        let last = plan(world.observe());
        for (let ticks = 0; ticks < 3600; ticks += 1) {
          world.apply(last);
          world.pass();
          last = plan(world.observe());
        }
        expect(world.ready().map((node) => node.name)).toEqual(before);
        expect(last.state).toBe("stalled");
        expect(last.failures.lastMessage).not.toBe("");
        // One hour: five short pauses, then one launch every five minutes.
        expect(world.launches - launched).toBeLessThanOrEqual(19);
        expect(world.launches - launched).toBeGreaterThanOrEqual(10);
      },
    ),
    { numRuns: 20 },
  );
});

function settle(world: Simulation): void {
  for (let ticks = 0; ticks < 30; ticks += 1) {
    world.apply(plan(world.observe()));
    world.pass();
  }
  expect(world.ready().length).toBe(world.min);
}
