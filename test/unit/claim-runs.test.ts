import { afterEach, describe, expect, it, vi } from "vitest";
import { Dice, quantile, runs, spread } from "../claims/runs.ts";

afterEach(() => vi.unstubAllEnvs());

describe("the figures of claims", () => {
  const hundred = Array.from({ length: 100 }, (_, index) => index + 1);

  it("are values that were measured, by the nearest rank", () => {
    expect([0.5, 0.95, 0.99, 1].map((share) => quantile(hundred.toReversed(), share))).toEqual([50, 95, 99, 100]);
    expect(quantile([3], 0.99)).toBe(3);
    expect(() => quantile([], 0.5)).toThrow(RangeError);
    expect(spread([1, 2])).toBe("p50 1.00, p95 2.00, p99 2.00, max 2.00 s (n = 2)");
  });

  it("say when a claim was shortened, and are never of more runs than it has", () => {
    expect(runs(500)).toEqual({ count: 500, text: "500" });
    vi.stubEnv("LOGOS_CLAIM_RUNS", "5");
    expect(runs(500)).toEqual({ count: 5, text: "5 of 500" });
    expect(runs(3)).toEqual({ count: 3, text: "3" });
    vi.stubEnv("LOGOS_CLAIM_RUNS", "none");
    expect(runs(500).count).toBe(500);
  });

  it("come from choices that a seed repeats", () => {
    const rolls = (seed: number) => {
      const dice = new Dice(seed);
      return Array.from({ length: 5 }, () => dice.between(2, 3));
    };
    expect(rolls(7)).toEqual(rolls(7));
    expect(rolls(7)).not.toEqual(rolls(8));
    expect(new Set(rolls(7)).size).toBe(5);
    for (const value of rolls(9)) expect(value >= 2 && value < 3).toBe(true);
    expect(new Dice(1).pick([])).toBeUndefined();
  });
});
