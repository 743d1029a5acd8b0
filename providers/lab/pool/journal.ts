import { mkdir, rm } from "node:fs/promises";
import { poolPaths } from "../../../core/lab/paths.ts";
import { namesIn, readJson, writeJson } from "../host/files.ts";
import { root } from "../host/root.ts";
import { choice, integer, object, optional, text } from "../shape.ts";

/**
 * What the manager wrote down about a node: before its machine is begun, and until both its machine and its record in
 * Slurm are gone. A manager that was killed finds all its nodes here. It holds no secret.
 */
export interface NodeRecord {
  readonly name: string;
  readonly version: string;
  readonly imageId: string;
  /** Milliseconds since 1970. */
  readonly launchedAt: number;
  /** When its machine ran, milliseconds since 1970. Absent in a launch that was cut off, which is not taken up again. */
  readonly startedAt?: number | undefined;
  /** When Slurm first gave it jobs, milliseconds since 1970. */
  readonly readyAt?: number | undefined;
  readonly hostKeyPublic?: string | undefined;
  /** Why it could not be launched, or its gate failed. */
  readonly failure?: string | undefined;
  /** Present from the moment that its end was decided for good. */
  readonly ending?: Ending | undefined;
}

export interface Ending {
  /** `retired`: had no work. `fenced`: what it had must start elsewhere at once. */
  readonly how: "retired" | "fenced";
  readonly reason: string;
}

const time = integer(0, Number.MAX_SAFE_INTEGER);
const shape = object<NodeRecord>({
  name: text(),
  version: text(),
  imageId: text(),
  launchedAt: time,
  startedAt: optional(time),
  readyAt: optional(time),
  hostKeyPublic: optional(text()),
  failure: optional(text()),
  ending: optional(object<Ending>({ how: choice(["retired", "fenced"]), reason: text() })),
});

/** The node records of one pool, on disk and in memory alike. */
export class Journal {
  readonly #folder: string;
  readonly #records = new Map<string, NodeRecord>();

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async open(labId: string, pool: string): Promise<Journal> {
    const journal = new Journal(`${poolPaths(root, labId, pool).folder}/nodes`);
    await mkdir(journal.#folder, { recursive: true });
    for (const file of await namesIn(journal.#folder)) {
      const record = file.endsWith(".json") ? await readJson(`${journal.#folder}/${file}`, shape) : undefined;
      if (record !== undefined) journal.#records.set(record.name, record);
    }
    return journal;
  }

  /** Records in the order of their names, which is the order of their ages. */
  all(): readonly NodeRecord[] {
    return [...this.#records.values()].toSorted((one, other) => (one.name < other.name ? -1 : 1));
  }

  get(name: string): NodeRecord | undefined {
    return this.#records.get(name);
  }

  async write(record: NodeRecord): Promise<void> {
    await writeJson(this.#file(record.name), record);
    this.#records.set(record.name, record);
  }

  /** Changes a record that is still there. */
  async amend(name: string, changes: Partial<NodeRecord>): Promise<void> {
    const record = this.#records.get(name);
    if (record !== undefined) await this.write({ ...record, ...changes });
  }

  async remove(name: string): Promise<void> {
    await rm(this.#file(name), { force: true });
    this.#records.delete(name);
  }

  #file(name: string): string {
    return `${this.#folder}/${name}.json`;
  }
}
