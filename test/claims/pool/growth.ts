import { readJson } from "../../../core/json.ts";
import { until } from "../../support/lab.ts";
import { type Claim, hold } from "../claim.ts";
import { quantile, runs, spread } from "../runs.ts";
import { type Sighting, sightings } from "./sightings.ts";
import { promptly, type Site, site } from "./site.ts";

const wholes = { growths: 20, submissions: 100, lost: 10 } as const;
const bounds = { decision: 1, lost: 10, promotion: 1.5, cold: 5 } as const;
/** As `logos:node.cpus` has it by default. */
const slotsOfNode = 2;
const demandPath = "/run/logos-demand/demand.json";

/** Claims about how soon the pool grows. */
export const growthClaims: readonly Claim[] = [
  {
    name: "scale-out-decision",
    tag: "pool",
    statement: "The decision to grow is published within 1 s (p99) of a submission; with the event lost, within 10 s.",
    seconds: 420,
    check: async (progress) => {
      const there = await site();
      const { count, text } = runs(wholes.submissions);
      const prompt: number[] = [];
      for (let run = 0; run < count; run += 1) prompt.push(await decision(there));
      progress(`events: ${spread(prompt)}`);
      const lost: number[] = [];
      // What Slurm writes into the bell goes nowhere: nobody hears of the submission.
      await there.root("control", "mount --bind /dev/null /run/logos-demand/bell");
      try {
        for (let run = 0; run < runs(wholes.lost).count; run += 1) lost.push(await decision(there));
      } finally {
        await there.root("control", "umount /run/logos-demand/bell");
      }
      await there.steady();
      const figure = `${text} submissions: ${spread(prompt)}; with the event lost: ${spread(lost)}`;
      hold(quantile(prompt, 0.99) <= bounds.decision && Math.max(...lost) <= bounds.lost, figure);
      return figure;
    },
  },
  {
    name: "standby-promotion",
    tag: "pool",
    statement: "A standby node runs a waiting job within 1.5 s (p95) of its promotion.",
    seconds: 2400,
    check: async (progress) => {
      const { promotions, text } = await growths(progress);
      hold(promotions.length > 0, "no standby was promoted");
      hold(quantile(promotions, 0.95) <= bounds.promotion, `${text} growths: ${spread(promotions)}`);
      return `${text} growths: ${spread(promotions)}`;
    },
  },
  {
    name: "cold-node",
    tag: "pool",
    statement: "A node that had to be started runs a job within 5 s (p95) of its launch, beyond its proofs' own time.",
    seconds: 2400,
    check: async (progress) => {
      const { colds, text } = await growths(progress);
      hold(colds.length > 0, "no node had to be started");
      hold(quantile(colds, 0.95) <= bounds.cold, `${text} growths: ${spread(colds)}`);
      return `${text} growths: ${spread(colds)}`;
    },
  },
];

/** Submits more than the pool's ready nodes can hold, and takes it back. Answers the seconds until the demand said so. */
async function decision(there: Site): Promise<number> {
  await promptly("a demand without work", 60, async () => ((await wantedNow(there)) <= 3 ? true : undefined));
  const at = Date.now();
  const job = await there.sleepers(600, 8);
  const seen = await promptly("the demand for it", 30, async () =>
    (await wantedNow(there)) > 3 ? Date.now() : undefined,
  );
  await there.control(`scancel ${job}`);
  await until("its end", 60, async () => (sightings().length === 0 ? true : undefined));
  return (seen - at) / 1000;
}

/** What the control plane publishes: nodes that the queue asks for at this moment. */
async function wantedNow(there: Site): Promise<number> {
  return readJson(await there.file("control", demandPath), "demand", (fields) => {
    fields.ignoreOthers();
    return fields.integer("nodesWantedNow", 0);
  });
}

interface Growths {
  readonly promotions: readonly number[];
  readonly colds: readonly number[];
  readonly text: string;
}

let measured: Promise<Growths> | undefined;

/** Grows from min to max and back, again and again: measured once for the claims that look at it. */
function growths(progress: (line: string) => void): Promise<Growths> {
  measured ??= (async () => {
    const there = await site();
    const { count, text } = runs(wholes.growths);
    const promotions: number[] = [];
    const colds: number[] = [];
    for (let run = 0; run < count; run += 1) {
      const { min, max } = await there.lab.status();
      // The ready nodes have work already: what is measured is how the others come to theirs.
      const before = await there.plainSleepers(900, slotsOfNode * min);
      await until("work on the ready nodes", 60, async () => (nodesAtWork().size >= min ? true : undefined));
      const from = Date.now();
      const job = await there.plainSleepers(900, slotsOfNode * (max - min));
      await until("work on every node", 300, async () => (nodesAtWork().size >= max ? true : undefined));
      const first = nodesAtWork();
      const lines = there.managerLog().filter(({ at }) => at >= from);
      for (const { at, text: line } of lines) {
        const [, node = "", what] = /^(\S+): (promote|launch)$/.exec(line) ?? [];
        const began = first.get(node)?.startedAt;
        if (began === undefined) continue;
        const launched = lines.find((other) => other.text === `${node}: launch`)?.at;
        if (what === "promote") promotions.push((began - at) / 1000);
        if (what === "launch" && launched !== undefined)
          colds.push((began - launched) / 1000 - (await gateSeconds(there, node)));
      }
      await there.control(`scancel ${before} ${job}`);
      await there.steady();
      progress(`growth ${run + 1} of ${count}: ${promotions.length} promoted, ${colds.length} started`);
    }
    return { promotions, colds, text };
  })();
  return measured;
}

/** The first job that each node has now. */
function nodesAtWork(): ReadonlyMap<string, Sighting> {
  const first = new Map<string, Sighting>();
  for (const seen of sightings()) {
    const known = first.get(seen.node);
    if (known === undefined || seen.startedAt < known.startedAt) first.set(seen.node, seen);
  }
  return first;
}

/** How long the gate of a node took, by its verdict: its proofs' own time. */
async function gateSeconds(there: Site, node: string): Promise<number> {
  const text = await there.file(node, "/run/logos/verdict.json");
  return readJson(text, "verdict", (fields) => {
    fields.ignoreOthers();
    return fields.number("seconds", 0);
  });
}
