import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { afterRing, nextLook, pollMs } from "../../../agent/demand/clock.ts";
import { exchange } from "../../../agent/demand/exchange.ts";
import { type Ask, Publisher } from "../../../agent/demand/publisher.ts";
import { parseDemand } from "../../../core/demand/document.ts";
import { scaleInAfterMs } from "../../../core/demand/window.ts";

describe("the queue is looked at", () => {
  test("every five seconds while nothing rings", () => {
    expect(nextLook({ lookedAt: 1000 })).toBe(1000 + pollMs);
    expect(nextLook({ lookedAt: Number.NEGATIVE_INFINITY })).toBe(Number.NEGATIVE_INFINITY);
  });

  test("soon after a ring, and again, since the job may not be in the queue yet", () => {
    const [first, second, third] = afterRing;
    expect(nextLook({ lookedAt: 0, rungAt: 1000, lastRungAt: 1000 })).toBe(1000 + first);
    expect(nextLook({ lookedAt: 1000 + first, lastRungAt: 1000 })).toBe(1000 + second);
    expect(nextLook({ lookedAt: 1000 + second, lastRungAt: 1000 })).toBe(1000 + third);
    expect(nextLook({ lookedAt: 1000 + third, lastRungAt: 1000 })).toBe(1000 + third + pollMs);
  });

  test("within the first delay however often it rings", () => {
    expect(nextLook({ lookedAt: 990, rungAt: 1000, lastRungAt: 5000 })).toBe(1000 + afterRing[0]);
  });
});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "demand-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const key = Buffer.alloc(32, 1).toString("base64");
const slurmNode = (name: string, state: readonly string[], allocated: number) => ({
  name,
  state,
  reason: "",
  reason_set_by_user: "",
  address: "",
  extra: "",
  cpus: 2,
  alloc_cpus: allocated,
  real_memory: 2918,
  alloc_memory: 0,
  active_features: [],
  reason_changed_at: { set: true, infinite: false, number: 0 },
});
const waiting = "7|cpu=2,mem=2918M,node=1,billing=2|1|1|OK|(null)|0||Resources|\n";

/** Slurm as it answers: a queue, and three nodes of which some have work. */
function slurm(queue: string, busy: number): Ask {
  const nodes = [
    ...[1, 2, 3].map((index) => slurmNode(`n-${index}`, [index <= busy ? "ALLOCATED" : "IDLE"], index <= busy ? 2 : 0)),
    ...[1, 2, 3, 4, 5, 6].map((index) => slurmNode(`vacant-${index}`, ["DOWN", "NOT_RESPONDING"], 0)),
  ];
  return async (program) => (program === "squeue" ? queue : JSON.stringify({ errors: [], nodes }));
}

describe("the publisher", () => {
  const paths = () => ({
    document: join(folder, "demand.json"),
    metrics: join(folder, "metrics/demand.prom"),
    last: join(folder, "last.json"),
  });

  test("writes document and metrics, and remembers its number", async () => {
    const now = 1_795_646_280_000;
    const document = await new Publisher(paths(), key, slurm(waiting, 3)).publish(0, now);
    expect(document).toMatchObject({ sequence: now, nodesWanted: 4, nodesWantedNow: 4, pending: 1, counted: 1 });
    expect(parseDemand(readFileSync(paths().document, "utf8"), key)).toEqual(document);
    expect(readFileSync(paths().metrics, "utf8")).toContain("logos_nodes_wanted 4\n");
    const next = await new Publisher(paths(), key, slurm("", 0)).publish(0, now - 60_000);
    expect(next.sequence).toBe(now + 1);
  });

  test("wants no less than what takes work when it begins, until the window is over", async () => {
    const publisher = new Publisher(paths(), key, slurm("", 0));
    expect(await publisher.publish(0, 1)).toMatchObject({ nodesWanted: 3, nodesWantedNow: 0 });
    expect(await publisher.publish(scaleInAfterMs - 1, 2)).toMatchObject({ nodesWanted: 3 });
    expect(await publisher.publish(scaleInAfterMs, 3)).toMatchObject({ nodesWanted: 0 });
  });

  test("publishes nothing when Slurm does not answer, or has other nodes than ours", async () => {
    const silent = new Publisher(paths(), key, async () => {
      throw new Error("no answer");
    });
    await expect(silent.publish(0, 1)).rejects.toThrow("no answer");
    const foreign = new Publisher(paths(), key, async (program) =>
      program === "squeue" ? "" : JSON.stringify({ errors: [], nodes: [] }),
    );
    await expect(foreign.publish(0, 1)).rejects.toThrow("no placeholder nodes");
    expect(() => readFileSync(paths().document)).toThrow("ENOENT");
  });
});

describe("the exchange", () => {
  test("hands over each document, keeps what is said, and ends with its input", async () => {
    const document = join(folder, "demand.json");
    const status = join(folder, "status/pool.json");
    mkdirSync(join(folder, "status"));
    writeFileSync(document, "one\n");
    const input = new PassThrough();
    const output = new PassThrough();
    let said = "";
    output.on("data", (chunk: Buffer) => {
      said += chunk.toString("utf8");
    });
    const over = exchange(document, status, input, output);
    input.write('{"ready":3}\n');
    input.write("no JSON\n");
    await vi.waitFor(() => expect(readFileSync(status, "utf8")).toBe('{"ready":3}\n'));
    writeFileSync(document, "two\n");
    await vi.waitFor(() => expect(said).toBe("one\ntwo\n"), { timeout: 3000 });
    input.end();
    await over;
    expect(readFileSync(status, "utf8")).toBe('{"ready":3}\n');
  });
});
