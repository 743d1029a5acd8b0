import { request } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { outputLimit, type Piece, pathOf, pieceLimit } from "../../core/jobs/log.ts";
import { type JobRecord, parseJobRecord } from "../../core/jobs/record.ts";

/** Milliseconds between two pieces, and between two tries when the control plane does not take one. */
const pace = { piece: 200, retry: 500 } as const;
const answerMs = 5000;

/** Carries one attempt's output to the control plane as it comes, and the record after it. It never fails the job. */
export class LogClient {
  readonly #host: string;
  readonly #port: number;
  readonly #job: number;
  readonly #attempt: number;
  readonly #onSuperseded: () => void;
  #waiting: Buffer[] = [];
  #first = 0;
  #length = 0;
  #closed = false;
  #superseded = false;
  #full = false;
  readonly #sending: Promise<void>;
  #wake: () => void = () => undefined;

  /** @param onSuperseded called once when the control plane says that this attempt is over: what runs must stop. */
  constructor(to: { host: string; port: number }, job: number, attempt: number, onSuperseded: () => void) {
    this.#host = to.host;
    this.#port = to.port;
    this.#job = job;
    this.#attempt = attempt;
    this.#onSuperseded = onSuperseded;
    this.#sending = this.#send();
  }

  get superseded(): boolean {
    return this.#superseded;
  }

  add(chunk: Buffer): void {
    // What the control plane would not keep is not held here either; the node's own file has it all.
    if (this.#full || this.#length >= outputLimit) return;
    this.#waiting.push(chunk);
    this.#length += chunk.length;
    this.#wake();
  }

  /**
   * The record of an earlier attempt, which had come to its end when its node died and Slurm had not heard of it: its verdict
   * stands. Undefined when there is none, or when nobody can say.
   */
  async standing(): Promise<JobRecord | undefined> {
    const piece: Piece = { job: this.#job, attempt: this.#attempt, part: "record", offset: 0 };
    const { code, body } = await this.#ask("GET", piece, Buffer.alloc(0));
    return code === 200 ? parseJobRecord(body, "record of an earlier attempt") : undefined;
  }

  /**
   * Waits at most `seconds` until all output is there, then until the record is. True when both are.
   * @param record absent for an attempt that was stopped: it has no verdict.
   */
  async finish(record: JobRecord | undefined, seconds: number): Promise<boolean> {
    const deadline = AbortSignal.timeout(seconds * 1000);
    this.#closed = true;
    this.#wake();
    const expired = new Promise<"expired">((resolve) => deadline.addEventListener("abort", () => resolve("expired")));
    if ((await Promise.race([this.#sending, expired])) === "expired") this.#full = true;
    if (record === undefined) return !this.#full;
    const body = Buffer.from(JSON.stringify(record));
    while (!this.#superseded) {
      const answer = await this.#put({ job: this.#job, attempt: this.#attempt, part: "record", offset: 0 }, body);
      if (answer.code === 200) return true;
      if (answer.code === 400 || deadline.aborted) return false;
      await pause(pace.retry);
    }
    return false;
  }

  async #send(): Promise<void> {
    while (!this.#superseded && !this.#full) {
      const piece = Buffer.concat(this.#waiting).subarray(0, pieceLimit);
      if (piece.length === 0) {
        if (this.#closed) return;
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        // A little patience gathers what a program prints line by line.
        if (!this.#closed) await pause(pace.piece);
        continue;
      }
      const offset = this.#first;
      const answer = await this.#put({ job: this.#job, attempt: this.#attempt, part: "output", offset }, piece);
      if (answer.code === 507) this.#full = true;
      else if (answer.code === 200 && answer.have > offset) this.#drop(answer.have - offset);
      // It has less than was taken before: its disk was lost. What is gone cannot be sent again.
      else if (answer.code === 200 && answer.have < offset) this.#full = true;
      else if (answer.code === 200) return;
      else await pause(pace.retry);
    }
  }

  #drop(bytes: number): void {
    const rest = Buffer.concat(this.#waiting).subarray(bytes);
    this.#waiting = rest.length === 0 ? [] : [rest];
    this.#first += bytes;
  }

  async #put(piece: Piece, content: Buffer): Promise<{ code: number; have: number }> {
    const { code, body } = await this.#ask("PUT", piece, content);
    if (code === 403 && !this.#superseded) {
      this.#superseded = true;
      this.#onSuperseded();
    }
    return { code, have: haveOf(body) };
  }

  /** Code 0 when there was no answer. */
  #ask(method: "GET" | "PUT", piece: Piece, content: Buffer): Promise<{ code: number; body: string }> {
    return new Promise((resolve) => {
      const none = { code: 0, body: "" };
      const sent = request(
        { host: this.#host, port: this.#port, path: pathOf(piece), method, timeout: answerMs },
        (response) => {
          const chunks: Buffer[] = [];
          response.on("data", (chunk: Buffer) => chunks.push(chunk));
          response.on("error", () => resolve(none));
          response.on("end", () =>
            resolve({ code: response.statusCode ?? 0, body: Buffer.concat(chunks).toString("utf8") }),
          );
        },
      );
      sent.on("timeout", () => sent.destroy());
      sent.on("error", () => resolve(none));
      sent.end(content);
    });
  }
}

function haveOf(body: string): number {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === "object" && value !== null && "have" in value && typeof value.have === "number"
      ? value.have
      : 0;
  } catch {
    return 0;
  }
}
