import { setTimeout as delay } from "node:timers/promises";
import { type Claim, hold } from "../claim.ts";
import { Dice, runs } from "../runs.ts";
import { killMachine, killManager, killSlurmd, restoreManager } from "./faults.ts";
import { DoubleWatch, marker, sightings } from "./sightings.ts";
import { newId, oneVerdictEach, type Site, site } from "./site.ts";

/** The number, and how many `npm test` makes. */
const whole = 500;
const quick = 12;
/** More nodes than the pool has by default: nodes die while others are being replaced, and work goes on. */
const pool = ["  logos:pool:", "    min: 5", "    max: 6"];
/** Kills beyond this many whose nodes have not been replaced yet would measure the host's CPUs, not the pool. */
const mostDead = 3;
const lookEvery = 25;

const machineVictims = ["node", "slurmd", "pool manager"] as const;
const victims = [...machineVictims, "CLI"] as const;
type Victim = (typeof victims)[number];

export const killsClaims: readonly Claim[] = [
  {
    name: "jobs-survive-kills",
    tag: "pool",
    statement:
      "500 kills of node, slurmd, pool manager and CLI at random moments: every job ends once, well, with one verdict.",
    seconds: 7200,
    check: (progress) => kills(runs(whole).count, runs(whole).text, progress),
  },
  {
    name: "jobs-survive-kills-quick",
    tag: "pool",
    statement: `The same with ${quick} kills.`,
    seconds: 140,
    check: (progress) => kills(runs(quick).count, runs(quick).text, progress),
  },
];

/** Kills of machines and kills of the CLI go on at once: `count` of them together, a quarter for each victim. */
async function kills(count: number, text: string, progress: (line: string) => void): Promise<string> {
  const there = await site();
  const dice = new Dice();
  progress(`seed ${dice.seed}`);
  const watch = new DoubleWatch();
  const ids: number[] = [];
  const clis: string[] = [];
  const killed: Record<Victim, number> = { node: 0, slurmd: 0, "pool manager": 0, CLI: 0 };
  const ofClis = Math.floor(count / victims.length);
  const stop = new AbortController();
  const machines = async (): Promise<void> => {
    for (let run = 0; run < count - ofClis && !stop.signal.aborted; run += 1) {
      await keepBusy(there, ids, dice);
      await delay(dice.between(0, 1500));
      const victim = machineVictims[run % machineVictims.length] ?? "node";
      await kill(victim, there, dice);
      killed[victim] += 1;
      if ((run + 1) % lookEvery !== 0) continue;
      // Before the scheduler forgets them.
      await there.jobs();
      progress(`${run + 1} kills of machines, ${killed.CLI} of the CLI, ${ids.length} jobs submitted`);
    }
  };
  const commandLines = async (): Promise<void> => {
    for (; killed.CLI < ofClis && !stop.signal.aborted; killed.CLI += 1) clis.push(await killedCli(there, dice));
  };
  try {
    there.lab.configure(...pool);
    await there.lab.up();
    await together(stop, machines(), commandLines());
    await restoreManager(there);
    const fromClis = await submittedBy(there, clis);
    const all = [...ids, ...fromClis];
    const jobs = await there.ended(all, 600);
    const twice = watch.end();
    hold(twice.length === 0, `at work twice: ${twice.join("; ")}`);
    const requeued = await oneVerdictEach(there, all, jobs);
    await there.steady();
    const kinds = victims.map((victim) => `${killed[victim]} ${victim}`).join(", ");
    return (
      `${text} kills (${kinds}), ${jobs.length} jobs, 0 lost, doubled or failed; ${requeued} times put back; ` +
      `${fromClis.length} of ${clis.length} killed CLIs had submitted; seed ${dice.seed}`
    );
  } finally {
    watch.end();
    await restoreManager(there);
    there.lab.configure();
    await there.lab.up();
  }
}

/** Waits for all of them, also when one fails and the others are told to stop: nobody kills anything when the claim has ended. */
async function together(stop: AbortController, ...lanes: readonly Promise<void>[]): Promise<void> {
  for (const lane of lanes) lane.catch(() => stop.abort());
  for (const lane of await Promise.allSettled(lanes)) if (lane.status === "rejected") throw lane.reason;
}

/** Keeps a little more work in the queue than fits on the nodes. */
async function keepBusy(there: Site, ids: number[], dice: Dice): Promise<void> {
  const waiting = (await there.jobs(false)).filter((job) => job.state === "PENDING").length;
  for (let missing = 4 - waiting; missing > 0; missing -= 1)
    ids.push(await there.sleepers(Number(dice.between(1, 5).toFixed(1))));
}

async function kill(victim: (typeof machineVictims)[number], there: Site, dice: Dice): Promise<void> {
  const busy = [...new Set(sightings().map(({ node }) => node))];
  if (victim === "node") {
    await enoughAlive(there);
    const node = dice.pick(busy);
    if (node !== undefined) await killMachine(there.labId, node);
  }
  if (victim === "slurmd") {
    const node = dice.pick(busy);
    if (node !== undefined) killSlurmd(there.labId, node);
  }
  if (victim === "pool manager") {
    killManager(there.labId);
    await delay(dice.between(0, 3000));
    await restoreManager(there);
  }
}

async function enoughAlive(there: Site): Promise<void> {
  for (;;) {
    const { nodes, min } = await there.lab.status();
    const ready = nodes.filter(({ phase, machine }) => phase === "ready" && machine === "running").length;
    if (ready > min - mostDead) return;
    await delay(200);
  }
}

/** Starts `logos run --wait` and kills it at a random moment. Answers its submission, which may or may not have arrived. */
async function killedCli(there: Site, dice: Dice): Promise<string> {
  const submission = newId();
  const words = [
    "--submission",
    submission,
    "--wait",
    "--",
    "/bin/bash",
    "-c",
    "echo begin; sleep 1; echo end",
    marker,
  ];
  const running = there.lab.stack.startLogos("run", ...words);
  await Promise.race([running.done, delay(dice.between(0, 6000))]);
  running.process.kill("SIGKILL");
  await running.done;
  return submission;
}

/** Each submission made one job, or none when it was cut off before it arrived. */
async function submittedBy(there: Site, submissions: readonly string[]): Promise<readonly number[]> {
  const jobs = await there.jobs();
  return submissions.flatMap((submission) => {
    const made = jobs.filter((job) => job.tag?.submission === submission);
    hold(made.length <= 1, `one call of the CLI made ${made.length} jobs`);
    return made.map((job) => job.id);
  });
}
