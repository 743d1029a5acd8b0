import { setTimeout as delay } from "node:timers/promises";
import { exitCodes } from "../../../core/jobs/exit-codes.ts";
import { until } from "../../support/lab.ts";
import { type Claim, hold } from "../claim.ts";
import { Dice, runs } from "../runs.ts";
import { killMachine } from "./faults.ts";
import { DoubleWatch, marker, sightings } from "./sightings.ts";
import { newId, oneVerdictEach, promptly, type Site, site, whileAway } from "./site.ts";

const wholes = { crashes: 20, machines: 3 } as const;
/**
 * Seconds that a job of the load lasts. A submission is answered when it is on the disk, 5 s later at most, and the loss
 * comes up to 8 s after that: shorter jobs would have ended before there is something to lose.
 */
const lasting = { least: 15, most: 30 } as const;
/** Seconds from the moment at which the controller answers again until the nodes take work again. */
const readyWithin = 20;

/** Claims about a control plane that is lost. */
export const controlClaims: readonly Claim[] = [
  {
    name: "scheduler-crash-under-load",
    tag: "pool",
    statement:
      "kill -9 of the scheduler under load, at random moments: no running and no waiting job is lost or done twice.",
    seconds: 600,
    check: async (progress) => {
      const { count, text } = runs(wholes.crashes);
      const figure = await under(progress, count, async (there) => {
        await there.root("control", "systemctl kill --signal=KILL slurmctld.service");
        return answering(there);
      });
      return `${text} crashes: ${figure}`;
    },
  },
  {
    name: "control-plane-killed",
    tag: "pool",
    statement:
      "The control plane's machine killed under load and brought back by up: 0 jobs lost, nodes ready within 20 s.",
    seconds: 400,
    check: async (progress) => {
      const { count, text } = runs(wholes.machines);
      const figure = await under(progress, count, async (there) => {
        await killMachine(there.labId, "control");
        const refresh = await there.lab.stack.refresh();
        hold(refresh.code === 0, `refresh: ${refresh.output.slice(-1500)}`);
        const back = answering(there);
        await there.lab.up();
        return back;
      });
      return `${text} machines: ${figure}`;
    },
  },
];

/** Loses the control plane, and answers the moment at which it answers again. */
type Lose = (there: Site) => Promise<number>;

/** With jobs that run, wait and are just being submitted, loses the control plane `count` times. */
async function under(progress: (line: string) => void, count: number, lose: Lose): Promise<string> {
  const there = await site();
  const dice = new Dice();
  progress(`seed ${dice.seed}`);
  const watch = new DoubleWatch();
  const ids: number[] = [];
  const ready: number[] = [];
  for (let run = 0; run < count; run += 1) {
    for (const tasks of [5, 4])
      ids.push(await there.keptSleepers(Math.round(dice.between(lasting.least, lasting.most)), tasks));
    await until("work on the nodes", 60, async () => (sightings().length >= 3 ? true : undefined));
    await delay(dice.between(0, 4000));
    const later = delay(dice.between(0, 4000));
    const [took, met] = await Promise.all([later.then(() => lostAndReady(there, ids, lose)), submitted(there)]);
    ready.push(took);
    ids.push(met);
    progress(`${run + 1} of ${count}: nodes ready ${ready.at(-1)?.toFixed(1)} s after the scheduler answered`);
  }
  const jobs = await there.ended(ids, 600);
  const twice = watch.end();
  hold(twice.length === 0, `at work twice: ${twice.join("; ")}`);
  const requeued = await oneVerdictEach(there, ids, jobs);
  await there.steady();
  const slowest = Math.max(...ready);
  hold(slowest <= readyWithin, `nodes ready only ${slowest.toFixed(1)} s after the scheduler was back`);
  return `${jobs.length} jobs, 0 lost, ${requeued} times put back; nodes ready at most ${slowest.toFixed(1)} s after it is back; seed ${dice.seed}`;
}

/** Loses the control plane. Answers the seconds from its return, with all its jobs, until the nodes take work. */
async function lostAndReady(there: Site, ids: readonly number[], lose: Lose): Promise<number> {
  const back = await lose(there);
  const jobs = await there.jobsOf(ids);
  const lost = ids.filter((id) => !jobs.some((job) => job.id === id || job.array?.id === id));
  hold(lost.length === 0, `the scheduler came back without jobs ${lost.join(", ")}`);
  await promptly("nodes that take work", 120, async () => ((await usable(there)) >= 3 ? true : undefined));
  return (Date.now() - back) / 1000;
}

/** A submission by `logos run` that meets the loss at whatever step it is: one job in the end, by the command that its words name. */
async function submitted({ lab: { stack } }: Site): Promise<number> {
  const words = ["run", "--submission", newId(), "--", "/bin/bash", "-c", "echo begin; sleep 1; echo end", marker];
  let run = await stack.startLogos(...words).done;
  if (run.code === exitCodes.unavailable) run = await stack.startLogos(...words).done;
  const job = /^(?:Found|Submitted) job (\d+)$/m.exec(run.output)?.[1];
  hold(run.code === 0 && job !== undefined, `logos run ended with ${run.code}: ${run.output}`);
  return Number(job);
}

/** The moment at which the controller answers. */
function answering(there: Site): Promise<number> {
  return promptly("a controller that answers", 300, async () => {
    const answer = await there.control("scontrol ping").catch(whileAway);
    return answer?.includes("is UP") === true ? Date.now() : undefined;
  });
}

async function usable(there: Site): Promise<number> {
  const text = (await there.control("sinfo --noheader --Node --format='%N %T'").catch(whileAway)) ?? "";
  return text.split("\n").filter((line) => / (?:idle|mixed|allocated)$/.test(line)).length;
}
