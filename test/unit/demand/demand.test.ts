import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { boundsOf, demand } from "../../../core/demand/demand.ts";
import { objection, parseDemand, renderDemand, staleAfterMs } from "../../../core/demand/document.ts";
import { renderMetrics } from "../../../core/demand/metrics.ts";
import { excludedBy } from "../../../core/demand/reasons.ts";
import type { SlurmNode } from "../../../core/slurm/nodes.ts";
import { type PendingJob, parsePending } from "../../../core/slurm/pending.ts";

/** As Slurm 24.11 on Debian 13 answered, with 3 nodes of 2 CPUs and 2918 MiB and 6 placeholders. */
const captured = readFileSync(new URL("./squeue-pending.txt", import.meta.url), "utf8");
const shape = { cpus: 2, memoryMb: 2918 };
const limits = { min: 3, max: 6, shape };

function node(name: string, changes: Partial<SlurmNode> = {}): SlurmNode {
  return {
    name,
    flags: new Set(["IDLE", "DYNAMIC_NORM"]),
    reason: "",
    reasonSetBy: "",
    address: "",
    extra: "",
    allocatedCpus: 0,
    allocatedMemoryMb: 0,
    features: ["logos-proof-gated", "img-69e9d5a10c5e", "coq-8.20.1"],
    reasonSetAt: 0,
    ...shape,
    ...changes,
  };
}

const full = (name: string) => node(name, { flags: new Set(["ALLOCATED"]), allocatedCpus: 2, allocatedMemoryMb: 2918 });

function job(changes: Partial<PendingJob> = {}): PendingJob {
  return {
    id: "1",
    cpus: 2,
    memoryMb: 2918,
    nodes: 1,
    cpusPerTask: 1,
    exclusive: false,
    constraint: "",
    restarts: 0,
    pinnedTo: "",
    reason: "Resources",
    ...changes,
  };
}

describe("the queue, as squeue shows it", () => {
  test("is read task by task, with what each asks for in all", () => {
    const jobs = parsePending(captured);
    expect(jobs.map(({ id }) => id)).toEqual(["9", "4_1", "4_2", "4_3", "4_4", "2", "3_2", "3_3", "10", "6", "5", "1"]);
    expect(jobs.find(({ id }) => id === "9")).toEqual({
      id: "9",
      cpus: 1,
      memoryMb: 1459,
      nodes: 1,
      cpusPerTask: 1,
      exclusive: true,
      constraint: "",
      restarts: 0,
      pinnedTo: "",
      reason: "Priority",
    });
    expect(jobs.find(({ id }) => id === "10")).toMatchObject({ constraint: "coq-8.20.1", reason: "Dependency" });
    expect(jobs.find(({ id }) => id === "5")).toMatchObject({ cpus: 12, nodes: 6, memoryMb: 17_508 });
  });

  test("wants what its jobs fit on, and names those that want nothing", () => {
    const busy = ["n-a", "n-b", "n-c"].map(full);
    expect(demand({ pending: parsePending(captured), nodes: busy }, limits)).toEqual({
      nodesWanted: 6,
      counted: 6,
      excluded: [
        { id: "1", why: "held by its owner" },
        { id: "10", why: "it depends on another job" },
        { id: "2", why: "its begin time has not come" },
        { id: "3_2", why: "as many tasks of its array run as it allows" },
        { id: "3_3", why: "as many tasks of its array run as it allows" },
        { id: "6", why: "needs 7 nodes, and the pool may have 6" },
      ],
    });
  });

  test.each(["slurm_load_jobs error: Unable to contact slurm controller", "1|cpu=2|1", "x|cpu=1|1|1|OK||0||None|"])(
    "that is not a queue is an error, never an empty one: %s",
    (text) => {
      expect(() => parsePending(text)).toThrow("is not a waiting job");
    },
  );
});

describe("the demand", () => {
  const wanted = (pending: readonly PendingJob[], nodes: readonly SlurmNode[]) =>
    demand({ pending, nodes }, limits).nodesWanted;
  const many = (count: number, changes: Partial<PendingJob> = {}) =>
    Array.from({ length: count }, (_, index) => job({ ...changes, id: String(index) }));

  test("is the minimum while nothing runs and nothing waits, whatever is there", () => {
    expect(wanted([], [])).toBe(3);
    expect(
      wanted(
        [],
        [1, 2, 3, 4, 5, 6].map((n) => node(`n-${n}`)),
      ),
    ).toBe(3);
  });

  test("keeps what works, and adds what the waiting fit on, packed", () => {
    const busy = [1, 2, 3].map((n) => full(`n-${n}`));
    expect(wanted(many(2, { cpus: 1, memoryMb: 1000 }), busy)).toBe(4);
    expect(wanted(many(2), busy)).toBe(5);
    expect(wanted(many(60), busy)).toBe(6);
  });

  test("uses the room that there is first", () => {
    const half = node("n-1", { flags: new Set(["MIXED"]), allocatedCpus: 1, allocatedMemoryMb: 1459 });
    const four = [half, full("n-2"), full("n-3"), full("n-4")];
    expect(wanted([job({ cpus: 1, memoryMb: 1459 })], four)).toBe(4);
    expect(wanted([job({ cpus: 1, memoryMb: 1460 })], four)).toBe(5);
    expect(wanted([job({ cpus: 1, memoryMb: 100, exclusive: true })], four)).toBe(5);
  });

  test("does not count what is drained, down or a placeholder as room", () => {
    const busy = [1, 2, 3].map((n) => full(`n-${n}`));
    const useless = [
      node("n-8", { flags: new Set(["IDLE", "DRAIN"]), reason: "standby" }),
      node("n-9", { flags: new Set(["IDLE", "NOT_RESPONDING"]) }),
      node("vacant-1", { flags: new Set(["DOWN", "NOT_RESPONDING"]) }),
    ];
    expect(wanted([job()], [...busy, ...useless])).toBe(4);
  });

  test("of a job on several nodes is that many different ones", () => {
    expect(wanted([job({ nodes: 4, cpus: 4, memoryMb: 400 })], [])).toBe(4);
    expect(wanted([job({ cpus: 10, memoryMb: 100 })], [])).toBe(5);
    expect(wanted([job({ cpus: 8, memoryMb: 100, cpusPerTask: 2 })], [])).toBe(4);
  });

  test.each([
    [{ cpusPerTask: 3, cpus: 3 }, "a task of 3 CPUs, and a node has 2"],
    [{ memoryMb: 7 * 2918 }, "needs 7 nodes, and the pool may have 6"],
    [{ constraint: "gpu" }, "asks for gpu, which no node has"],
    [{ pinnedTo: "n-old" }, "pinned to n-old, and new nodes have new names"],
  ])("of a job that can never run is none: %o", (changes, why) => {
    const found = demand({ pending: [job(changes)], nodes: [node("n-1")] }, limits);
    expect(found).toEqual({ nodesWanted: 3, counted: 0, excluded: [{ id: "1", why }] });
  });

  test("takes bounds and shape from the placeholders", () => {
    const vacant = ["vacant-1", "vacant-2"].map((name) => node(name));
    expect(boundsOf([...vacant, node("n-1", { cpus: 9 })])).toEqual({ min: 0, max: 2, shape });
    expect(boundsOf([node("n-1")])).toBeUndefined();
  });
});

describe("a reason", () => {
  test.each([
    ["Resources", 0],
    ["Priority", 0],
    ["None", 0],
    ["ReqNodeNotAvail, UnavailableNodes:vacant-[1-6]", 0],
    ["Nodes required for job are DOWN, DRAINED or reserved for jobs in higher priority partitions", 0],
    ["BeginTime", 1],
    ["a reason of a later Slurm", 0],
  ])("%s after %i restarts is demand", (reason, restarts) => {
    expect(excludedBy(reason, restarts)).toBeUndefined();
  });

  test.each([
    "BeginTime",
    "Dependency",
    "JobHeldUser",
    "JobHeldAdmin",
    "launch failed requeued held",
    "PartitionDown",
    "JobArrayTaskLimit",
    "AssocGrpCpuLimit",
    "QOSMaxJobsPerUserLimit",
    "ReqNodeNotAvail, Reserved for maintenance",
    "Licenses",
  ])("%s is not", (reason) => {
    expect(excludedBy(reason, 0)).toEqual(expect.any(String));
  });
});

describe("the document", () => {
  const key = Buffer.alloc(32, 7).toString("base64");
  const other = Buffer.alloc(32, 8).toString("base64");
  const document = {
    version: 1,
    sequence: 41,
    time: 1_795_646_280_000,
    nodesWanted: 5,
    nodesWantedNow: 4,
    pending: 9,
    counted: 7,
    excluded: { "held by its owner": 2 },
  } as const;
  const text = renderDemand(document, key);

  test("is one line, and read back as it was", () => {
    expect(text.split("\n")).toHaveLength(2);
    expect(parseDemand(text, key)).toEqual(document);
  });

  test("is refused when it was changed, signed by another, or not at all", () => {
    expect(() => parseDemand(text.replace('"nodesWanted":5', '"nodesWanted":6'), key)).toThrow("not signed with this");
    expect(() => parseDemand(text, other)).toThrow("not signed with this pool's key");
    for (const wrong of ["", "{}", JSON.stringify(document), text.slice(0, -20), `${text.trimEnd()},`])
      expect(() => parseDemand(wrong, key)).toThrow("has no signature");
  });

  test("is refused when it is old, of the future, or rolled back", () => {
    expect(objection(document, document.time + staleAfterMs, 41)).toBeUndefined();
    expect(objection(document, document.time + staleAfterMs + 1, 41)).toBe("the demand is 30 s old");
    expect(objection(document, document.time - staleAfterMs - 1, 41)).toContain("a clock is wrong");
    expect(objection(document, document.time, 42)).toBe("the demand is rolled back: number 41 after 42");
  });

  test("is a metric", () => {
    expect(renderMetrics(document)).toContain("\nlogos_nodes_wanted 5\n");
    expect(renderMetrics(document)).toContain('\nlogos_jobs_pending_excluded{reason="held by its owner"} 2\n');
  });
});
