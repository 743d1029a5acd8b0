import { setTimeout as delay } from "node:timers/promises";
import { hasEnded } from "../../../core/jobs/queue.ts";
import { changedNothing, changes } from "../../support/stack.ts";
import { type Claim, hold } from "../claim.ts";
import { Dice, runs } from "../runs.ts";
import { oneVerdictEach, type Site, site } from "./site.ts";

const whole = 200;
/** Every so many of them, a preview has to show that the scaler's doing is not the program's. */
const previewEvery = 10;

/** Claims about who owns the number of nodes. */
export const scalerClaims: readonly Claim[] = [
  {
    name: "up-and-scaler",
    tag: "pool",
    statement:
      "200 real interleavings of up, with other bounds each time, and the scaler: no busy node is ended, previews stay empty.",
    seconds: 4000,
    check: async (progress) => {
      const there = await site();
      const dice = new Dice();
      progress(`seed ${dice.seed}`);
      const { count, text } = runs(whole);
      const ids: number[] = [];
      let previews = 0;
      try {
        for (let run = 0; run < count; run += 1) {
          await workComesAndGoes(there, dice, ids);
          await delay(dice.between(0, 2000));
          const min = Math.round(dice.between(3, 4));
          const max = Math.round(dice.between(5, 6));
          const standby = Math.round(dice.between(0, 1));
          there.lab.configure("  logos:pool:", `    min: ${min}`, `    max: ${max}`, `    standby: ${standby}`);
          await there.lab.up();
          if ((run + 1) % previewEvery === 0 || run + 1 === count) {
            await workComesAndGoes(there, dice, ids);
            const preview = await there.lab.stack.preview();
            hold(changedNothing(preview), `a preview after the scaler's work: ${JSON.stringify(changes(preview))}`);
            previews += 1;
            progress(`${run + 1} of ${count}, ${ids.length} submissions`);
          }
        }
      } finally {
        there.lab.configure();
        await there.lab.up();
      }
      const jobs = await there.ended(ids, 900);
      const ended = jobs.filter((job) => job.restarts > 0);
      hold(
        ended.length === 0,
        `their node was ended under them: ${ended.map(({ id, node }) => `${id}, now on ${node}`).join("; ")}`,
      );
      await oneVerdictEach(there, ids, jobs);
      await there.steady();
      return `${text} interleavings, ${jobs.length} jobs, 0 of them lost their node; ${previews} previews with 0 changes; seed ${dice.seed}`;
    },
  },
];

/** Bursts and lulls, so that the scaler grows and shrinks the pool all the while. */
async function workComesAndGoes(there: Site, dice: Dice, ids: number[]): Promise<void> {
  const open = (await there.jobsOf(ids)).filter((job) => !hasEnded(job)).length;
  if (open > 30 || dice.roll() < 0.4) return;
  const tasks = Math.round(dice.between(1, 12));
  ids.push(await there.sleepers(Math.round(dice.between(2, 40)), tasks));
}
