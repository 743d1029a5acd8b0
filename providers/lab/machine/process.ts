import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { rm } from "node:fs/promises";
import { bridgeName, machineCgroup, machineId } from "../../../core/lab/names.ts";
import { machinePaths } from "../../../core/lab/paths.ts";
import { makeCgroup, processesIn, removeCgroup, thaw } from "../host/cgroup.ts";
import { namesIn } from "../host/files.ts";
import {
  childrenOf,
  ended,
  identityOf,
  isAlive,
  type ProcessIdentity,
  readProc,
  recordedProcess,
  signalProcess,
} from "../host/process.ts";
import { root } from "../host/root.ts";
import { toolPath } from "../host/run.ts";
import { until } from "../host/wait.ts";
import type { MachineIntent } from "./record.ts";

/** How long a machine may take to power off before it is killed. Its units are written to stop well within this. */
const graceMs = 8000;

/** Where systemd-nspawn makes a folder for each machine, and leaves it when it is killed. */
export const nspawnFolder = "/run/systemd/nspawn/propagate";

/**
 * Puts itself into the machine's cgroups, writes down who it is, and becomes systemd-nspawn. The record therefore stands
 * before the machine does: a killed run never leaves a machine that nobody knows.
 */
const launcher = `set -eu
record=$1; shift
while [ "$1" != -- ]; do echo $$ > "$1/cgroup.procs"; shift; done
shift
echo "$$ $(awk '{ print $22 }' "/proc/$$/stat")" > "$record.tmp"
mv "$record.tmp" "$record"
exec "$@"`;

/** Starts systemd-nspawn detached from this process. `devices` are loop devices by the name the machine sees. */
export async function launch(
  labId: string,
  intent: MachineIntent,
  devices: ReadonlyMap<string, string>,
): Promise<ProcessIdentity> {
  const paths = machinePaths(root, labId, intent.name);
  const cgroups = await makeCgroup(machineCgroup(labId, intent.name), intent);
  await rm(paths.process, { force: true });
  const argv = ["-c", launcher, "machine", paths.process, ...cgroups, "--", ...(await nspawn(labId, intent, devices))];
  const output = openSync(paths.console, "a", 0o640);
  try {
    const child = spawn("sh", argv, {
      detached: true,
      stdio: ["ignore", output, output],
      env: { PATH: toolPath, LC_ALL: "C.UTF-8" },
      cwd: "/",
    });
    child.on("error", () => undefined);
    child.unref();
  } finally {
    closeSync(output);
  }
  const identity = await until(() => recordedProcess(paths.process), { timeoutMs: 5000, everyMs: 5 });
  if (identity === undefined) throw new Error(`${intent.name} could not be launched; see ${paths.console}`);
  return identity;
}

/** The machine's process on this host if it runs. */
export async function runningProcess(labId: string, name: string): Promise<ProcessIdentity | undefined> {
  const identity = await recordedProcess(machinePaths(root, labId, name).process);
  return identity !== undefined && isAlive(identity) ? identity : undefined;
}

/** The machine's init, as this host numbers it; undefined when the machine does not run, or not yet. */
export function leaderOf(nspawnProcess: ProcessIdentity): number | undefined {
  return childrenOf(nspawnProcess.pid).find((pid) => /^NSpid:.*\t1$/m.test(readProc(`/proc/${pid}/status`) ?? ""));
}

/** Powers the machine off, kills what is left of it, and waits until all of it is gone. */
export async function endProcesses(labId: string, name: string): Promise<void> {
  const identity = await runningProcess(labId, name);
  if (identity !== undefined && signalProcess(identity, "SIGTERM")) await ended(identity, graceMs);
  await killProcesses(labId, name);
}

/**
 * Kills the machine, all of it, and waits until nothing is left: systemd-nspawn can die alone and leave the rest at work.
 * What is frozen is thawed once it is doomed, so that it does not run again before it dies.
 */
export async function killProcesses(labId: string, name: string): Promise<void> {
  const identity = await runningProcess(labId, name);
  const cgroup = machineCgroup(labId, name);
  const gone = await until(
    () => {
      const left = new Set([...processesIn(cgroup), ...(identity && isAlive(identity) ? [identity.pid] : [])]);
      for (const pid of left) killIfThere(pid);
      for (const pid of left) thaw(pid);
      return left.size === 0 ? true : undefined;
    },
    { timeoutMs: 10_000 },
  );
  if (gone === undefined) throw new Error(`${name} does not die: ${processesIn(cgroup).join(", ")}`);
  await removeCgroup(cgroup);
  await rm(`${nspawnFolder}/${machineId(labId, name)}`, { recursive: true, force: true });
  await rm(machinePaths(root, labId, name).process, { force: true });
}

async function nspawn(labId: string, intent: MachineIntent, devices: ReadonlyMap<string, string>): Promise<string[]> {
  const paths = machinePaths(root, labId, intent.name);
  const credentials = await namesIn(paths.credentials);
  return [
    "systemd-nspawn",
    "--quiet",
    `--directory=${paths.root}`,
    `--machine=${machineId(labId, intent.name)}`,
    `--hostname=${intent.name}`,
    // The host may run no systemd: nothing to register with, no unit to ask for.
    "--register=no",
    "--keep-unit",
    `--network-bridge=${bridgeName(labId)}`,
    "--link-journal=no",
    "--resolv-conf=off",
    "--timezone=off",
    ...[...devices].map(([device, loop]) => `--bind=${loop}:/dev/logos-${device}`),
    ...credentials.map((id) => `--load-credential=${id}:${paths.credentials}/${id}`),
    "--boot",
  ];
}

function killIfThere(pid: number): void {
  const identity = identityOf(pid);
  if (identity !== undefined) signalProcess(identity, "SIGKILL");
}
