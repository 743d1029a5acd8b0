import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ended, identityOf } from "../../providers/lab/host/process.ts";

const module = join(import.meta.dirname, "../../components/end-with-engine.ts");
const program = `(await import(${JSON.stringify(module)})).endWithEngine(); console.log(process.pid); setInterval(() => {}, 1000);`;

/** An engine, its language host, and the program; each starts the next and waits for it. */
const engine = `
  const { spawn } = require("node:child_process");
  const host = 'require("node:child_process").spawn(process.execPath, ["--input-type=module", "-e", process.argv[1]], { stdio: "inherit" })';
  spawn(process.execPath, ["-e", host, process.argv[1]], { stdio: "inherit" });
`;

it("a program ends when its engine is killed, though its language host lives on", async () => {
  const running = spawn(process.execPath, ["-e", engine, program], { stdio: ["ignore", "pipe", "inherit"] });
  const [printed] = await once(running.stdout, "data");
  const identity = identityOf(Number(printed));
  if (identity === undefined) throw new Error("the program does not run");
  expect(await ended(identity, 1500)).toBe(false);
  running.kill("SIGKILL");
  expect(await ended(identity, 10_000)).toBe(true);
});
