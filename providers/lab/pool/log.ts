import { appendFileSync, renameSync, statSync } from "node:fs";

/** Two files of this size are kept. */
const largest = 1024 * 1024;

/** A log of lines, each with its time, that never takes more than 2 MiB. Never a secret. */
export class BoundedLog {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  line(message: string): void {
    if (sizeOf(this.#file) > largest) renameSync(this.#file, `${this.#file}.1`);
    appendFileSync(this.#file, `${new Date().toISOString()} ${message}\n`);
  }
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
