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
    seconds: 1500,
    check: async (progress) => {
      const there = await site();
      const { count, text } = runs(whole);
      let always: number;
      try {
        there.lab.configure("  logos:pool:", "    min: 6", "    standby: 0");
        await there.lab.up();
        await there.steady();
        always = await rebuilds(there, count);
        progress(`6 nodes, always on: ${always.toFixed(1)} s`);
      } finally {
        there.lab.configure();
        await there.lab.up();
      }
      await there.steady();
      const elastic = await rebuilds(there, count);
      progress(`3 to 6 nodes: ${elastic.toFixed(1)} s`);
      const from = performance.now();
      await there.steady();
      const back = (performance.now() - from) / 1000;
      const figure =
        `${text} rebuilds, all PASS: ${always.toFixed(1)} s on 6 nodes, ${elastic.toFixed(1)} s on 3 to 6, ` +
        `${((100 * always) / elastic).toFixed(0)} % of the throughput; back at min ${back.toFixed(0)} s later`;
      hold(always / elastic >= leastShare, figure);
      return figure;
    },
  },
];

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
