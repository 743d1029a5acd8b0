import { spawnSync } from "node:child_process";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { toolPath } from "../host/run.ts";

/**
 * Takes the kernel's lock on a file for as long as this process lives, or answers false when another process has it.
 * flock(1) locks the open file that it inherits, which stays open here after it ended; no child inherits it later.
 */
export function lockForLife(file: string): boolean {
  mkdirSync(dirname(file), { recursive: true });
  const descriptor = openSync(file, "w", 0o600);
  const { status, error } = spawnSync("flock", ["--nonblock", "--exclusive", "3"], {
    stdio: ["ignore", "ignore", "inherit", descriptor],
    env: { PATH: toolPath },
  });
  if (error !== undefined) throw error;
  if (status === 0) return true;
  closeSync(descriptor);
  return false;
}
