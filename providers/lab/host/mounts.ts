import { readFileSync } from "node:fs";
import { CommandFailed, run } from "./run.ts";
import { until } from "./wait.ts";

/** Mount points of this host, in the order in which they were mounted. */
export function mountPoints(): string[] {
  return readFileSync("/proc/self/mountinfo", "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => unescapeOctal(line.split(" ")[4] ?? ""));
}

export function isMounted(folder: string): boolean {
  return mountPoints().includes(folder);
}

/** Mount points at or below a folder, innermost first: the order in which they can be unmounted. */
export function mountsBelow(folder: string): string[] {
  return mountPoints()
    .filter((point) => point === folder || point.startsWith(`${folder}/`))
    .reverse();
}

/**
 * Unmounts if it is mounted. A mount that a dying process still holds is busy for moments only, so that is waited for;
 * what is busy after five seconds is detached and goes when its last user does.
 */
export async function unmount(folder: string): Promise<void> {
  const free = await until(async () => (!isMounted(folder) || (await tryUnmount(folder)) ? true : undefined), {
    timeoutMs: 5000,
    everyMs: 50,
  });
  if (free === undefined) await run(["umount", "--lazy", folder]);
}

async function tryUnmount(folder: string): Promise<boolean> {
  try {
    await run(["umount", folder]);
    return true;
  } catch (error) {
    if (error instanceof CommandFailed && /busy/.test(error.stderr)) return false;
    if (!isMounted(folder)) return true;
    throw error;
  }
}

function unescapeOctal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}
