import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { mkdir, rmdir, writeFile } from "node:fs/promises";
import { UserError } from "../resource.ts";
import { isErrno } from "./files.ts";
import { readProc } from "./process.ts";
import { until } from "./wait.ts";

/** CPUs (as whole cores of run time per second) and memory in MiB. */
export interface Limits {
  readonly cpus: number;
  readonly memoryMb: number;
}

/** Bound of processes and threads in one machine: far above a build's need, far below the host's table. */
const mostTasks = 8192;
/** Microseconds in which a machine may use `cpus` times as much run time; the kernel's own default. */
const cpuPeriod = 100_000;
const mount = "/sys/fs/cgroup";
const isUnified = existsSync(`${mount}/cgroup.controllers`);

/**
 * Makes the cgroup with its limits and answers its folders: a process that writes itself into `cgroup.procs` of each is
 * held by them. On a host of cgroup v1 there is one for each controller that the kernel has; the one named systemd limits
 * nothing and keeps the machine's own tree apart.
 */
export async function makeCgroup(path: string, limits: Limits): Promise<string[]> {
  const folders = cgroupFolders(path);
  for (const folder of folders) await mkdir(folder, { recursive: true });
  if (isUnified) await delegate(path);
  await setLimits(path, limits);
  return folders;
}

/** Changes the limits of a cgroup; processes in it keep running. */
export async function setLimits(path: string, { cpus, memoryMb }: Limits): Promise<void> {
  const bytes = String(memoryMb * 2 ** 20);
  if (isUnified) {
    await set(path, "cpu.max", `${cpus * cpuPeriod} ${cpuPeriod}`);
    await set(path, "memory.max", bytes);
    await set(path, "pids.max", String(mostTasks));
  } else {
    await set(`cpu/${path}`, "cpu.cfs_period_us", String(cpuPeriod));
    await set(`cpu/${path}`, "cpu.cfs_quota_us", String(cpus * cpuPeriod));
    await set(`memory/${path}`, "memory.limit_in_bytes", bytes);
    await set(`pids/${path}`, "pids.max", String(mostTasks));
  }
}

/** Limits that this host cannot hold a machine to, because its kernel lacks the controller. */
export function missingControllers(): string[] {
  const controllers = isUnified ? (readProc(`${mount}/cgroup.controllers`) ?? "").trim().split(" ") : v1Controllers();
  return ["cpu", "memory"].filter((name) => !controllers.includes(name));
}

/** Processes in a cgroup and below it. */
export function processesIn(path: string): number[] {
  const pids = cgroupFolders(path)
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => [folder, ...foldersBelow(folder)])
    .flatMap((folder) => (readProc(`${folder}/cgroup.procs`) ?? "").split("\n").filter(Boolean).map(Number));
  return [...new Set(pids)];
}

/**
 * Lets a process go on that the freezer of cgroup v1 holds: there, not even a kill takes effect before that. On v2 a frozen
 * process dies at once.
 */
export function thaw(pid: number): void {
  const path = /^\d+:freezer:(\/.+)$/m.exec(readProc(`/proc/${pid}/cgroup`) ?? "")?.[1];
  const file = `${mount}/freezer${path}/freezer.state`;
  if (path !== undefined && (readProc(file) ?? "THAWED").trim() !== "THAWED") writeFileSync(file, "THAWED");
}

/** Folders of a cgroup that exist. */
export function standingCgroups(path: string): string[] {
  return cgroupFolders(path).filter((folder) => existsSync(folder));
}

/** Removes a cgroup and those below it, when the last process has left them. */
export async function removeCgroup(path: string): Promise<void> {
  for (const folder of standingCgroups(path)) {
    for (const inner of [...foldersBelow(folder).reverse(), folder]) await removeEmpty(inner);
  }
}

function cgroupFolders(path: string): string[] {
  if (isUnified) return [`${mount}/${path}`];
  return v1Controllers().map((controller) => `${mount}/${controller}/${path}`);
}

function v1Controllers(): string[] {
  return ["cpu", "memory", "pids", "systemd"].filter((name) => existsSync(`${mount}/${name}/cgroup.procs`));
}

/** On cgroup v2 a controller works in a folder only when each folder above it hands the controller down. */
async function delegate(path: string): Promise<void> {
  let folder = mount;
  for (const part of path.split("/")) {
    await writeFile(`${folder}/cgroup.subtree_control`, "+cpu +memory +pids");
    folder = `${folder}/${part}`;
  }
}

async function set(path: string, key: string, value: string): Promise<void> {
  const file = `${mount}/${path}/${key}`;
  if (!existsSync(file)) return;
  try {
    await writeFile(file, value);
  } catch (error) {
    if (!isErrno(error, "EBUSY")) throw error;
    throw new UserError(
      `${file} cannot be set to ${value}: the machine uses more than that now. Stop work on it first.`,
    );
  }
}

async function removeEmpty(folder: string): Promise<void> {
  const gone = await until(
    async () => {
      try {
        await rmdir(folder);
        return true;
      } catch (error) {
        if (isErrno(error, "ENOENT")) return true;
        if (isErrno(error, "EBUSY")) return undefined;
        throw error;
      }
    },
    { timeoutMs: 5000 },
  );
  if (gone === undefined) throw new Error(`${folder} still has processes: ${readProc(`${folder}/cgroup.procs`)}`);
}

/** Folders below a folder, outer before inner. */
/** Cgroups below one, each before those below it. One that is removed meanwhile has none. */
function foldersBelow(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .flatMap(({ name }) => [`${folder}/${name}`, ...foldersBelow(`${folder}/${name}`)]);
  } catch (error) {
    if (isErrno(error, "ENOENT") || isErrno(error, "ENODEV")) return [];
    throw error;
  }
}
