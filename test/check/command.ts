import { execFile } from "node:child_process";
import { join } from "node:path";

/** Runs `npm run check` as npm does, for tests; with these variables beside the test's own. */
export function runCheck(
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(import.meta.dirname, "run.ts"), ...args],
      { env: { ...process.env, ...environment }, maxBuffer: 2 ** 26 },
      (error, stdout, stderr) => resolve({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr }),
    );
  });
}
