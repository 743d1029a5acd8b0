import { spawn } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { UserError } from "../resource.ts";
import { toolPath } from "./run.ts";

/**
 * Runs `work` while this process holds the lock `file`, against other processes and against itself. The lock is the
 * kernel's (flock), held by a child that lives as long as its standard input is open: when this process is killed, the
 * lock is free at once. Locks are not re-entrant.
 */
export async function withLock<T>(file: string, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  await mkdir(dirname(file), { recursive: true });
  const release = await acquire(file, signal);
  try {
    return await work();
  } finally {
    release();
  }
}

function acquire(file: string, signal: AbortSignal | undefined): Promise<() => void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const holder = spawn("flock", ["--exclusive", file, "sh", "-c", "echo held; exec cat"], {
      stdio: ["pipe", "pipe", "ignore"],
      env: { ...process.env, PATH: toolPath },
      // A group of its own: a Ctrl-C on the terminal must not free the lock under this process's feet.
      detached: true,
    });
    const release = () => holder.stdin.end();
    const giveUp = () => {
      if (holder.pid !== undefined) process.kill(-holder.pid, "SIGKILL");
      reject(signal?.reason);
    };
    signal?.addEventListener("abort", giveUp, { once: true });
    const settle = () => signal?.removeEventListener("abort", giveUp);
    holder.on("error", (error) => reject(new UserError(`Cannot lock ${file}: ${error.message}`)));
    holder.on("exit", (code) => {
      settle();
      reject(new UserError(`Cannot lock ${file}: flock ended with ${code}`));
    });
    holder.stdin.on("error", () => undefined);
    holder.stdout.once("data", () => {
      settle();
      resolve(release);
    });
  });
}
