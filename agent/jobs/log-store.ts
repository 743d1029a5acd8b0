import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { outputLimit } from "../../core/jobs/log.ts";
import { type JobRecord, parseJobRecord } from "../../core/jobs/record.ts";
import { writeAtomically } from "../io/files.ts";

/** The jobs' output and records on the control plane's disk. */
export class LogStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Adds a piece that begins at `offset`; what is there already is not written again, so that a piece may come twice.
   * @returns bytes that are there now: the next piece begins there
   */
  append(job: number, attempt: number, offset: number, piece: Buffer): number {
    const path = this.#path(job, attempt, "out");
    const fd = openSync(path, "a", 0o644);
    try {
      const have = statSync(path).size;
      // A gap, after this disk was lost: the sender begins again at what is here.
      if (offset > have) return have;
      const news = piece.subarray(have - offset);
      const room = Math.max(0, outputLimit - have);
      return have + (news.length === 0 || room === 0 ? 0 : writeSync(fd, news.subarray(0, room)));
    } finally {
      closeSync(fd);
    }
  }

  /** Keeps the record; on disk when it returns, and so is the output before it. */
  record(record: JobRecord): void {
    const output = this.#path(record.job, record.attempt, "out");
    if (existsSync(output)) {
      const fd = openSync(output, "r");
      fsyncSync(fd);
      closeSync(fd);
    }
    writeAtomically(this.#path(record.job, record.attempt, "json"), `${JSON.stringify(record)}\n`);
  }

  /** The record of an attempt; undefined while there is none. @throws Malformed */
  readRecord(job: number, attempt: number): JobRecord | undefined {
    const path = join(this.#folder, String(job), `${attempt}.json`);
    return existsSync(path) ? parseJobRecord(readFileSync(path, "utf8"), path) : undefined;
  }

  /** The record of the last attempt, of those before `attempt`, that came to its end. @throws Malformed */
  lastRecord(job: number, attempt = Number.POSITIVE_INFINITY): JobRecord | undefined {
    const earlier = this.attempts(job).filter((number) => number < attempt);
    return earlier.map((number) => this.readRecord(job, number)).findLast((found) => found !== undefined);
  }

  /** Numbers of the attempts that left output or a record, in order. */
  attempts(job: number): readonly number[] {
    const folder = join(this.#folder, String(job));
    if (!existsSync(folder)) return [];
    const numbers = readdirSync(folder).flatMap((name) => /^(\d+)\.(?:out|json)$/.exec(name)?.[1] ?? []);
    return [...new Set(numbers.map(Number))].sort((a, b) => a - b);
  }

  outputPath(job: number, attempt: number): string {
    return join(this.#folder, String(job), `${attempt}.out`);
  }

  /** Removes the oldest jobs until at most `limit` bytes are kept. Jobs that may still run are the youngest. */
  prune(limit: number): readonly string[] {
    const folders = readdirSync(this.#folder)
      .filter((name) => /^\d+$/.test(name))
      .map((name) => {
        const folder = join(this.#folder, name);
        const sizes = readdirSync(folder).map((file) => statSync(join(folder, file)).size);
        return { folder, at: statSync(folder).mtimeMs, size: sizes.reduce((sum, size) => sum + size, 0) };
      })
      .sort((a, b) => a.at - b.at);
    let kept = folders.reduce((sum, { size }) => sum + size, 0);
    const removed: string[] = [];
    for (const { folder, size } of folders) {
      if (kept <= limit) break;
      rmSync(folder, { recursive: true, force: true });
      removed.push(folder);
      kept -= size;
    }
    return removed;
  }

  #path(job: number, attempt: number, end: "out" | "json"): string {
    const folder = join(this.#folder, String(job));
    mkdirSync(folder, { recursive: true, mode: 0o755 });
    return join(folder, `${attempt}.${end}`);
  }
}
