import { spawnSync } from "node:child_process";
import { closeSync, constants, fchownSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from "node:fs";
import { errorCode, Refusal } from "../failure.ts";
import type { Identity } from "./process.ts";
import { findProgram, systemPath } from "./process.ts";

/** A held lock. It belongs to the open file: the kernel lets it go when the last process that has it ends, however it ends. */
export interface Lock {
  readonly fd: number;
  release(): void;
}

/**
 * Takes the lock `path`, waiting at most `waitSeconds`. Throws {@link Refusal} that names the holder.
 * @param purpose what the holder is doing, for whoever has to wait.
 * @param owner gets the lock file, so that this user can take the lock too.
 */
export function takeLock(path: string, purpose: string, waitSeconds: number, owner?: Identity): Lock {
  const fd = openLockFile(path);
  try {
    if (owner !== undefined) fchownSync(fd, owner.uid, owner.gid);
    const flock = findProgram("flock", systemPath);
    // The program locks the file that it inherits as 3; the lock outlives it because the open file is ours.
    const waited = spawnSync(flock, ["--timeout", String(waitSeconds), "--conflict-exit-code", "75", "3"], {
      stdio: ["ignore", "ignore", "pipe", fd],
    });
    if (waited.status === 75)
      throw new Refusal(
        `The checkout is in use by ${readHolder(fd)}; waited ${waitSeconds} s for ${path}. Try again when it is done`,
      );
    if (waited.status !== 0) throw new Refusal(`flock failed on ${path}: ${waited.stderr.toString().trim()}`);
    ftruncateSync(fd, 0);
    writeSync(fd, `${purpose}, process ${process.pid}, since ${new Date().toISOString()}`, 0);
  } catch (error) {
    closeSync(fd);
    throw error;
  }
  return { fd, release: () => closeSync(fd) };
}

/** Opens without following links: the folder belongs to the workload's user, and root must not be led to another file. */
function openLockFile(path: string): number {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW | constants.O_NONBLOCK, 0o660);
  } catch (error) {
    throw new Refusal(
      `The lock ${path} cannot be opened (${errorCode(error) ?? "unknown"}): run as the checkout's owner or as root`,
    );
  }
  const stats = fstatSync(fd);
  if (stats.isFile() && stats.nlink === 1) return fd;
  closeSync(fd);
  throw new Refusal(`The lock ${path} is not a plain file of its own. Remove it and look who made it`);
}

function readHolder(fd: number): string {
  const buffer = Buffer.alloc(256);
  const text = buffer.subarray(0, readSync(fd, buffer, 0, buffer.length, 0)).toString("utf8");
  return /^[\x20-\x7e]+$/.test(text) ? text : "another process";
}
