import { readdirSync, readFileSync, rmSync } from "node:fs";
import { homedir, hostname } from "node:os";
import { join } from "node:path";

/**
 * Removes the stack locks that a killed CLI of this host left behind, so that the same command again goes on where it was. Locks of
 * other hosts, of processes that still run, and of backends that are no folder are left to `pulumi cancel`.
 *
 * @param backend URL as PULUMI_BACKEND_URL or Pulumi.yaml has it.
 */
export function removeDeadLocks(backend: string): void {
  const folder = locksFolder(backend);
  if (folder === undefined) return;
  for (const file of jsonFilesBelow(folder)) {
    const holder = readHolder(file);
    if (holder !== undefined && holder.host === hostname() && !isPulumi(holder.pid)) rmSync(file, { force: true });
  }
}

/** Folder that a file backend keeps its locks in. */
export function locksFolder(backend: string): string | undefined {
  const folder = backendFolder(backend);
  return folder === undefined ? undefined : join(folder, ".pulumi", "locks");
}

/** The folder of a file backend, or undefined for another kind. */
export function backendFolder(backend: string): string | undefined {
  const path = /^file:\/\/(?<path>[~/].*)$/.exec(backend)?.groups?.path;
  if (path === undefined) return undefined;
  return path.startsWith("~") ? join(homedir(), path.slice(1)) : path;
}

function jsonFilesBelow(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".json"))
      .map((name) => join(folder, name));
  } catch {
    // No folder: nothing was ever locked.
    return [];
  }
}

/** Who took a lock, or undefined when the file is gone by now or is not a lock: then it is left alone. */
function readHolder(file: string): { readonly pid: number; readonly host: string } | undefined {
  try {
    const lock: unknown = JSON.parse(readFileSync(file, "utf8"));
    if (typeof lock !== "object" || lock === null || !("pid" in lock) || !("hostname" in lock)) return undefined;
    const { pid, hostname: host } = lock;
    return typeof pid === "number" && typeof host === "string" ? { pid, host } : undefined;
  } catch {
    return undefined;
  }
}

/** Whether this process runs and is a Pulumi CLI: its number alone may belong to another by now. */
function isPulumi(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/comm`, "utf8").trim() === "pulumi";
  } catch {
    return false;
  }
}
