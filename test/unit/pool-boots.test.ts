import { expect, test } from "vitest";
import type { ProcessIdentity } from "../../providers/lab/host/process.ts";
import { Boots } from "../../providers/lab/pool/boots.ts";

const machine: ProcessIdentity = { pid: 4711, startTime: "1" };

test("a machine is asked seldom while its gate is at work, and often once it has spoken", () => {
  let spoken = false;
  const boots = new Boots(() => spoken);
  const asked = (from: number, to: number): number => {
    let count = 0;
    for (let now = from; now < to; now += 100) if (boots.isDue("n-1", machine, now)) count += 1;
    return count;
  };
  expect(asked(10_000, 20_000)).toBe(2);
  expect(boots.isSilent("n-1")).toBe(true);
  spoken = true;
  expect(asked(20_000, 25_000)).toBe(10);
  expect(boots.isSilent("n-1")).toBe(false);
});

test("that a gate has spoken is told once, and only of a gate that was silent", () => {
  let spoken = true;
  const boots = new Boots(() => spoken);
  boots.isDue("n-1", machine, 10_000);
  expect(boots.takeNews()).toBe(false);
  spoken = false;
  boots.isDue("n-1", machine, 10_100);
  expect(boots.takeNews()).toBe(false);
  spoken = true;
  expect([boots.takeNews(), boots.takeNews()]).toEqual([true, false]);
});

test("a machine that went is no news", () => {
  let spoken = false;
  const boots = new Boots(() => spoken);
  boots.isDue("n-1", machine, 10_000);
  boots.forget("n-1");
  spoken = true;
  expect(boots.takeNews()).toBe(false);
  spoken = false;
  expect(boots.isSilent("n-1")).toBe(false);
  expect(boots.isDue("n-1", machine, 10_001)).toBe(true);
});
