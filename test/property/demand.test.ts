import fc from "fast-check";
import { expect, test } from "vitest";
import { type Bounds, demand, type QueueView } from "../../core/demand/demand.ts";
import { hold, type Sample } from "../../core/demand/window.ts";
import type { SlurmNode } from "../../core/slurm/nodes.ts";
import type { PendingJob } from "../../core/slurm/pending.ts";

const shape = { cpus: 4, memoryMb: 4096 };
const bounds: fc.Arbitrary<Bounds> = fc
  .record({ min: fc.nat(6), extra: fc.nat(6) })
  .map(({ min, extra }) => ({ min, max: Math.max(1, min + extra), shape }));

const job: fc.Arbitrary<Omit<PendingJob, "id">> = fc.record({
  cpus: fc.integer({ min: 1, max: 12 }),
  memoryMb: fc.integer({ min: 0, max: 6000 }),
  nodes: fc.integer({ min: 1, max: 3 }),
  cpusPerTask: fc.integer({ min: 1, max: 5 }),
  exclusive: fc.boolean(),
  constraint: fc.constantFrom("", "img-a", "img-b"),
  restarts: fc.nat(2),
  pinnedTo: fc.constantFrom("", "", "", "n-1"),
  reason: fc.constantFrom("Resources", "Priority", "None", "BeginTime", "Dependency", "JobHeldUser", "Something new"),
});
const queue = fc
  .array(job, { maxLength: 20 })
  .map((jobs) => jobs.map((one, index): PendingJob => ({ ...one, id: String(index + 1) })));
const nodes: fc.Arbitrary<readonly SlurmNode[]> = fc
  .array(
    fc.record({
      allocatedCpus: fc.nat(shape.cpus),
      allocatedMemoryMb: fc.nat(shape.memoryMb),
      flags: fc.constantFrom(["UP"], ["DRAIN"], ["NOT_RESPONDING"]),
    }),
    { maxLength: 6 },
  )
  .map((list) =>
    list.map(({ allocatedCpus, allocatedMemoryMb, flags }, index) => ({
      name: `n-${index}`,
      flags: new Set([allocatedCpus > 0 ? "MIXED" : "IDLE", ...flags]),
      reason: "",
      reasonSetBy: "",
      address: "",
      extra: "",
      cpus: shape.cpus,
      allocatedCpus,
      memoryMb: shape.memoryMb,
      allocatedMemoryMb: allocatedCpus > 0 ? allocatedMemoryMb : 0,
      features: ["img-a"],
      reasonSetAt: 0,
    })),
  );
const view: fc.Arbitrary<QueueView> = fc.record({ pending: queue, nodes });

test("the demand is within its bounds, whole, and the same each time", () => {
  fc.assert(
    fc.property(view, bounds, (given, limits) => {
      const { nodesWanted, counted, excluded } = demand(given, limits);
      expect(Number.isInteger(nodesWanted)).toBe(true);
      expect(nodesWanted).toBeGreaterThanOrEqual(limits.min);
      expect(nodesWanted).toBeLessThanOrEqual(limits.max);
      expect(counted + excluded.length).toBe(given.pending.length);
      expect(demand(given, limits)).toEqual({ nodesWanted, counted, excluded });
    }),
    { numRuns: 2000 },
  );
});

test("it does not depend on the order of jobs or nodes", () => {
  fc.assert(
    fc.property(view, bounds, fc.infiniteStream(fc.nat()), (given, limits, keys) => {
      const shuffle = <T>(list: readonly T[]) =>
        list
          .map((item) => ({ item, key: keys.next().value ?? 0 }))
          .toSorted((one, other) => one.key - other.key)
          .map(({ item }) => item);
      const other = { pending: shuffle(given.pending), nodes: shuffle(given.nodes) };
      expect(demand(other, limits)).toEqual(demand(given, limits));
    }),
    { numRuns: 1000 },
  );
});

test("a job that cannot start whatever nodes there are changes nothing", () => {
  fc.assert(
    fc.property(view, bounds, job, (given, limits, more) => {
      const blocked = [
        "Dependency",
        "JobHeldUser",
        "JobHeldAdmin",
        "PartitionDown",
        "JobArrayTaskLimit",
        "QOSJobLimit",
      ];
      const pending = [
        ...given.pending,
        ...blocked.map((reason, index) => ({ ...more, reason, id: `9${index}` })),
        { ...more, reason: "Resources", pinnedTo: "n-9", id: "98" },
        { ...more, reason: "Resources", cpus: 100_000, id: "99" },
      ];
      expect(demand({ ...given, pending }, limits).nodesWanted).toBe(demand(given, limits).nodesWanted);
    }),
    { numRuns: 1000 },
  );
});

/** The jobs of real queues: each of one node or less, all of one size. */
const uniform = fc.record({ cpus: fc.integer({ min: 1, max: 4 }), memoryMb: fc.nat(4096), count: fc.nat(40) });
const jobs = (count: number, cpus: number, memoryMb: number): PendingJob[] =>
  Array.from({ length: count }, (_, index) => ({
    id: String(index + 1),
    cpus,
    memoryMb,
    nodes: 1,
    cpusPerTask: 1,
    exclusive: false,
    constraint: "",
    restarts: 0,
    pinnedTo: "",
    reason: "Resources",
  }));

test("more work never wants fewer nodes", () => {
  fc.assert(
    fc.property(uniform, nodes, bounds, fc.nat(10), ({ cpus, memoryMb, count }, present, limits, more) => {
      const wanted = (number: number) => demand({ pending: jobs(number, cpus, memoryMb), nodes: present }, limits);
      expect(wanted(count + more).nodesWanted).toBeGreaterThanOrEqual(wanted(count).nodesWanted);
    }),
    { numRuns: 1000 },
  );
});

test("equal jobs get exactly the nodes that they fill", () => {
  fc.assert(
    fc.property(uniform, ({ cpus, memoryMb, count }) => {
      const perNode = Math.min(
        Math.floor(shape.cpus / cpus),
        memoryMb === 0 ? Number.POSITIVE_INFINITY : Math.floor(shape.memoryMb / memoryMb),
      );
      const { nodesWanted } = demand({ pending: jobs(count, cpus, memoryMb), nodes: [] }, { min: 0, max: 1000, shape });
      expect(nodesWanted).toBe(Math.ceil(count / perNode));
    }),
  );
});

test("as many nodes as are wanted are enough: with them, no fewer are wanted, and no more", () => {
  fc.assert(
    fc.property(queue, (pending) => {
      const limits = { min: 0, max: 1000, shape };
      const { nodesWanted } = demand({ pending, nodes: [] }, limits);
      const idle = Array.from({ length: nodesWanted }, (_, index) => ({
        name: `n-${index}`,
        flags: new Set(["IDLE"]),
        reason: "",
        reasonSetBy: "",
        address: "",
        extra: "",
        allocatedCpus: 0,
        allocatedMemoryMb: 0,
        features: ["img-a", "img-b"],
        reasonSetAt: 0,
        ...shape,
      }));
      expect(demand({ pending, nodes: idle }, limits).nodesWanted).toBe(nodesWanted);
    }),
    { numRuns: 1000 },
  );
});

test("growth is seen at once, and less only when the whole window asked for less", () => {
  const samples = fc.array(fc.record({ after: fc.nat(30_000), nodes: fc.nat(6) }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(samples, (steps) => {
      const all: Sample[] = [];
      let history: readonly Sample[] = [];
      let at = 0;
      for (const { after, nodes: asked } of steps) {
        at += after;
        all.push({ at, nodes: asked });
        const held = hold(history, { at, nodes: asked }, 60_000);
        ({ history } = held);
        const window = all.filter((sample) => sample.at > at - 60_000).map((sample) => sample.nodes);
        expect(held.nodes).toBe(Math.max(...window));
        expect(history.length).toBeLessThanOrEqual(7);
      }
    }),
    { numRuns: 500 },
  );
});
