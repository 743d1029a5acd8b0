import { spawn } from "node:child_process";
import { once } from "node:events";
import { afterEach, expect, it } from "vitest";
import { childrenOf } from "../../providers/lab/host/process.ts";

/** Starts one child from its first thread and one from another, and prints their numbers. */
const parentOfTwo = `
  const { spawn } = require("node:child_process");
  const { Worker } = require("node:worker_threads");
  const inThread = 'const { spawn } = require("node:child_process");' +
    'require("node:worker_threads").parentPort.postMessage(spawn("sleep", ["600"]).pid); setInterval(() => {}, 1000);';
  new Worker(inThread, { eval: true }).on("message", (pid) => console.log(pid, spawn("sleep", ["600"]).pid));
`;

const started: number[] = [];
afterEach(() => {
  for (const pid of started.splice(0)) process.kill(pid, "SIGKILL");
});

it("finds the children that any thread of a process has started", async () => {
  const parent = spawn(process.execPath, ["-e", parentOfTwo], { stdio: ["ignore", "pipe", "inherit"] });
  if (parent.pid === undefined) throw new Error("node did not start");
  started.push(parent.pid);
  const [printed] = await once(parent.stdout, "data");
  const children = String(printed).trim().split(" ").map(Number);
  started.push(...children);
  expect(childrenOf(parent.pid)).toEqual(children.toSorted((one, other) => one - other));
});
