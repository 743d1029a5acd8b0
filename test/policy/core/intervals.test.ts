import { describe, expect, it } from "vitest";
import {
  count,
  covers,
  empty,
  intersect,
  interval,
  isEmpty,
  meets,
  subtract,
  union,
} from "../../../core/guard/intervals.ts";

const set = (...pairs: readonly (readonly [number, number])[]) =>
  union(...pairs.map(([first, last]) => interval(BigInt(first), BigInt(last))));
const pairs = (intervals: ReturnType<typeof set>) => intervals.map(({ first, last }) => [Number(first), Number(last)]);

describe("sets of intervals", () => {
  it("are sorted, and joined where they touch or overlap", () => {
    expect(pairs(set([5, 6], [1, 2]))).toEqual([
      [1, 2],
      [5, 6],
    ]);
    expect(pairs(set([1, 2], [3, 4]))).toEqual([[1, 4]]);
    expect(pairs(set([1, 9], [3, 4]))).toEqual([[1, 9]]);
    expect(pairs(set([1, 4], [3, 9]))).toEqual([[1, 9]]);
    expect(pairs(set([1, 4], [1, 9]))).toEqual([[1, 9]]);
    expect(pairs(set([1, 2], [4, 5]))).toEqual([
      [1, 2],
      [4, 5],
    ]);
    expect(pairs(union())).toEqual([]);
  });

  it("are empty when the first lies behind the last, and only then", () => {
    expect(interval(3n, 2n)).toEqual(empty);
    expect(isEmpty(interval(3n, 2n))).toBe(true);
    expect(isEmpty(interval(3n, 3n))).toBe(false);
  });

  it("intersect", () => {
    expect(pairs(intersect(set([1, 5], [8, 9]), set([4, 8])))).toEqual([
      [4, 5],
      [8, 8],
    ]);
    expect(pairs(intersect(set([1, 2]), set([3, 4])))).toEqual([]);
    expect(pairs(intersect(set([1, 9]), set([3, 4])))).toEqual([[3, 4]]);
    expect(pairs(intersect(set([3, 4]), set([1, 9])))).toEqual([[3, 4]]);
  });

  it("subtract", () => {
    expect(pairs(subtract(set([1, 9]), set([3, 4])))).toEqual([
      [1, 2],
      [5, 9],
    ]);
    expect(pairs(subtract(set([1, 9]), set([1, 1], [9, 9])))).toEqual([[2, 8]]);
    expect(pairs(subtract(set([1, 9]), set([0, 10])))).toEqual([]);
    expect(pairs(subtract(set([1, 2], [8, 9]), set([4, 5])))).toEqual([
      [1, 2],
      [8, 9],
    ]);
    expect(pairs(subtract(set([5, 6]), set([1, 2], [9, 9])))).toEqual([[5, 6]]);
  });

  it("cover, meet and are counted", () => {
    expect(covers(set([1, 9]), set([2, 3], [9, 9]))).toBe(true);
    expect(covers(set([1, 9]), set([2, 3], [10, 10]))).toBe(false);
    expect(covers(empty, empty)).toBe(true);
    expect(covers(empty, set([1, 1]))).toBe(false);
    expect(meets(set([1, 2]), set([2, 3]))).toBe(true);
    expect(meets(set([1, 2]), set([3, 4]))).toBe(false);
    expect(count(set([1, 2], [5, 9]))).toBe(7n);
    expect(count(empty)).toBe(0n);
  });
});
