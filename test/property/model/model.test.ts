import { expect, test } from "vitest";
import { runModel } from "./run.ts";

// Another seed each time, in the name of the test, so that what breaks can be broken again:
// node test/property/model/run.ts RUNS SEED
const seed = Date.now() % 1_000_000_000;

test(`no interleaving of scheduler, scaler, up, respawn, pause and faults breaks a promise (seeds from ${seed})`, () => {
  expect(runModel(1000, seed, "drain first").broken).toEqual([]);
});

test("a pool that ends what was idle when it was looked at does break them", () => {
  expect(runModel(300, 1500, "check then terminate").broken.length).toBeGreaterThan(0);
});
