import { chmodSync, chownSync, existsSync, lstatSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Identity } from "./process.ts";

const prefix = "logos-gate-";

/**
 * Gives `use` an empty folder, owned by `owner`, and removes it afterwards. What an agent that was killed left behind
 * goes at the next call: only folders of this kind, of this user or of `owner`, whose process is gone.
 */
export async function withScratch<T>(owner: Identity | undefined, use: (folder: string) => Promise<T>): Promise<T> {
  sweep(owner);
  const folder = mkdtempSync(join(tmpdir(), `${prefix}${process.pid}-`));
  try {
    chmodSync(folder, 0o700);
    if (owner !== undefined) chownSync(folder, owner.uid, owner.gid);
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function sweep(owner: Identity | undefined): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = /^logos-gate-(?<pid>\d+)-/.exec(name)?.groups?.pid;
    if (pid === undefined || existsSync(`/proc/${pid}`)) continue;
    const folder = join(tmpdir(), name);
    const stats = lstatSync(folder, { throwIfNoEntry: false });
    if (stats?.isDirectory() && [process.getuid?.(), owner?.uid].includes(stats.uid))
      rmSync(folder, { recursive: true, force: true });
  }
}
