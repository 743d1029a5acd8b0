import fc from "fast-check";
import { expect, test } from "vitest";
import { type Plan, plan } from "../../core/pool/plan.ts";
import type { World } from "../../core/pool/world.ts";
import { type Event, type Fate, Simulation, settle } from "./pool-simulation.ts";

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
