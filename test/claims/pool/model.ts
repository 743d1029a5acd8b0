import { runModel } from "../../property/model/run.ts";
import { type Claim, hold } from "../claim.ts";
import { Dice, runs } from "../runs.ts";

const whole = 100_000;
const baselineRuns = 300;

/** The claim about the model: scheduler, scaler and `up` as they interleave, without machines. */
export const modelClaims: readonly Claim[] = [
  {
    name: "model-interleavings",
    tag: "pool",
    statement:
      "100,000 random interleavings of scheduler, scaler, up and faults break no promise; a pool that checks and then ends does.",
    seconds: 600,
    check: async () => {
      const { count, text } = runs(whole);
      const { seed } = new Dice();
      const report = runModel(count, seed, "drain first");
      hold(report.broken.length === 0, report.broken.map((one) => `seed ${one.seed}: ${one.what}`).join("; "));
      const baseline = runModel(baselineRuns, seed, "check then terminate");
      hold(baseline.broken.length > 0, `the baseline breaks nothing in ${baselineRuns}: the model sees nothing`);
      return `${text} interleavings, ${report.events} events, 0 broken; the baseline breaks within ${baselineRuns}; seeds from ${seed}`;
    },
  },
];
