import { setTimeout as delay } from "node:timers/promises";
import { timeouts } from "../../../core/slurm/timeouts.ts";
import { type Claim, hold } from "../claim.ts";
import { Dice, quantile, runs, spread } from "../runs.ts";
import { freezeMachine, killMachine, killManager, restoreManager, thawMachine } from "./faults.ts";
import { DoubleWatch, type Sighting, sightings } from "./sightings.ts";
import { oneVerdictEach, promptly, type Site, site } from "./site.ts";

const bounds = { byManager: 3, bySlurm: 45 } as const;
const wholes = { byManager: 100, bySlurm: 10, frozen: 100 } as const;
/** As many nodes as a pool may have, of which most are frozen at a time. */
const frozenPool = ["  logos:pool:", "    min: 6", "    standby: 0"];
const frozenAtOnce = 4;

/** Claims about a machine that dies, or seems to. */
export const deathClaims: readonly Claim[] = [
  {
    name: "dead-machine-job-elsewhere",
    tag: "pool",
    statement: "The job of a machine that died runs elsewhere within 3 s (p99), seen by the pool manager.",
    seconds: 1800,
    check: async (progress) => {
      const there = await site();
      const { count, text } = runs(wholes.byManager);
      const { seconds } = await deaths(there, count, 30, progress);
      await there.steady();
      hold(quantile(seconds, 0.99) <= bounds.byManager, `${text} deaths: ${spread(seconds)}`);
      return `${text} deaths: ${spread(seconds)}`;
    },
  },
  {
    name: "dead-machine-by-slurm-alone",
    tag: "pool",
    statement: "With the pool manager dead too, Slurm's own timeouts start the job elsewhere within 45 s.",
    seconds: 700,
    check: async (progress) => {
      const there = await site();
      const { count, text } = runs(wholes.bySlurm);
      const seconds: number[] = [];
      for (let run = 0; run < count; run += 1) {
        killManager(there.labId);
        let found: Deaths;
        try {
          found = await deaths(there, 1, 90, progress);
        } finally {
          await restoreManager(there);
        }
        seconds.push(...found.seconds);
        // Until then the pool's status is the one from before, which knows of no death.
        await promptly("a status without the dead node", 60, async () =>
          (await there.lab.status()).nodes.some(({ name }) => found.nodes.includes(name)) ? undefined : true,
        );
        await there.steady();
      }
      hold(Math.max(...seconds) <= bounds.bySlurm, `${text} deaths: ${spread(seconds)}`);
      return (
        `${text} deaths: ${spread(seconds)}; a node that is silent for ${timeouts.slurmdSeconds} to ${2.4 * timeouts.slurmdSeconds} s ` +
        "is given up though it may live: it then ends its own jobs, and they run again"
      );
    },
  },
  {
    name: "never-twice",
    tag: "pool",
    statement:
      "A job is never at work twice at once, on machines frozen and thawed at random moments among them: 0 of 100.",
    seconds: 5400,
    check: async (progress) => {
      const there = await site();
      const dice = new Dice();
      progress(`seed ${dice.seed}`);
      const { count, text } = runs(wholes.frozen);
      const watch = new DoubleWatch(50);
      const ids: number[] = [];
      let frozen = 0;
      try {
        there.lab.configure(...frozenPool);
        await there.lab.up();
        while (frozen < count) {
          ids.push(await there.sleepers(20, 10));
          await promptly("jobs at work", 120, () => (sightings().length >= 9 ? true : undefined));
          frozen += await freezeSome(there, dice, Math.min(frozenAtOnce, count - frozen));
          progress(`${frozen} frozen and thawed`);
          const jobs = await there.ended(ids.slice(-1), 300);
          await oneVerdictEach(there, ids.slice(-1), jobs);
          await there.steady();
        }
      } finally {
        for (const { name } of (await there.lab.status()).nodes) thawMachine(there.labId, name);
        there.lab.configure();
        await there.lab.up();
      }
      const twice = watch.end();
      hold(twice.length === 0, `at work twice: ${twice.join("; ")}`);
      return `${text} machines frozen and thawed, ${watch.looks} looks at all processes, 0 jobs at work twice; seed ${dice.seed}`;
    },
  },
];

interface Deaths {
  /** For each, until its job ran on another node. */
  readonly seconds: readonly number[];
  readonly nodes: readonly string[];
}

/** Kills the machine of a running job, again and again. */
async function deaths(there: Site, count: number, most: number, progress: (line: string) => void): Promise<Deaths> {
  const seconds: number[] = [];
  const nodes: string[] = [];
  const watch = new DoubleWatch();
  const job = await there.sleepers(3000);
  try {
    for (let run = 0; run < count; run += 1) {
      const before = await promptly("the job at work", most, () => sightings().find((seen) => seen.job === job));
      await elsewhereReady(there, before);
      const at = Date.now();
      await killMachine(there.labId, before.node);
      const after = await promptly("the job at work elsewhere", most, () =>
        sightings().find((seen) => seen.job === job && seen.attempt > before.attempt),
      );
      hold(after.node !== before.node, `the job came back on ${after.node}, which is dead`);
      seconds.push((after.startedAt - at) / 1000);
      nodes.push(before.node);
      if ((run + 1) % 10 === 0 || count === 1) progress(`${run + 1} deaths: ${spread(seconds)}`);
    }
  } finally {
    await there.control(`scancel ${job}`);
  }
  const twice = watch.end();
  hold(twice.length === 0, `at work twice: ${twice.join("; ")}`);
  return { seconds, nodes };
}

/** Another node has a free slot: what is measured is the way there, not the wait for a machine. */
function elsewhereReady(there: Site, { node }: Sighting): Promise<true> {
  return promptly("another ready node", 300, async () => {
    const { nodes } = await there.lab.status();
    const free = nodes.some((other) => other.name !== node && other.phase === "ready" && other.machine === "running");
    return free ? true : undefined;
  });
}

async function freezeSome(there: Site, dice: Dice, most: number): Promise<number> {
  const nodes = [...new Set(sightings().map(({ node }) => node))];
  const chosen = nodes.toSorted(() => dice.roll() - 0.5).slice(0, most);
  await Promise.all(
    chosen.map(async (node) => {
      await freezeMachine(there.labId, node);
      // Before, around and after the moment at which Slurm gives it up.
      await delay(dice.between(1000, 45_000));
      thawMachine(there.labId, node);
    }),
  );
  return chosen.length;
}
