import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { machineCgroup } from "../../../core/lab/names.ts";
import { labRoot, poolPaths } from "../../../core/lab/paths.ts";
import { processesIn } from "../../../providers/lab/host/cgroup.ts";
import { identityOf, signalProcess } from "../../../providers/lab/host/process.ts";
import { ensureManager, managerRuns } from "../../../providers/lab/pool/daemon.ts";
import type { Site } from "./site.ts";

/** Only processes of machines of the claims' own lab are touched, each by its number and the moment of its start. */
function signalMachine(labId: string, machine: string, signal: NodeJS.Signals): number {
  const identities = processesIn(machineCgroup(labId, machine)).flatMap((pid) => identityOf(pid) ?? []);
  return identities.filter((identity) => signalProcess(identity, signal)).length;
}

/** A machine loses its power: every process of it is gone at once. */
export async function killMachine(labId: string, machine: string): Promise<void> {
  // What was started while the list was read goes in the next round.
  while (signalMachine(labId, machine, "SIGKILL") > 0) await delay(5);
}

/** A machine stands still: nothing of it runs, and everything of it is there. */
export async function freezeMachine(labId: string, machine: string): Promise<void> {
  for (let round = 0; round < 3; round += 1) {
    signalMachine(labId, machine, "SIGSTOP");
    await delay(20);
  }
}

export function thawMachine(labId: string, machine: string): void {
  signalMachine(labId, machine, "SIGCONT");
}

/** `kill -9` of a node's slurmd, and of nothing it started. */
export function killSlurmd(labId: string, machine: string): void {
  for (const pid of processesIn(machineCgroup(labId, machine))) {
    const identity = identityOf(pid);
    if (identity !== undefined && commandLine(pid).startsWith("/usr/sbin/slurmd\0--systemd"))
      signalProcess(identity, "SIGKILL");
  }
}

export function killManager(labId: string): void {
  const text = readFileSync(poolPaths(labRoot(process.env), labId, "pool").managerPid, "utf8").trim();
  const identity = identityOf(Number(text.split(/\s+/)[0]));
  if (identity !== undefined) signalProcess(identity, "SIGKILL");
}

/** Starts the manager again if it is gone, as `up` does. */
export async function restoreManager({ labId }: Site): Promise<void> {
  if (!(await managerRuns(labId, "pool"))) await ensureManager(labId, "pool");
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}
