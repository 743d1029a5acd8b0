import { messageOf } from "../core/errors.ts";
import { bootCommand } from "./commands/boot.ts";
import { demandCommand } from "./commands/demand.ts";
import { followCommand } from "./commands/follow.ts";
import { gateCommand } from "./commands/gate.ts";
import { healthCommand } from "./commands/health.ts";
import { jobCommand } from "./commands/job.ts";
import { jobLogCommand } from "./commands/job-log.ts";
import { leaveCommand } from "./commands/leave.ts";
import { manifestCommand } from "./commands/manifest.ts";
import { missionCommand } from "./commands/mission.ts";
import { prepareCommand } from "./commands/prepare.ts";
import { rebuildCommand } from "./commands/rebuild.ts";
import { stressCommand } from "./commands/stress.ts";
import { submitCommand } from "./commands/submit.ts";
import { watchdogCommand } from "./commands/watchdog.ts";
import { CheckFailure } from "./failure.ts";
import { stopRunning } from "./io/process.ts";

/** What the program can do; each command gives its exit code. */
const commands: ReadonlyMap<string, (args: readonly string[]) => Promise<number>> = new Map([
  ["boot", bootCommand],
  ["demand", demandCommand],
  ["follow", followCommand],
  ["gate", gateCommand],
  ["health", healthCommand],
  ["job", jobCommand],
  ["job-log", jobLogCommand],
  ["leave", leaveCommand],
  ["manifest", manifestCommand],
  ["mission", missionCommand],
  ["prepare", prepareCommand],
  ["rebuild", rebuildCommand],
  ["stress", stressCommand],
  ["submit", submitCommand],
  ["watchdog", watchdogCommand],
]);

const [, , name = "", ...args] = process.argv;
process.exitCode = await main(name, args);

async function main(name: string, args: readonly string[]): Promise<number> {
  const command = commands.get(name);
  if (command === undefined) {
    process.stderr.write(`Usage: logos-agent COMMAND\nCommands: ${[...commands.keys()].join(", ")}\n`);
    return 2;
  }
  // The running program ends, its check fails, and the command gives its answer instead of dying without one.
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, stopRunning);
  try {
    return await command(args);
  } catch (error) {
    const output = error instanceof CheckFailure ? error.outputTail : "";
    process.stderr.write(`logos-agent ${name}: ${messageOf(error)}\n${output}`);
    return 2;
  }
}
