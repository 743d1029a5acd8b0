import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync } from "node:fs";
import type { Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { LogClient } from "../../../agent/jobs/log-client.ts";
import { logServer } from "../../../agent/jobs/log-server.ts";
import { LogStore } from "../../../agent/jobs/log-store.ts";
import { type Allocation, mayWrite, outputLimit, parsePath, pathOf } from "../../../core/jobs/log.ts";
import { auditId, type JobRecord } from "../../../core/jobs/record.ts";

const here = "127.0.0.1";
const record: JobRecord = {
  job: 7,
  attempt: 1,
  class: "rebuild",
  node: "n-1",
  startedAt: "2026-01-01T00:00:00Z",
  endedAt: "2026-01-01T00:00:04Z",
  exitCode: 0,
  verdict: "PASS",
};

describe("who may write for an attempt", () => {
  const piece = { job: 7, attempt: 1, part: "output", offset: 0 } as const;
  const running: Allocation = { state: "RUNNING", restarts: 1, address: here };

  it.each<[string, Allocation | undefined, string, "yes" | "later" | "never"]>([
    ["the node that runs it", running, here, "yes"],
    ["the node that cleans up after it", { ...running, state: "CANCELLED" }, here, "yes"],
    ["another node", running, "10.0.0.9", "never"],
    ["a node whose attempt was taken back", { ...running, restarts: 2 }, here, "never"],
    ["one that Slurm does not have running yet", { ...running, restarts: 0 }, here, "later"],
    ["one that waits in the queue", { ...running, state: "PENDING", address: "" }, here, "later"],
    ["a job that Slurm does not know", undefined, here, "later"],
  ])("%s: %j from %s: %s", (_, allocation, from, answer) => {
    expect(mayWrite(piece, from, allocation)).toBe(answer);
  });

  it("is asked by paths that say one thing each", () => {
    expect(parsePath(pathOf(piece))).toEqual(piece);
    expect(parsePath(pathOf({ ...piece, part: "record" }))).toEqual({ ...piece, part: "record" });
    for (const path of [
      "/jobs/../1/output?offset=0",
      "/jobs/0/1/record",
      "/jobs/7/1/output",
      "/jobs/7/1/record?x",
      "/",
    ])
      expect(parsePath(path)).toBeUndefined();
  });
});

describe("the log of a job", () => {
  let folder: string;
  let server: Server | undefined;
  let allocation: Allocation | undefined;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "logos-test-"));
    allocation = { state: "RUNNING", restarts: 1, address: here };
  });
  afterEach(async () => {
    server?.closeAllConnections();
    await new Promise((resolve) => (server === undefined ? resolve(undefined) : server.close(resolve)));
    server = undefined;
    rmSync(folder, { recursive: true, force: true });
  });

  const open = (port = 0): Promise<number> => {
    const opened = logServer(
      new LogStore(folder),
      async () => allocation,
      () => undefined,
    );
    server = opened;
    return new Promise((resolve) =>
      opened.listen(port, here, () => {
        const address = opened.address();
        resolve(typeof address === "object" && address !== null ? address.port : 0);
      }),
    );
  };
  const output = () => readFileSync(join(folder, "7", "1.out"), "utf8");

  it("holds all output and the record when the job has ended", async () => {
    const port = await open();
    const client = new LogClient({ host: here, port }, 7, 1, () => undefined);
    client.add(Buffer.from("first\n"));
    client.add(Buffer.alloc(600_000, "x"));
    expect(await client.finish(record, 10)).toBe(true);
    expect(output()).toBe(`first\n${"x".repeat(600_000)}`);
    expect(new LogStore(folder).readRecord(7, 1)).toEqual(record);
    expect(new LogStore(folder).attempts(7)).toEqual([1]);
  });

  it("misses nothing and holds nothing twice over a restart of the control plane", async () => {
    const port = await open();
    const client = new LogClient({ host: here, port }, 7, 1, () => undefined);
    client.add(Buffer.from("before "));
    await expect.poll(() => existsSync(join(folder, "7", "1.out")) && output()).toBe("before ");
    server?.closeAllConnections();
    await new Promise((resolve) => server?.close(resolve));
    client.add(Buffer.from("meanwhile "));
    await open(port);
    client.add(Buffer.from("after"));
    expect(await client.finish(record, 10)).toBe(true);
    expect(output()).toBe("before meanwhile after");
  });

  it("takes a piece once, however often it is sent, and says where the next begins", () => {
    const store = new LogStore(folder);
    expect(store.append(7, 1, 0, Buffer.from("abc"))).toBe(3);
    expect(store.append(7, 1, 0, Buffer.from("abcde"))).toBe(5);
    expect(store.append(7, 1, 9, Buffer.from("zzz"))).toBe(5);
    expect(output()).toBe("abcde");
  });

  it("stops what runs when its attempt is over, and takes nothing of it", async () => {
    allocation = { state: "RUNNING", restarts: 2, address: here };
    const port = await open();
    let stopped = 0;
    const client = new LogClient({ host: here, port }, 7, 1, () => {
      stopped += 1;
    });
    client.add(Buffer.from("from the dead"));
    expect(await client.finish(record, 10)).toBe(false);
    expect(client.superseded).toBe(true);
    expect(stopped).toBe(1);
    expect(existsSync(join(folder, "7"))).toBe(false);
  });

  it("gives a later attempt the record of one that had ended, and of no other", async () => {
    const port = await open();
    allocation = { state: "RUNNING", restarts: 2, address: here };
    const client = (attempt: number) => new LogClient({ host: here, port }, 7, attempt, () => undefined);
    new LogStore(folder).append(7, 0, 0, Buffer.from("cut off"));
    expect(await client(2).standing()).toBeUndefined();
    new LogStore(folder).record(record);
    expect(await client(2).standing()).toEqual(record);
    expect(await client(1).standing()).toBeUndefined();
    expect(await new LogClient({ host: here, port: 1 }, 7, 2, () => undefined).standing()).toBeUndefined();
  });

  it("keeps no record of an attempt that was stopped", async () => {
    const port = await open();
    const client = new LogClient({ host: here, port }, 7, 1, () => undefined);
    client.add(Buffer.from("last words"));
    expect(await client.finish(undefined, 10)).toBe(true);
    expect(output()).toBe("last words");
    expect(new LogStore(folder).readRecord(7, 1)).toBeUndefined();
  });

  it("lets the job end when nobody takes its output", async () => {
    const client = new LogClient({ host: here, port: 1 }, 7, 1, () => undefined);
    client.add(Buffer.from("x"));
    expect(await client.finish(record, 0.6)).toBe(false);
  });

  it("keeps a bounded part of a flood", () => {
    const store = new LogStore(folder);
    expect(store.append(7, 1, 0, Buffer.alloc(outputLimit - 1))).toBe(outputLimit - 1);
    expect(store.append(7, 1, outputLimit - 1, Buffer.alloc(10))).toBe(outputLimit);
    expect(store.append(7, 1, outputLimit, Buffer.alloc(10))).toBe(outputLimit);
  });

  it("gives up the oldest jobs, and only them, when it holds too much", () => {
    const store = new LogStore(folder);
    for (const job of [1, 2, 3]) {
      store.append(job, 0, 0, Buffer.alloc(100));
      utimesSync(join(folder, String(job)), job, job);
    }
    expect(store.prune(300)).toEqual([]);
    expect(store.prune(250)).toEqual([join(folder, "1")]);
    expect(store.attempts(2)).toEqual([0]);
  });

  it("refuses a record that is of another job or is none", async () => {
    const port = await open();
    const put = async (body: string) =>
      (await fetch(`http://${here}:${port}/jobs/7/1/record`, { method: "PUT", body })).status;
    expect(await put(JSON.stringify({ ...record, job: 8 }))).toBe(400);
    expect(await put("{}")).toBe(400);
    expect(await put("x".repeat(300_000))).toBe(413);
    expect(await put(JSON.stringify(record))).toBe(200);
  });
});

describe("the id of an audit entry", () => {
  it("follows from its content, in whatever order it is written", () => {
    expect(auditId({ a: 1, b: [{ c: null, d: "x" }] })).toBe(auditId({ b: [{ d: "x", c: null }], a: 1 }));
    expect(auditId({ a: 1 })).not.toBe(auditId({ a: 2 }));
    expect(auditId({})).toMatch(/^[0-9a-f]{16}$/);
  });
});
