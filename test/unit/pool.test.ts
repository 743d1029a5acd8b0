import { describe, expect, test } from "vitest";
import { nextDesired } from "../../core/pool/desired.ts";
import { isStalled, nextLaunchAt, noteFailures } from "../../core/pool/failures.ts";
import { failureMessage, givenUpGrace, lostGrace, phaseOf, proofLimit } from "../../core/pool/phase.ts";
import { type Action, drainLimits, plan } from "../../core/pool/plan.ts";
import { type DrainedBy, type InSlurm, noFailures, type PoolNode, type World } from "../../core/pool/world.ts";

const now = 1_000_000;
const idle: InSlurm = { state: "up", busy: false };
const busy: InSlurm = { state: "up", busy: true };
const drained = (by: DrainedBy, isBusy = false): InSlurm => ({
  state: "drain",
  busy: isBusy,
  by,
  reason: "why",
  since: now,
});

function node(name: string, changes: Partial<PoolNode> = {}): PoolNode {
  return {
    name,
    version: "v1",
    launchedAt: now - 5000,
    readyAt: now - 1000,
    machine: "running",
    slurm: idle,
    ...changes,
  };
}

/** A node that is not registered yet. */
function booting(name: string, changes: Partial<PoolNode> = {}): PoolNode {
  const { readyAt: _, ...rest } = node(name, { slurm: { state: "absent" } });
  return { ...rest, ...changes };
}

function world(nodes: readonly PoolNode[], changes: Partial<World> = {}): World {
  return {
    now,
    wanted: { min: 3, max: 6, desired: 3, standby: 0, version: "v1", readyTimeout: 60_000 },
    slurmKnown: true,
    nodes,
    ending: 0,
    failures: noFailures,
    ...changes,
  };
}

const v2: Partial<World> = { wanted: { min: 3, max: 6, desired: 3, standby: 0, version: "v2", readyTimeout: 60_000 } };

function actions(given: World): readonly Action[] {
  return plan(given).actions;
}

const three = [node("a"), node("b"), node("c")];

describe("a pool", () => {
  test("that is as wanted is left alone", () => {
    expect(plan(world(three))).toMatchObject({ actions: [], state: "steady" });
  });

  test("that is empty is filled at once", () => {
    expect(plan(world([]))).toMatchObject({ actions: Array(3).fill({ kind: "launch" }), state: "converging" });
  });

  test("waits for what is on its way", () => {
    expect(plan(world([booting("a"), booting("b"), booting("c")]))).toMatchObject({ actions: [], state: "converging" });
  });

  test("replaces a dead node, fencing it first", () => {
    expect(actions(world([node("a", { machine: "dead" }), node("b"), node("c")]))).toEqual([
      { kind: "fence", node: "a", reason: "machine is gone" },
      { kind: "launch" },
    ]);
  });

  test("shrinks by idle nodes only, the newest first, and drains before it ends", () => {
    const five = [node("a"), node("b"), node("c"), node("d"), node("e", { slurm: busy })];
    expect(actions(world(five))).toEqual([
      { kind: "drain", node: "d", reason: "scale-in" },
      { kind: "drain", node: "c", reason: "scale-in" },
    ]);
  });

  test("is steady while more than wanted have work", () => {
    const five = ["a", "b", "c", "d", "e"].map((name) => node(name, { slurm: busy }));
    expect(plan(world(five))).toMatchObject({ actions: [], state: "steady" });
  });

  test("ends what has not started yet before it drains what is ready", () => {
    expect(actions(world([...three, booting("d")]))).toEqual([
      { kind: "retire", node: "d", reason: "no longer wanted" },
    ]);
  });

  test("takes its own drain back when the node is wanted again, instead of a launch", () => {
    expect(actions(world([node("a"), node("b"), node("c", { slurm: drained("pool") })]))).toEqual([
      { kind: "resume", node: "c" },
    ]);
  });

  test("lets a drained node finish its work", () => {
    const leaving = node("d", { slurm: drained("pool", true) });
    expect(plan(world([...three, leaving]))).toMatchObject({ actions: [], state: "steady" });
    expect(actions(world([...three, { ...leaving, slurm: drained("pool") }]))).toEqual([
      { kind: "retire", node: "d", reason: "drained" },
    ]);
  });

  test("replaces a node that a health check drained, at once, and ends it when it is empty", () => {
    const sick = node("c", { slurm: drained("fault", true) });
    expect(actions(world([node("a"), node("b"), sick]))).toEqual([{ kind: "launch" }]);
    expect(actions(world([node("a"), node("b"), { ...sick, slurm: drained("fault") }]))).toEqual([
      { kind: "retire", node: "c", reason: "why" },
      { kind: "launch" },
    ]);
  });

  test("replaces what a person holds back only as far as max allows", () => {
    const held = ["c", "d"].map((name) => node(name, { slurm: drained("person") }));
    expect(actions(world([node("a"), node("b"), ...held]))).toEqual([{ kind: "launch" }]);
    const tight = { min: 3, max: 4, desired: 3, standby: 0, version: "v1", readyTimeout: 60_000 };
    expect(actions(world([node("a"), node("b"), ...held], { wanted: tight }))).toEqual([]);
  });

  test("counts the machines that are about to end among those that there may be", () => {
    expect(actions(world([], { ending: 11 }))).toEqual([{ kind: "launch" }]);
  });

  test("that Slurm cannot be asked about only grows", () => {
    const nodes = [node("a", { machine: "dead" }), node("b", { slurm: { state: "absent" } })];
    expect(actions(world(nodes, { slurmKnown: false }))).toEqual([{ kind: "launch" }, { kind: "launch" }]);
  });
});

describe("standby nodes", () => {
  const spare = (name: string, changes: Partial<PoolNode> = {}) =>
    node(name, { slurm: drained("standby"), ...changes });
  const one = (desired: number): Partial<World> => ({
    wanted: { min: 3, max: 6, desired, standby: 1, version: "v1", readyTimeout: 60_000 },
  });

  test("are begun once as many as wanted take work, and not sooner: their proofs would slow the others down", () => {
    expect(actions(world([node("a"), node("b"), booting("c")], one(3)))).toEqual([]);
    expect(actions(world(three, one(3)))).toEqual([{ kind: "launch" }]);
    expect(plan(world([...three, booting("d")], one(3)))).toMatchObject({ serves: true, state: "converging" });
    expect(plan(world([...three, spare("d")], one(3)))).toMatchObject({ actions: [], serves: true, state: "steady" });
  });

  test("are promoted at once when more is wanted, and replaced as soon as they take work", () => {
    expect(actions(world([...three, spare("d")], one(4)))).toEqual([{ kind: "promote", node: "d" }]);
    expect(actions(world([...three, node("d")], one(4)))).toEqual([{ kind: "launch" }]);
    expect(actions(world([...three, spare("d")], one(6)))).toEqual([
      { kind: "promote", node: "d" },
      { kind: "launch" },
      { kind: "launch" },
    ]);
  });

  test("take the place of a dead node", () => {
    expect(actions(world([node("a", { machine: "dead" }), node("b"), node("c"), spare("d")], one(3)))).toEqual([
      { kind: "fence", node: "a", reason: "machine is gone" },
      { kind: "promote", node: "d" },
    ]);
  });

  test("are proven anew, by a new one, when their proof is old, and not promoted on it", () => {
    const old = spare("d", { readyAt: now - proofLimit - 1 });
    expect(actions(world([...three, old], one(4)))).toEqual([
      { kind: "retire", node: "d", reason: "proven too long ago" },
      { kind: "launch" },
    ]);
  });

  test("of an old image stay until one of the new image stands by, and are promoted rather than nothing", () => {
    const old = spare("d", { version: "v0" });
    const before = ["a", "b", "c"].map((name) => node(name, { version: "v0" }));
    expect(actions(world([...before, old], one(3)))).toEqual([{ kind: "launch" }]);
    expect(actions(world([...before.slice(1), old, booting("e")], one(3)))).toEqual([{ kind: "promote", node: "d" }]);
    expect(actions(world([...three, old, spare("e")], one(3)))).toEqual([
      { kind: "retire", node: "d", reason: "replaced by a new version" },
    ]);
  });

  test("beyond the wanted number are ended, the newest first", () => {
    expect(actions(world([...three, spare("d"), spare("e")], one(3)))).toEqual([
      { kind: "retire", node: "e", reason: "more standby than wanted" },
    ]);
  });

  test("are made of idle nodes that are no longer wanted", () => {
    expect(actions(world([...three, node("d"), node("e")], one(3)))).toEqual([
      { kind: "demote", node: "e" },
      { kind: "drain", node: "d", reason: "scale-in" },
    ]);
  });

  test("that got work all the same go back to it", () => {
    expect(actions(world([...three, spare("d", { slurm: drained("standby", true) })], one(3)))).toEqual([
      { kind: "resume", node: "d" },
    ]);
  });
});

describe("a drain", () => {
  const leaving = (reason: string, since: number, by: DrainedBy = "pool") =>
    node("d", { slurm: { state: "drain", busy: true, by, reason, since } });

  test("that came after a job is taken back: work is a reason to stay", () => {
    expect(actions(world([...three, leaving("pool: scale-in", now)]))).toEqual([{ kind: "resume", node: "d" }]);
  });

  test("has an end: what still runs an hour later goes back into the queue, after ten minutes on an unfit node", () => {
    const reason = "pool: replaced by a new version";
    expect(actions(world([...three, leaving(reason, now - drainLimits.sound)]))).toEqual([]);
    expect(actions(world([...three, leaving(reason, now - drainLimits.sound - 1)]))).toEqual([
      { kind: "requeue", node: "d", reason: "still had work 60 min after it was drained" },
    ]);
    expect(actions(world([...three, leaving("health: changed", now - drainLimits.unfit - 1, "fault")]))).toEqual([
      { kind: "requeue", node: "d", reason: "still had work 10 min after it was drained" },
    ]);
    expect(actions(world([...three, leaving("mine", 0, "person")]))).toEqual([]);
  });
});

describe("the number of nodes", () => {
  const bounds = { min: 3, max: 6 };
  test.each([
    [undefined, undefined, 3],
    [5, undefined, 5],
    [9, undefined, 6],
    [1, undefined, 3],
    [3, 5, 5],
    [5, 0, 3],
    [3, 40, 6],
  ])("was %s, with a demand of %s it is %i", (current, wanted, expected) => {
    expect(nextDesired(current, wanted, bounds)).toBe(expected);
  });
});

describe("a replacement", () => {
  test("tries the new version on one node first", () => {
    expect(actions(world(three, v2))).toEqual([{ kind: "launch" }]);
    expect(actions(world([...three, booting("d", { version: "v2" })], v2))).toEqual([]);
  });

  test("then launches the others at once, and drains old nodes as new ones are ready, idle ones first", () => {
    const [a, b, c] = [node("a", { slurm: busy }), node("b"), node("c")];
    expect(actions(world([a, b, c, node("d", { version: "v2" })], v2))).toEqual([
      { kind: "launch" },
      { kind: "launch" },
      { kind: "drain", node: "b", reason: "replaced by a new version" },
    ]);
  });

  test("drains a node with work when only those are left", () => {
    const fresh = ["d", "e", "f"].map((name) => node(name, { version: "v2" }));
    expect(actions(world([node("a", { slurm: busy }), ...fresh], v2))).toEqual([
      { kind: "drain", node: "a", reason: "replaced by a new version" },
    ]);
  });

  test("fills an empty pool with the new version without a trial: there is nothing to lose", () => {
    expect(actions(world([], v2))).toHaveLength(3);
  });
});

describe("failed launches", () => {
  const failing = (count: number, lastAt: number) => ({
    version: "v1",
    count,
    nodes: [],
    lastAt,
    lastMessage: "node x: gate FAIL",
  });

  test("end the node, are counted once, and pause the next launch", () => {
    const first = plan(world([node("a"), node("b"), booting("c", { failure: "gate FAIL" })]));
    expect(first.actions).toEqual([{ kind: "retire", node: "c", reason: "gate FAIL" }]);
    expect(first.failures).toMatchObject({ count: 1, nodes: ["c"], lastAt: now, lastMessage: "node c: gate FAIL" });
    const again = world([node("a"), node("b"), booting("c", { failure: "gate FAIL" })], { failures: first.failures });
    expect(plan(again).failures.count).toBe(1);
  });

  test("stall the pool after three in a row, which is tried again one by one", () => {
    const soon = plan(world([], { failures: failing(3, now - 19_999) }));
    expect(soon).toMatchObject({ state: "stalled", actions: [] });
    expect(actions(world([], { failures: failing(3, now - 20_000) }))).toEqual([{ kind: "launch" }]);
    expect(isStalled(failing(2, now))).toBe(false);
  });

  test.each([
    [0, 0],
    [1, 5_000],
    [2, 10_000],
    [6, 160_000],
    [7, 300_000],
    [5000, 300_000],
  ])("after %i of them the next launch waits %i ms", (count, pause) => {
    expect(nextLaunchAt(failing(count, 7))).toBe(count === 0 ? 0 : 7 + pause);
  });

  test("are forgotten when a node of the version became ready after them, and by another version", () => {
    const phases = new Map<string, "ready">([["a", "ready"]]);
    const after = world([node("a", { readyAt: now })], { failures: failing(2, now - 1) });
    expect(noteFailures(after, phases).count).toBe(0);
    const before = world([node("a", { readyAt: now - 2 })], { failures: failing(2, now - 1) });
    expect(noteFailures(before, phases).count).toBe(2);
    expect(noteFailures(world([], { ...v2, failures: failing(2, now) }), new Map())).toMatchObject({
      version: "v2",
      count: 0,
    });
  });

  test("say why", () => {
    const given = world([]);
    expect(failureMessage(booting("a", { failure: "gate FAIL at proofs" }), given)).toBe("gate FAIL at proofs");
    expect(failureMessage(booting("a", { slurm: drained("fault") }), given)).toBe(
      "Slurm drained it at its registration: why",
    );
    expect(failureMessage(booting("a", { machine: "dead" }), given)).toBe("its machine ended before it was ready");
    expect(failureMessage(booting("a"), given)).toBe("not ready after 60 s");
  });
});

describe("the phase of a node", () => {
  const phase = (given: PoolNode, changes: Partial<World> = {}) => phaseOf(given, world([], changes));
  const down: InSlurm = { state: "down", busy: false, givenUp: false };

  test("that never registers is failed when its time is over", () => {
    expect(phase(booting("a", { launchedAt: now - 60_000 }))).toBe("starting");
    expect(phase(booting("a", { launchedAt: now - 60_001 }))).toBe("failed");
  });

  test("that Slurm lost is given up only after a while", () => {
    expect(phase(node("a", { slurm: down }))).toBe("lost");
    expect(phase(node("a", { slurm: down, troubledSince: now - lostGrace }))).toBe("lost");
    expect(phase(node("a", { slurm: { state: "absent" }, troubledSince: now - lostGrace - 1 }))).toBe("dead");
    expect(phase(node("a", { slurm: idle, troubledSince: now - lostGrace - 1 }))).toBe("ready");
  });

  test("that Slurm itself gave up is dead at the second look: its jobs will start elsewhere", () => {
    const gone: InSlurm = { state: "down", busy: true, givenUp: true };
    expect(phase(node("a", { slurm: gone, troubledSince: now - givenUpGrace }))).toBe("lost");
    expect(phase(node("a", { slurm: gone, troubledSince: now - givenUpGrace - 1 }))).toBe("dead");
  });

  test("is unseen while Slurm cannot be asked, whatever was known before", () => {
    expect(phase(node("a", { slurm: { state: "absent" }, troubledSince: 0 }), { slurmKnown: false })).toBe("unseen");
    expect(phase(node("a", { machine: "dead" }), { slurmKnown: false })).toBe("dead");
  });
});
