import { randomBytes } from "node:crypto";
import { existsSync, linkSync, rmSync, writeFileSync } from "node:fs";

/**
 * Makes a file with a random passphrase, readable by its owner alone, unless there is one. Of two callers at once both
 * find the same passphrase; a killed one leaves none, or a whole one.
 */
export function ensurePassphrase(path: string): void {
  if (existsSync(path)) return;
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, `${randomBytes(32).toString("base64url")}\n`, { mode: 0o600, flush: true });
  try {
    // Unlike a rename, a link never replaces the file of another who came first.
    linkSync(draft, path);
  } catch (error) {
    if (!existsSync(path)) throw error;
  } finally {
    rmSync(draft);
  }
}
