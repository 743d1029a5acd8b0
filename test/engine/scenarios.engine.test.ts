import { afterAll, describe, expect, it } from "vitest";
import { lanes, type Outcome, runLane } from "./lanes.ts";
import { type Mistake, sample } from "./sample/subject.ts";
import type { Subject } from "./subject.ts";
import { subjects } from "./subjects.ts";
import { Workloads } from "./workloads.ts";

const workloads = new Workloads();
afterAll(() => workloads.remove());

async function outcomes(subject: Subject, wanted: (name: string) => boolean = () => true): Promise<readonly Outcome[]> {
  const seen: Outcome[] = [];
  const run = (lane: string) =>
    runLane(
      subject,
      lane,
      ({ name }) => wanted(name),
      workloads,
      (outcome) => seen.push(outcome),
    );
  await Promise.all(Object.keys(lanes).map(run));
  return seen;
}

/**
 * What of a cloud's scenarios is shown on every run of the tests: that its program stands behind the guardrails and does not
 * drift. The others take minutes for each cloud: `npm run engine -- CLOUD`.
 */
const short = ["preview", "up", "up-again", "refresh"];

describe("the scenarios, on simulated clouds", () => {
  it.each(Object.keys(subjects))("hold for %s", async (name) => {
    const subject = await subjects[name]?.();
    if (subject === undefined) throw new Error(`There is no subject ${name}`);
    const seen = await outcomes(subject, (scenario) => name === "sample" || short.includes(scenario));
    expect(
      seen.filter(({ state }) => state === "failed").map(({ scenario, seen: what }) => `${scenario.name}: ${what}`),
    ).toEqual([]);
    expect(seen.length).toBeGreaterThan(0);
  });
});

/** A scenario that nothing can fail shows nothing. */
describe("the scenarios find a program that", () => {
  const mistakes: readonly (readonly [Mistake, scenario: string, message: RegExp])[] = [
    ["drifts", "up-again", /up changes something/],
    ["fixes the number", "autoscaled", /up after a refresh changes something|made 5 machines/],
    ["lets old images go", "image", /old images went/],
    ["leaves machines as they are", "commit", /machines are still of|were not replaced/],
    ["captures before the smoke", "failed-smoke", /the images were|machines are not those/],
    ["protects nothing", "destroy-keep", /nothing is protected/],
  ];
  it.each(mistakes)("%s, in %s", async (mistake, scenario, message) => {
    const [outcome, ...more] = await outcomes(sample(mistake), (name) => name === scenario);
    expect(more).toEqual([]);
    expect(outcome?.state).toBe("failed");
    expect(outcome?.seen).toMatch(message);
  });
});
