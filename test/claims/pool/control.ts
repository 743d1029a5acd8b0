import { setTimeout as delay } from "node:timers/promises";
import { until } from "../../support/lab.ts";
import { type Claim, hold } from "../claim.ts";
import { Dice, runs } from "../runs.ts";
import { killMachine } from "./faults.ts";
import { DoubleWatch, sightings } from "./sightings.ts";
import { oneVerdictEach, promptly, type Site, site, whileAway } from "./site.ts";

const wholes = { crashes: 20, machines: 3 } as const;
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
        const killed = Date.now();
        return { killed, back: await answering(there) };
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
        const killed = Date.now();
        await killMachine(there.labId, "control");
        const refresh = await there.lab.stack.refresh();
        hold(refresh.code === 0, `refresh: ${refresh.output.slice(-1500)}`);
        const back = answering(there);
        await there.lab.up();
        return { killed, back: await back };
      });
      return `${text} machines: ${figure}`;
    },
  },
];

/** With jobs that run and wait, loses the control plane `count` times by `lose`, which gives the times of loss and return. */
async function under(
  progress: (line: string) => void,
  count: number,
  lose: (there: Site) => Promise<{ readonly killed: number; readonly back: number }>,
): Promise<string> {
  const there = await site();
  const dice = new Dice();
  progress(`seed ${dice.seed}`);
  const watch = new DoubleWatch();
  const ids: number[] = [];
  const ready: number[] = [];
  for (let run = 0; run < count; run += 1) {
    for (let job = 0; job < 9; job += 1) ids.push(await there.sleepers(Math.round(dice.between(5, 20))));
    await until("work on the nodes", 60, async () => (sightings().length >= 3 ? true : undefined));
    await delay(dice.between(0, 6000));
    const { back } = await lose(there);
    const jobs = await there.jobsOf(ids);
    const lost = ids.filter((id) => !jobs.some((job) => job.id === id));
    hold(lost.length === 0, `the scheduler came back without jobs ${lost.join(", ")}`);
    await promptly("nodes that take work", 120, async () => ((await usable(there)) >= 3 ? true : undefined));
    ready.push((Date.now() - back) / 1000);
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
