import { readFileSync } from "node:fs";

const everyMs = 1000;

/**
 * Ends this program soon after the engine that it works for has died. A killed engine takes neither its language host nor the program
 * with it: the program would ask again for ever, at a fifth of a CPU (seen with CLI 3.259). The language host looks for itself, every
 * five minutes. Where there is no /proc the program is left as it is.
 */
export function endWithEngine(): void {
  const host = process.ppid;
  const engine = parentOf(host);
  if (engine === undefined) return;
  setInterval(() => {
    if (process.ppid !== host || parentOf(host) !== engine) process.exit(1);
  }, everyMs).unref();
}

function parentOf(pid: number): string | undefined {
  try {
    return /^PPid:\t(?<parent>\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.groups?.parent;
  } catch {
    return undefined;
  }
}
