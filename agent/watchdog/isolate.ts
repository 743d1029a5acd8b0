import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { errorCode } from "../failure.ts";

/** Where slurmd and everything that its jobs started is, on control groups v1 and v2. */
const cgroups = ["/sys/fs/cgroup/systemd/system.slice/slurmd.service", "/sys/fs/cgroup/system.slice/slurmd.service"];

/**
 * Kills every process of slurmd's unit: jobs, their steps, and slurmd itself, which systemd starts again. The steps go
 * with the jobs, so none is left to report a job as failed: the controller finds it missing and puts it back into the
 * queue. Repeats until nothing is left, since what is killed may just have started something.
 * @returns how many were killed.
 */
export function isolate(folders: readonly string[] = cgroups, most = 20): number {
  const killed = new Set<number>();
  for (let round = 0; round < most; round += 1) {
    const left = folders.flatMap(processesIn).filter((pid) => kill(pid));
    for (const pid of left) killed.add(pid);
    if (left.length === 0) break;
  }
  return killed.size;
}

function processesIn(folder: string): number[] {
  if (!existsSync(folder)) return [];
  const inner = readdirSync(folder, { withFileTypes: true, recursive: true }).filter((entry) => entry.isDirectory());
  return [folder, ...inner.map((entry) => join(entry.parentPath, entry.name))].flatMap((one) => {
    try {
      return readFileSync(join(one, "cgroup.procs"), "utf8").split("\n").filter(Boolean).map(Number);
    } catch (error) {
      // It ended meanwhile.
      if (errorCode(error) === "ENOENT" || errorCode(error) === "ENODEV") return [];
      throw error;
    }
  });
}

/** False when there is no such process any more. */
function kill(pid: number): boolean {
  try {
    process.kill(pid, "SIGKILL");
    return true;
  } catch (error) {
    if (errorCode(error) === "ESRCH") return false;
    throw error;
  }
}
