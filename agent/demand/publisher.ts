import { mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { boundsOf, demand, takesWork } from "../../core/demand/demand.ts";
import { type DemandDocument, parseDemand, renderDemand } from "../../core/demand/document.ts";
import { renderMetrics } from "../../core/demand/metrics.ts";
import { hold, type Sample } from "../../core/demand/window.ts";
import { isPlaceholder, parseNodes, slurmJsonOption } from "../../core/slurm/nodes.ts";
import { parsePending, pendingArguments } from "../../core/slurm/pending.ts";
import { Refusal } from "../failure.ts";
import { writeAtomically } from "../io/files.ts";
import { run, systemPath } from "../io/process.ts";

/** Where the demand is published and remembered. */
export interface DemandPaths {
  readonly document: string;
  readonly metrics: string;
  /** The last document, on a disk: the next one has a higher number. */
  readonly last: string;
}

export const demandPaths: DemandPaths = {
  document: "/run/logos-demand/demand.json",
  metrics: "/run/logos-demand/metrics/logos_demand.prom",
  last: "/var/lib/slurm/logos-demand.json",
};

/** Answers what a program of Slurm writes to standard output. */
export type Ask = (program: string, ...args: readonly string[]) => Promise<string>;

/** Looks at the queue and publishes what it asks for. */
export class Publisher {
  readonly #paths: DemandPaths;
  readonly #key: string;
  readonly #ask: Ask;
  #sequence: number;
  #history: readonly Sample[] | undefined;

  constructor(paths: DemandPaths, key: string, ask: Ask = askSlurm) {
    this.#paths = paths;
    this.#key = key;
    this.#ask = ask;
    this.#sequence = lastSequence(paths.last, key);
    mkdirSync(dirname(paths.metrics), { recursive: true });
  }

  /** @param clock milliseconds that never go back; `now` milliseconds since 1970. Throws when Slurm does not answer. */
  async publish(clock: number, now: number): Promise<DemandDocument> {
    const [queue, nodeText] = await Promise.all([
      this.#ask("squeue", ...pendingArguments),
      this.#ask("scontrol", "show", "nodes", slurmJsonOption),
    ]);
    const pending = parsePending(queue);
    const nodes = parseNodes(nodeText);
    const bounds = boundsOf(nodes);
    if (bounds === undefined)
      throw new Refusal("The controller has no placeholder nodes: slurm.conf is not this project's");
    const found = demand({ pending, nodes }, bounds);
    // What was wanted before this program began is not known: no less than what takes work now.
    const usable = nodes.filter((node) => !isPlaceholder(node) && takesWork(node)).length;
    this.#history ??= [{ at: clock, nodes: Math.min(usable, bounds.max) }];
    const held = hold(this.#history, { at: clock, nodes: found.nodesWanted });
    this.#history = held.history;
    this.#sequence = Math.max(this.#sequence + 1, now);
    const document: DemandDocument = {
      version: 1,
      sequence: this.#sequence,
      time: now,
      nodesWanted: held.nodes,
      nodesWantedNow: found.nodesWanted,
      pending: pending.length,
      counted: found.counted,
      excluded: countBy(found.excluded.map(({ why }) => why)),
    };
    const text = renderDemand(document, this.#key);
    writeAtomically(this.#paths.last, text);
    writeAtomically(this.#paths.metrics, renderMetrics(document));
    writeAtomically(this.#paths.document, text);
    return document;
  }
}

/** The number of the last document; a file that is not there or not ours counts for nothing. */
function lastSequence(path: string, key: string): number {
  try {
    return parseDemand(readFileSync(path, "utf8"), key).sequence;
  } catch {
    return 0;
  }
}

function countBy(words: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return Object.fromEntries([...counts].toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

async function askSlurm(program: string, ...args: readonly string[]): Promise<string> {
  const finished = await run({ argv: [program, ...args], cwd: "/", env: { PATH: systemPath }, timeoutSeconds: 5 });
  if (finished.code === 0) return finished.stdout;
  throw new Refusal(`${program} failed: ${finished.timedOut ? "no answer in 5 s" : finished.tail.trim()}`);
}
