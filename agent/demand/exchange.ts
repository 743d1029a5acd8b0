import { readFileSync, watch } from "node:fs";
import { basename, dirname } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { errorCode } from "../failure.ts";
import { writeAtomically } from "../io/files.ts";

/** What the pool's manager says of its pool: for people and programs on the control plane. */
export const poolStatusPath = "/run/logos/pool.json";

/** Between two looks at the document, should a notice of its change get lost. */
const lookMs = 1000;
/** A status is a few kilobytes; what is longer is none. */
const longest = 256 * 1024;

/**
 * Hands each new document to `output`, a line each, and keeps the last line of `input` that is a JSON object at
 * `statusPath`. Ends with `input`.
 */
export async function exchange(
  documentPath: string,
  statusPath: string,
  input: Readable,
  output: Writable,
): Promise<void> {
  let sent = "";
  const send = () => {
    const text = readIfThere(documentPath);
    if (text === undefined || text === sent) return;
    sent = text;
    output.write(text);
  };
  const watcher = watch(dirname(documentPath), (_, file) => {
    if (file === basename(documentPath)) send();
  });
  const timer = setInterval(send, lookMs);
  try {
    send();
    for await (const line of createInterface(input)) {
      if (line.length <= longest && isObject(line)) writeAtomically(statusPath, `${line}\n`);
    }
  } finally {
    clearInterval(timer);
    watcher.close();
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

function isObject(line: string): boolean {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
