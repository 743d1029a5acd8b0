import { spawn } from "node:child_process";
import { constants } from "node:os";
import { findProgram, systemPath } from "../io/process.ts";

/**
 * Runs a program whose output goes where this process's goes, as it comes. Signals that end this process reach it too: they
 * share a process group, and Slurm tells every process of a job.
 * @returns its exit code, or 128 and the signal's number
 */
export function runLive(
  argv: readonly [string, ...string[]],
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<number> {
  const [program, ...args] = argv;
  return new Promise((resolve, reject) => {
    const child = spawn(findProgram(program, env.PATH ?? systemPath), args, {
      cwd,
      env,
      stdio: ["ignore", "inherit", "inherit"],
    });
    child.on("error", reject);
    child.on("close", (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
  });
}
