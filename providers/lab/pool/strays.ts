import { messageOf } from "../../../core/errors.ts";
import { labPaths, poolPaths } from "../../../core/lab/paths.ts";
import { type Sightings, strays } from "../../../core/pool/strays.ts";
import { isPlaceholder } from "../../../core/slurm/nodes.ts";
import { namesIn } from "../host/files.ts";
import { root } from "../host/root.ts";
import { removeMachine } from "../machine/lifecycle.ts";
import { intentsOf } from "../machine/record.ts";
import { killMachine } from "./node.ts";
import type { SlurmControl } from "./slurm.ts";

/** Milliseconds between two looks. */
const everyMs = 5000;

/** Finds machines and records in Slurm that belong to no pool of the lab, and ends them. */
export class StrayHunt {
  readonly #labId: string;
  readonly #log: (line: string) => void;
  #sightings: Sightings = new Map();
  #lookedAt = 0;

  constructor(labId: string, log: (line: string) => void) {
    this.#labId = labId;
    this.#log = log;
  }

  /** Looks, when it is time again. When Slurm does not answer, nothing is ended. */
  async look(control: SlurmControl, now: number): Promise<void> {
    if (now - this.#lookedAt < everyMs) return;
    this.#lookedAt = now;
    try {
      await this.#look(control, now);
    } catch (error) {
      this.#log(`the look for strays failed: ${messageOf(error)}`);
    }
  }

  async #look(control: SlurmControl, now: number): Promise<void> {
    const machines = (await intentsOf(this.#labId)).filter(({ group }) => group === "node").map(({ name }) => name);
    const records = [...(await control.nodes()).values()].filter((node) => !isPlaceholder(node));
    // Read last: what exists was written down before it came to be.
    const known = await this.#known();
    const existing = [...new Set([...machines, ...records.map(({ name }) => name)])];
    const { sightings, confirmed } = strays(this.#sightings, existing, known, now);
    this.#sightings = sightings;
    for (const name of confirmed) {
      if ((await this.#known()).has(name)) continue;
      this.#log(`${name}: belongs to no pool and is ended`);
      await killMachine(this.#labId, name);
      await removeMachine(this.#labId, name);
      await control.down(name, "belongs to no pool");
      await control.forget(name);
    }
  }

  /** Names that the pools of this lab have written down. */
  async #known(): Promise<ReadonlySet<string>> {
    const names = new Set<string>();
    for (const pool of await namesIn(labPaths(root, this.#labId).pools)) {
      for (const file of await namesIn(`${poolPaths(root, this.#labId, pool).folder}/nodes`))
        names.add(file.replace(/\.json$/, ""));
    }
    return names;
  }
}
