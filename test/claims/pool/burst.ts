import type { Job } from "../../../core/jobs/queue.ts";
import { type Claim, hold } from "../claim.ts";
import { runs } from "../runs.ts";
import { newId, oneVerdictEach, type Site, site } from "./site.ts";

const whole = 60;
const leastShare = 0.9;

/** Claims about bursts of work. */
export const burstClaims: readonly Claim[] = [
  {
    name: "burst",
    tag: "pool",
    statement:
      "60 rebuilds at once on 3 to 6 nodes all pass, with at least 90 % of the throughput of 6 nodes that are always on.",
    seconds: 2200,
    check: async (progress) => {
      const there = await site();
      const { count, text } = runs(whole);
      // Machines are noisy: each pool has its turn twice, in an order in which a host that gets slower or faster favours neither.
      const always: number[] = [];
      const elastic: number[] = [];
      let back = 0;
      try {
        always.push(await onSix(there, count));
        progress(`6 nodes, always on: ${listed(always)}`);
        there.lab.configure();
        await there.lab.up();
        await there.steady();
        for (let turn = 1; turn <= 2; turn++) {
          elastic.push(await rebuilds(there, count));
          progress(`3 to 6 nodes: ${listed(elastic)}`);
          const from = performance.now();
          await there.steady();
          back = Math.max(back, (performance.now() - from) / 1000);
        }
        always.push(await onSix(there, count));
        progress(`6 nodes, always on: ${listed(always)}`);
      } finally {
        there.lab.configure();
        await there.lab.up();
      }
      const share = total(always) / total(elastic);
      const figure =
        `${text} rebuilds four times, all PASS: ${listed(always)} on 6 nodes, ${listed(elastic)} on 3 to 6, ` +
        `${(100 * share).toFixed(0)} % of the throughput; back at min at most ${back.toFixed(0)} s later`;
      hold(share >= leastShare, figure);
      return figure;
    },
  },
];

/** The seconds that rebuilds take on six nodes that are there from the beginning. */
async function onSix(there: Site, count: number): Promise<number> {
  there.lab.configure("  logos:pool:", "    min: 6", "    standby: 0");
  await there.lab.up();
  await there.steady();
  return rebuilds(there, count);
}

function total(seconds: readonly number[]): number {
  return seconds.reduce((sum, one) => sum + one, 0);
}

function listed(seconds: readonly number[]): string {
  return `${seconds.map((one) => one.toFixed(1)).join(" and ")} s`;
}

/** Submits rebuilds at once and waits for them. Answers the seconds from the first submission to the last end. */
async function rebuilds(there: Site, count: number): Promise<number> {
  const at = Date.now() / 1000;
  const { commit } = (await there.lab.outputs()).image;
  const array = await there.submit({
    submission: newId(),
    class: "rebuild",
    command: [],
    cpus: 1,
    minutes: 60,
    array: count,
    commit,
  });
  const jobs = await there.ended([array], 1800);
  hold(jobs.length === count, `${jobs.length} of ${count} tasks are known`);
  await oneVerdictEach(there, [array], jobs);
  const records = await there.records(jobs.map((job) => job.id));
  const failed = [...records.values()].flat().filter((record) => record.verdict !== "PASS");
  hold(failed.length === 0, failed.map(({ job, verdict, reason }) => `${job}: ${verdict} (${reason})`).join("; "));
  return Math.max(...jobs.map((job: Job) => job.endedAt ?? Number.NaN)) - at;
}
