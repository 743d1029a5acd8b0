import { describe, expect, test } from "vitest";
import { isNodeName, nextNodeName } from "../../core/pool/names.ts";
import { inSlurm } from "../../core/pool/observe.ts";
import { strayGrace, strays } from "../../core/pool/strays.ts";
import type { SlurmNode } from "../../core/slurm/nodes.ts";

describe("a record in Slurm", () => {
  const most = { cpus: 2, memoryMb: 2918 };
  const record = (flags: readonly string[], changes: Partial<SlurmNode> = {}): SlurmNode => ({
    name: "n",
    flags: new Set(flags),
    reason: "",
    reasonSetBy: "root",
    address: "",
    extra: "",
    cpus: 2,
    allocatedCpus: 0,
    memoryMb: 2918,
    allocatedMemoryMb: 0,
    features: [],
    reasonSetAt: 7,
    ...changes,
  });

  test.each([
    [["IDLE", "DYNAMIC_NORM"], { state: "up", busy: false }],
    [["MIXED", "PLANNED"], { state: "up", busy: true }],
    [["IDLE", "MAINTENANCE"], { state: "up", busy: false }],
    [["IDLE", "NOT_RESPONDING"], { state: "down", busy: false, givenUp: false }],
    [["DOWN", "NOT_RESPONDING"], { state: "down", busy: false, givenUp: true }],
    [["UNKNOWN"], { state: "down", busy: false, givenUp: false }],
  ])("of %j is %j", (flags, expected) => {
    expect(inSlurm(record(flags), most)).toEqual(expected);
  });

  test("tells by whom it was drained", () => {
    const by = (reason: string, changes: Partial<SlurmNode> = {}) =>
      inSlurm(record(["IDLE", "DRAIN"], { reason, ...changes }), most);
    expect(by("pool: scale-in")).toMatchObject({ state: "drain", by: "pool" });
    expect(by("health: a file changed")).toMatchObject({ by: "fault" });
    expect(by("Prolog error", { reasonSetBy: "slurm" })).toMatchObject({ by: "fault" });
    expect(by("Low RealMemory", { flags: new Set(["IDLE", "DRAIN", "INVALID_REG"]) })).toMatchObject({ by: "fault" });
    expect(by("I want to look at it")).toMatchObject({ by: "person", reason: "I want to look at it" });
  });

  test("of a standby is one only while it answers", () => {
    const standby = (...flags: string[]) => inSlurm(record(["IDLE", "DRAIN", ...flags], { reason: "standby" }), most);
    expect(standby()).toEqual({ state: "drain", busy: false, by: "standby", reason: "standby", since: 7 });
    expect(standby("NOT_RESPONDING")).toEqual({ state: "down", busy: false, givenUp: false });
    expect(standby("DOWN")).toMatchObject({ state: "down", givenUp: true });
  });

  test.each([{ cpus: 3 }, { memoryMb: 2919 }])("that claims more than its machine was given (%o) is unfit", (claim) => {
    expect(inSlurm(record(["IDLE", "DRAIN"], { reason: "standby", ...claim }), most)).toMatchObject({
      state: "drain",
      by: "fault",
      reason: expect.stringContaining("and its machine was given 2 and 2918"),
    });
  });

  test("that is well again is up, whatever its old reason says", () => {
    expect(inSlurm(record(["IDLE"], { reason: "pool: scale-in" }), most)).toEqual({ state: "up", busy: false });
  });

  test("that is not there is absent", () => {
    expect(inSlurm(undefined, most)).toEqual({ state: "absent" });
  });
});

test("node names never come back, even when the clock does, and sort by age", () => {
  const first = nextNodeName(undefined, 1_790_000_000_000);
  const second = nextNodeName(first, 1_790_000_000_000);
  const third = nextNodeName(second, 1_600_000_000_000);
  expect([first, second, third].every(isNodeName)).toBe(true);
  expect([third, first, second].toSorted()).toEqual([first, second, third]);
  expect(isNodeName("vacant-1")).toBe(false);
});

describe("strays", () => {
  const known = new Set(["n-00000001"]);

  test("are ended only when they were nobody's at every look for a while", () => {
    const first = strays(new Map(), ["n-00000001", "n-00000002", "control", "vacant-1"], known, 100);
    expect(first).toEqual({ sightings: new Map([["n-00000002", 100]]), confirmed: [] });
    expect(strays(first.sightings, ["n-00000002"], known, 100 + strayGrace - 1).confirmed).toEqual([]);
    expect(strays(first.sightings, ["n-00000002"], known, 100 + strayGrace).confirmed).toEqual(["n-00000002"]);
  });

  test("that were somebody's meanwhile are counted anew", () => {
    const first = strays(new Map(), ["n-00000002"], known, 100);
    const between = strays(first.sightings, ["n-00000002"], new Set(["n-00000002"]), 5000);
    expect(between.sightings.size).toBe(0);
    expect(strays(between.sightings, ["n-00000002"], known, 100 + strayGrace).confirmed).toEqual([]);
  });
});
