import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { bridgeName, labCgroup, labIdPattern, labIdRule, machineIdPrefix, tableName } from "../../core/lab/names.ts";
import { labPaths, poolPaths } from "../../core/lab/paths.ts";
import { processesIn, removeCgroup, standingCgroups } from "./host/cgroup.ts";
import { namesIn } from "./host/files.ts";
import { detachLoop, loopDevices } from "./host/loops.ts";
import { mountsBelow, unmount } from "./host/mounts.ts";
import { ended, isAlive, recordedProcess, signalProcess } from "./host/process.ts";
import { root } from "./host/root.ts";
import { removeMachine } from "./machine/lifecycle.ts";
import { nspawnFolder } from "./machine/process.ts";
import { bridgeStands, lower, portsOf, tableStands } from "./network/apply.ts";

/** Everything that one lab has on this host, by kind; all empty when nothing is left. */
export interface Leftovers {
  readonly processes: readonly string[];
  readonly mounts: readonly string[];
  readonly loopDevices: readonly string[];
  readonly interfaces: readonly string[];
  readonly tables: readonly string[];
  readonly cgroups: readonly string[];
  readonly folders: readonly string[];
}

/** Lists what a lab has on this host, from the host itself and not from the lab's records. Changes nothing. */
export async function leftovers(labId: string): Promise<Leftovers> {
  const { folder } = labPaths(root, labId);
  const managers = await managersOf(labId);
  return {
    processes: [...processesIn(labCgroup(labId)), ...managers.map(({ process }) => process.pid)].map(String),
    mounts: mountsBelow(folder),
    loopDevices: loopDevices().flatMap(({ device, file }) => (file.startsWith(`${folder}/`) ? [device] : [])),
    interfaces: [...(bridgeStands(labId) ? [bridgeName(labId)] : []), ...portsOf(labId)],
    tables: (await tableStands(labId)) ? [tableName(labId)] : [],
    cgroups: standingCgroups(labCgroup(labId)),
    folders: [...(existsSync(folder) ? [folder] : []), ...(await nspawnFolders(labId))],
  };
}

/**
 * Removes all of a lab from this host, machines first and its folder last, so that a killed run is finished by the next.
 * Images and bases stay: they belong to no lab.
 */
export async function removeLab(labId: string, info: (message: string) => void = () => undefined): Promise<void> {
  const paths = labPaths(root, labId);
  for (const { name, process } of await managersOf(labId)) {
    info(`Ending the manager of the pool ${name}`);
    if (signalProcess(process, "SIGTERM") && !(await ended(process, 5000))) signalProcess(process, "SIGKILL");
  }
  const machines = await namesIn(paths.machines);
  if (machines.length > 0) info(`Removing machines that are in no stack's state: ${machines.join(", ")}`);
  await Promise.all(machines.map((name) => removeMachine(labId, name)));
  await lower(labId);
  for (const volume of await namesIn(paths.volumes)) await detachLoop(`${paths.volumes}/${volume}`);
  for (const mount of mountsBelow(paths.folder)) await unmount(mount);
  await removeCgroup(labCgroup(labId));
  for (const left of await nspawnFolders(labId)) await rm(left, { recursive: true });
  await rm(paths.folder, { recursive: true, force: true });
}

async function nspawnFolders(labId: string): Promise<string[]> {
  const names = await namesIn(nspawnFolder);
  return names.filter((name) => name.startsWith(machineIdPrefix(labId))).map((name) => `${nspawnFolder}/${name}`);
}

async function managersOf(labId: string) {
  const names = await namesIn(labPaths(root, labId).pools);
  const managers = await Promise.all(
    names.map(async (name) => ({ name, process: await recordedProcess(poolPaths(root, labId, name).managerPid) })),
  );
  return managers.flatMap(({ name, process }) => (process && isAlive(process) ? [{ name, process }] : []));
}

/** `node providers/lab/cleanup.ts list|remove LAB`: for a lab whose stack is lost. */
async function main([command, labId]: readonly string[]): Promise<number> {
  if ((command !== "list" && command !== "remove") || labId === undefined || !labIdPattern.test(labId)) {
    console.error(`Usage: node providers/lab/cleanup.ts list|remove LAB (LAB is ${labIdRule})`);
    return 2;
  }
  if (command === "remove") await removeLab(labId, console.log);
  const left = await leftovers(labId);
  const count = Object.values(left).flat().length;
  console.log(JSON.stringify(left, undefined, 2));
  console.log(`${count} left of the lab ${labId}`);
  return command === "remove" && count > 0 ? 1 : 0;
}

const [, script, ...args] = process.argv;
if (script !== undefined && import.meta.url === pathToFileURL(script).href) process.exitCode = await main(args);
