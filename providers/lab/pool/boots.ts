import { existsSync } from "node:fs";
import type { ProcessIdentity } from "../host/process.ts";
import { leaderOf } from "../machine/process.ts";

/** Milliseconds between two questions to a machine that boots: after its gate has spoken, and before, when only a unit can have failed. */
const looks = { spoken: 500, silent: 5000 } as const;

/**
 * The machines that boot, and whether their gate has spoken. A gate takes as long as its proofs; asking Slurm and the
 * machine all the while would take the CPU from them. A look for a file costs nothing.
 */
export class Boots {
  readonly #silent = new Map<string, ProcessIdentity>();
  readonly #askedAt = new Map<string, number>();
  readonly #hasSpoken: (process: ProcessIdentity) => boolean;

  constructor(hasSpoken = gateHasSpoken) {
    this.#hasSpoken = hasSpoken;
  }

  /** Whether the machine should be asked what keeps it from being ready. Takes note of it, and of its gate. */
  isDue(name: string, process: ProcessIdentity, now: number): boolean {
    const spoken = this.#hasSpoken(process);
    if (spoken) this.#silent.delete(name);
    else this.#silent.set(name, process);
    if (now - (this.#askedAt.get(name) ?? 0) < (spoken ? looks.spoken : looks.silent)) return false;
    this.#askedAt.set(name, now);
    return true;
  }

  /** Its gate is at work: nothing else can be expected of it. */
  isSilent(name: string): boolean {
    return this.#silent.has(name);
  }

  /** Whether a gate has spoken that was silent when it was looked at last; tells it once. */
  takeNews(): boolean {
    const spoken = [...this.#silent].filter(([, process]) => this.#hasSpoken(process));
    for (const [name] of spoken) this.#silent.delete(name);
    return spoken.length > 0;
  }

  forget(name: string): void {
    this.#silent.delete(name);
    this.#askedAt.delete(name);
  }
}

/** Only whether the verdict is there: what it says is asked of the machine itself, within its own root. */
function gateHasSpoken(process: ProcessIdentity): boolean {
  const leader = leaderOf(process);
  return leader !== undefined && existsSync(`/proc/${leader}/root/run/logos/verdict.json`);
}
