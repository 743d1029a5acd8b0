import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type IntervalSet, interval, union } from "../../../core/guard/intervals.ts";
import { effective, type Rule } from "../../../core/guard/precedence.ts";

const span = (first: number, last: number) => interval(BigInt(first), BigInt(last));
const rule = (allow: boolean, priority: number, peers: IntervalSet, ports: IntervalSet): Rule => ({
  allow,
  priority,
  traffic: [peers, ports],
});
const all = span(0, 99);

describe("what rules let through", () => {
  const open = rule(true, 100, all, span(22, 22));

  it("is all of it when nothing is denied", () => {
    expect(effective([open], "deny").get(open)).toEqual([[all, span(22, 22)]]);
  });

  it("is nothing when it stands behind a denial of all of it", () => {
    expect(effective([rule(false, 99, all, all), open], "allow").get(open)).toEqual([]);
    expect(effective([open, rule(false, 99, all, span(20, 25))], "allow").get(open)).toEqual([]);
  });

  it("is all of it when the denial comes after", () => {
    expect(effective([rule(false, 101, all, all), open], "deny").get(open)).toEqual([[all, span(22, 22)]]);
  });

  it("is all of it when the denial is of other ports or peers", () => {
    expect(effective([rule(false, 1, all, span(80, 80)), open], "deny").get(open)).toEqual([[all, span(22, 22)]]);
  });

  it("is what denials leave over", () => {
    const half = rule(false, 1, span(0, 49), all);
    expect(effective([half, open], "deny").get(open)).toEqual([[span(50, 99), span(22, 22)]]);
    expect(effective([half, rule(false, 2, span(50, 99), all), open], "deny").get(open)).toEqual([]);
  });

  it("is all of it when the denial says nothing of a peer or a port", () => {
    for (const traffic of [[], [all]]) {
      const vague: Rule = { allow: false, priority: 1, traffic };
      expect(effective([vague, open], "deny").get(open)).toEqual([[all, span(22, 22)]]);
    }
  });

  it("is decided by the cloud when both come at once", () => {
    const denial = rule(false, 100, all, all);
    expect(effective([denial, open], "deny").get(open)).toEqual([]);
    expect(effective([denial, open], "allow").get(open)).toEqual([[all, span(22, 22)]]);
  });

  it("is nothing of a rule without traffic, and says nothing of rules that deny", () => {
    const nothing = rule(true, 1, [], all);
    const denial = rule(false, 100, all, all);
    const result = effective([nothing, denial], "deny");
    expect(result.get(nothing)).toEqual([]);
    expect([...result.keys()]).toEqual([nothing]);
  });

  it("is, packet by packet, what the first rule that fits says", () => {
    const small = fc
      .tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 5 }))
      .map(([a, b]) => span(Math.min(a, b), Math.max(a, b)));
    const drawn = fc.record({
      allow: fc.boolean(),
      priority: fc.integer({ min: 1, max: 4 }),
      traffic: fc.tuple(
        small,
        fc.tuple(small, small).map((sets) => union(...sets)),
        small,
      ),
    });
    fc.assert(
      fc.property(
        fc.array(drawn, { maxLength: 6 }),
        fc.constantFrom("allow" as const, "deny" as const),
        (rules, tie) => {
          const result = effective(rules, tie);
          const has = (set: IntervalSet | undefined, value: number) =>
            (set ?? []).some(({ first, last }) => first <= value && value <= last);
          const fits = (box: readonly IntervalSet[], packet: readonly number[]) =>
            packet.every((value, axis) => has(box[axis], value));
          for (let packet = 0; packet < 216; packet++) {
            const point = [packet % 6, Math.floor(packet / 6) % 6, Math.floor(packet / 36)];
            for (const one of rules.filter(({ allow }) => allow)) {
              const denied = rules.some(
                (other) =>
                  !other.allow &&
                  (other.priority < one.priority || (tie === "deny" && other.priority === one.priority)) &&
                  fits(other.traffic, point),
              );
              const let_through = (result.get(one) ?? []).some((box) => fits(box, point));
              expect(let_through).toBe(fits(one.traffic, point) && !denied);
            }
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
