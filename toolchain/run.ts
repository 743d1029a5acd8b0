import { spawnSync } from "node:child_process";

/** How a program ended. */
export interface Ending {
  readonly ok: boolean;
  readonly stdout: string;
  /** The last lines that it wrote to stderr, or why it could not be started. */
  readonly complaint: string;
}

/** Runs a program to its end and keeps what it wrote. Never throws: the caller knows what a failure means. */
export function run(
  program: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Ending {
  const result = spawnSync(program, args, {
    ...options,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    maxBuffer: 64 * 1024 * 1024,
  });
  if (result.error !== undefined) return { ok: false, stdout: "", complaint: result.error.message };
  const lines = result.stderr.trim().split("\n");
  const ended = result.signal === null ? "" : `\nended by ${result.signal}`;
  return { ok: result.status === 0, stdout: result.stdout, complaint: lines.slice(-15).join("\n") + ended };
}
