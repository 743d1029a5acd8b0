import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, rm, truncate, writeFile } from "node:fs/promises";
import { isDeepStrictEqual } from "node:util";
import { machineCgroup } from "../../../core/lab/names.ts";
import { labLock, machinePaths } from "../../../core/lab/paths.ts";
import { setLimits } from "../host/cgroup.ts";
import { withLock } from "../host/lock.ts";
import { attachLoop, detachLoop, loopDevices } from "../host/loops.ts";
import type { ProcessIdentity } from "../host/process.ts";
import { root } from "../host/root.ts";
import { until } from "../host/wait.ts";
import { loadFirewall, refreshFirewall, requireNetwork } from "../network/apply.ts";
import { UserError } from "../resource.ts";
import {
  growMounted,
  growUnmounted,
  makeRoot,
  mountDisk,
  mountRoot,
  sameCredentials,
  unmountDisk,
  unmountRoot,
  writeCredentials,
} from "./files.ts";
import { endProcesses, launch, leaderOf, runningProcess } from "./process.ts";
import { intentsOf, type MachineIntent, readIntent, writeIntent } from "./record.ts";
import { chooseAddress, credentialsOf, type MachineSpec } from "./spec.ts";

export interface RunningMachine {
  readonly labId: string;
  readonly name: string;
  readonly instanceId: string;
  readonly address: string;
  /** systemd-nspawn on this host. */
  readonly process: ProcessIdentity;
}

/**
 * Starts a machine, or takes over the one that already runs with the same spec. Whatever else stands under its name is
 * removed first. Returns when its init runs; see `awaitSsh` for more. Killed at any moment, it can be called again.
 */
export async function startMachine(spec: MachineSpec, signal?: AbortSignal): Promise<RunningMachine> {
  return withLock(machinePaths(root, spec.labId, spec.name).lock, signal, async () => {
    const standing = await adopt(spec);
    if (standing !== undefined) return standing;
    // The folder is made first and goes last: without one there is nothing to remove.
    if (existsSync(machinePaths(root, spec.labId, spec.name).folder)) await demolish(spec.labId, spec.name);
    signal?.throwIfAborted();
    const intent = await declare(spec, signal);
    await furnish(spec, intent);
    signal?.throwIfAborted();
    return boot(spec.labId, intent);
  });
}

/** Powers a machine off and keeps its disk and its record. No machine of that name is fine. */
export async function stopMachine(labId: string, name: string, signal?: AbortSignal): Promise<void> {
  await withLock(machinePaths(root, labId, name).lock, signal, () => halt(labId, name));
}

/** Powers a machine off and removes all of it. No machine of that name is fine. */
export async function removeMachine(labId: string, name: string, signal?: AbortSignal): Promise<void> {
  await withLock(machinePaths(root, labId, name).lock, signal, () => demolish(labId, name));
}

/** Powers a machine off for good, as the one that image `digest` is captured from; its disk is mounted afterwards. */
export async function retireAs(
  labId: string,
  name: string,
  digest: string,
  signal: AbortSignal,
): Promise<MachineIntent> {
  return withLock(machinePaths(root, labId, name).lock, signal, async () => {
    const intent = await readIntent(labId, name);
    if (intent === undefined) {
      throw new UserError(
        `The machine ${name} to capture is not on this host. Run \`pulumi refresh\`, then \`pulumi up\`.`,
      );
    }
    const retired = { ...intent, capturedAs: digest };
    await writeIntent(labId, retired);
    await halt(labId, name);
    await mountDisk(labId, name);
    return retired;
  });
}

/**
 * Changes limits, credentials and disk size (larger only) of a machine. It sees credentials at its next boot. Where the
 * host cannot grow a disk in use, a larger disk means a reboot.
 */
export async function changeMachine(spec: MachineSpec, signal: AbortSignal): Promise<void> {
  const { labId, name, cpus, memoryMb } = spec;
  await withLock(machinePaths(root, labId, name).lock, signal, async () => {
    const intent = await readIntent(labId, name);
    if (intent === undefined)
      throw new UserError(`The machine ${name} is gone. Run \`pulumi refresh\`, then \`pulumi up\`.`);
    const isLarger = spec.diskMb > intent.diskMb && intent.capturedAs === undefined;
    if (!isLarger && intent.capturedAs === undefined && (await runningProcess(labId, name)) === undefined)
      throw gone(name);
    const changed = { ...intent, cpus, memoryMb, diskMb: Math.max(spec.diskMb, intent.diskMb) };
    await setLimits(machineCgroup(labId, name), { cpus, memoryMb });
    await writeCredentials(labId, name, credentialsOf(spec.credentials, changed, await requireNetwork(labId)));
    if (isLarger) await grow(labId, changed);
    await writeIntent(labId, changed);
  });
}

export type MachineState =
  | { readonly kind: "absent" }
  /** It was begun, and its processes are gone. */
  | { readonly kind: "dead"; readonly intent: MachineIntent }
  /** Powered off for good after its image was captured. */
  | { readonly kind: "captured"; readonly intent: MachineIntent }
  | { readonly kind: "running"; readonly intent: MachineIntent; readonly machine: RunningMachine };

/** What stands of a machine. Changes nothing. */
export async function machineState(labId: string, name: string): Promise<MachineState> {
  const intent = await readIntent(labId, name);
  if (intent === undefined) return { kind: "absent" };
  if (intent.capturedAs !== undefined) return { kind: "captured", intent };
  const process = await runningProcess(labId, name);
  if (process === undefined || leaderOf(process) === undefined) return { kind: "dead", intent };
  return { kind: "running", intent, machine: running(labId, intent, process) };
}

async function adopt(spec: MachineSpec): Promise<RunningMachine | undefined> {
  const state = await machineState(spec.labId, spec.name);
  if (state.kind !== "running" || !isSame(spec, state.intent)) return undefined;
  const network = await requireNetwork(spec.labId);
  const credentials = credentialsOf(spec.credentials, state.intent, network);
  return (await sameCredentials(spec.labId, spec.name, credentials)) ? state.machine : undefined;
}

function isSame(spec: MachineSpec, intent: MachineIntent): boolean {
  const identity = ({ group, imageId, cpus, memoryMb, diskMb }: MachineSpec | MachineIntent) => {
    return { group, imageId, cpus, memoryMb, diskMb };
  };
  const hasAddress = spec.address === undefined || spec.address === intent.address;
  return hasAddress && isDeepStrictEqual([identity(spec), disksOf(spec)], [identity(intent), intent.disks]);
}

/** Writes down the machine before any of it is made, under an address that is its own from here on. */
async function declare(spec: MachineSpec, signal: AbortSignal | undefined): Promise<MachineIntent> {
  return withLock(labLock(root, spec.labId), signal, async () => {
    const network = await requireNetwork(spec.labId);
    const { name, group, imageId, cpus, memoryMb, diskMb } = spec;
    const address = chooseAddress(spec, network, await intentsOf(spec.labId));
    const instanceId = `i-${randomBytes(8).toString("hex")}`;
    const disks = disksOf(spec);
    const intent: MachineIntent = { name, group, imageId, instanceId, address, cpus, memoryMb, diskMb, disks };
    await writeIntent(spec.labId, intent);
    await loadFirewall(network);
    return intent;
  });
}

function disksOf(spec: MachineSpec): MachineIntent["disks"] {
  return [...spec.disks, ...spec.ownDisks.map(({ device }) => ({ device, file: ownDiskFile(spec, device) }))];
}

function ownDiskFile({ labId, name }: MachineSpec, device: string): string {
  return `${machinePaths(root, labId, name).folder}/${device}.img`;
}

async function furnish(spec: MachineSpec, intent: MachineIntent): Promise<void> {
  const { labId, name } = spec;
  await mkdir(machinePaths(root, labId, name).folder, { recursive: true });
  for (const { device, sizeMb } of spec.ownDisks) {
    await writeFile(ownDiskFile(spec, device), "", { mode: 0o600 });
    await truncate(ownDiskFile(spec, device), sizeMb * 2 ** 20);
  }
  await writeCredentials(labId, name, credentialsOf(spec.credentials, intent, await requireNetwork(labId)));
  await makeRoot(labId, intent);
}

async function attachDisks(intent: MachineIntent): Promise<Map<string, string>> {
  const devices = new Map<string, string>();
  for (const { file, device } of intent.disks) devices.set(device, await attachLoop(file));
  return devices;
}

async function boot(labId: string, intent: MachineIntent): Promise<RunningMachine> {
  const process = await launch(labId, intent, await attachDisks(intent));
  await awaitLeader(intent.name, process);
  return running(labId, intent, process);
}

async function awaitLeader(name: string, process: ProcessIdentity): Promise<void> {
  const leader = await until(() => leaderOf(process), { timeoutMs: 10_000, everyMs: 5 });
  if (leader === undefined) throw new Error(`${name} has no init after ten seconds`);
}

async function halt(labId: string, name: string): Promise<void> {
  await endProcesses(labId, name);
  await unmountRoot(labId, name);
  // A record that cannot be read must not keep its machine on the host; the machine's own disks lie in its folder.
  const intent = await readIntent(labId, name).catch(() => undefined);
  const folder = `${machinePaths(root, labId, name).folder}/`;
  const own = loopDevices().flatMap(({ file, goesByItself }) =>
    file.startsWith(folder) && !goesByItself ? [file] : [],
  );
  for (const file of new Set([...own, ...(intent?.disks ?? []).map((disk) => disk.file)])) await detachLoop(file);
}

/** The record goes last: as long as anything is left, the next call finds it. */
async function demolish(labId: string, name: string): Promise<void> {
  const paths = machinePaths(root, labId, name);
  await halt(labId, name);
  await unmountDisk(labId, name);
  await rm(paths.credentials, { recursive: true, force: true });
  await rm(paths.folder, { recursive: true, force: true });
  await refreshFirewall(labId);
}

async function grow(labId: string, intent: MachineIntent): Promise<void> {
  await truncate(machinePaths(root, labId, intent.name).disk, intent.diskMb * 2 ** 20);
  const isRunning = (await runningProcess(labId, intent.name)) !== undefined;
  if (isRunning && (await growMounted(labId, intent.name))) return;
  await halt(labId, intent.name);
  // Two users of one file system would destroy it.
  if (!(await unmountDisk(labId, intent.name))) throw new UserError(`The disk of ${intent.name} is in use; run again.`);
  await growUnmounted(labId, intent.name);
  await mountDisk(labId, intent.name);
  await mountRoot(labId, intent);
  await boot(labId, intent);
}

function gone(name: string): UserError {
  return new UserError(`The machine ${name} does not run any more. Run \`pulumi refresh\`, then \`pulumi up\`.`);
}

function running(labId: string, intent: MachineIntent, process: ProcessIdentity): RunningMachine {
  return { labId, name: intent.name, instanceId: intent.instanceId, address: intent.address, process };
}
