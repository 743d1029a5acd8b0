import { spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import { Complaint } from "./complaint.ts";

export const repository = join(import.meta.dirname, "..");
const launcher = join(repository, "node_modules", ".bin", "pulumi");

/** Runs `pulumi` in this terminal and answers with its exit code. A Ctrl-C reaches it, and it is waited for all the same. */
export function runPulumi(args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(launcher, args, { cwd: repository, stdio: "inherit" });
    // The terminal interrupts the whole group; Pulumi then ends in order, which this process must outlive.
    const wait = () => undefined;
    process.on("SIGINT", wait);
    child.on("error", (error) =>
      reject(new Complaint(`${launcher} cannot be run (${error.message}). Run \`npm ci\`.`)),
    );
    child.on("exit", (code) => {
      process.off("SIGINT", wait);
      resolve(code ?? 1);
    });
  });
}

/** Runs `pulumi` quietly and answers with what it printed, or undefined when it failed. Nothing of it reaches the terminal. */
export function askPulumi(args: readonly string[]): string | undefined {
  const result = spawnSync(launcher, args, { cwd: repository, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  return result.status === 0 ? result.stdout : undefined;
}
