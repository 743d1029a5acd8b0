import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { messageOf } from "../../core/errors.ts";
import { timeouts } from "../../core/slurm/timeouts.ts";
import { writeAtomically } from "../io/files.ts";
import { endWhenTold, run, systemPath } from "../io/process.ts";
import { readMachineRecord } from "../machine.ts";
import { machinePaths } from "../paths.ts";
import { afterLook, afterTime, type Deed, type Watch } from "../watchdog/decide.ts";
import { isolate } from "../watchdog/isolate.ts";
import { look } from "../watchdog/look.ts";

/** Between two questions to the controller, and between two looks at the clock, in milliseconds. */
const lookMs = 2000;
const clockMs = 100;

/**
 * `logos-agent watchdog`: keeps a node's jobs from running when the rest of the world may have started them elsewhere.
 * A node that the controller gave up, or that hears nothing of it for too long, ends its own jobs; one that the
 * controller does not know registers anew. Runs until it is ended.
 */
export async function watchdogCommand(): Promise<number> {
  endWhenTold();
  const { name, controlAddress } = readMachineRecord(machinePaths.machine);
  let watch: Watch = { heardAt: lastHeard() ?? uptime(), unknown: 0, isolated: false };
  const take = (next: { readonly watch: Watch; readonly deed: Deed }): Deed => {
    watch = next.watch;
    if (next.deed === "isolate") {
      const silence = (uptime() - watch.heardAt).toFixed(1);
      process.stderr.write(`${silence} s without the controller, or given up by it: ${isolate()} processes ended\n`);
    }
    return next.deed;
  };
  // On its own, so that a question that hangs does not put it off; overdue after a sleep, it comes first.
  setInterval(() => take(afterTime(watch, uptime(), timeouts.isolationSeconds)), clockMs);
  for (;;) {
    const askedAt = uptime();
    try {
      const sight = await look(name, controlAddress);
      if (take(afterLook(watch, sight, askedAt)) === "register") await registerAnew(name);
      if (watch.heardAt === askedAt) writeAtomically(machinePaths.heard, `${askedAt}\n`);
    } catch (error) {
      process.stderr.write(`${messageOf(error)}\n`);
    }
    await pause(lookMs);
  }
}

/** Seconds since this machine, or its host, was started; sleep counts. */
function uptime(): number {
  return Number(readFileSync("/proc/uptime", "utf8").split(" ")[0]);
}

/** What a watchdog before this one knew. */
function lastHeard(): number | undefined {
  try {
    const heard = Number(readFileSync(machinePaths.heard, "utf8"));
    return Number.isFinite(heard) && heard <= uptime() ? heard : undefined;
  } catch {
    // The first watchdog since boot: nothing ran here before.
    return undefined;
  }
}

async function registerAnew(name: string): Promise<void> {
  process.stderr.write(`The controller does not know ${name}: slurmd registers anew\n`);
  const argv = ["systemctl", "try-restart", "slurmd.service"] as const;
  const finished = await run({ argv, cwd: "/", env: { PATH: systemPath }, timeoutSeconds: 60 });
  if (finished.code !== 0) process.stderr.write(`slurmd could not be restarted: ${finished.tail.trim()}\n`);
}
