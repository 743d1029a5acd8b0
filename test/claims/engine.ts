import { lanes, type Outcome, runLane } from "../engine/lanes.ts";
import { subjects } from "../engine/subjects.ts";
import { Workloads } from "../engine/workloads.ts";
import { type Claim, hold } from "./claim.ts";

/** What the scenarios of one target should take, in seconds. Told and not held: it says more of the machine than of the target. */
const aim = 60;
/** What they take on 2 cores with nothing else running, in seconds. */
const usual = 240;

/** Claims about the targets that no account is there for: the real engine, the real SDKs, a simulated cloud. */
export const engineClaims: readonly Claim[] = Object.keys(subjects)
  .filter((name) => name !== "sample")
  .map((name) => ({
    name: `engine-${name}`,
    tag: "engine",
    statement:
      `On the real engine over a simulated ${name}: preview, up, no drift, 3 to 6 to 3, the autoscaler's number left alone, images rolled ` +
      "out and kept, a failed smoke harmless, destroy in two steps, killed runs finished by the same command.",
    seconds: usual,
    check: async (progress) => {
      const start = performance.now();
      const outcomes = await allScenarios(name, progress);
      const seconds = (performance.now() - start) / 1000;
      const failed = outcomes.filter(({ state }) => state === "failed");
      hold(failed.length === 0, failed.map(({ scenario, seen }) => `${scenario.name}: ${seen}`).join("; "));
      const passed = outcomes.filter(({ state }) => state === "passed").length;
      return `${passed} scenarios, 20 kills among them, in ${seconds.toFixed(0)} s (aim: ${aim})`;
    },
  }));

async function allScenarios(name: string, progress: (line: string) => void): Promise<readonly Outcome[]> {
  const subject = await subjects[name]?.();
  hold(subject !== undefined, `there is no target ${name}`);
  const workloads = new Workloads();
  const outcomes: Outcome[] = [];
  const tell = (outcome: Outcome) => {
    outcomes.push(outcome);
    progress(`${outcome.state} ${outcome.scenario.name}: ${outcome.seen}`);
  };
  try {
    await Promise.all(Object.keys(lanes).map((lane) => runLane(subject, lane, () => true, workloads, tell)));
  } finally {
    workloads.remove();
  }
  return outcomes;
}
