import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { afterLook, afterTime, type Sight, unknownLooks, type Watch } from "../../../agent/watchdog/decide.ts";
import { isolate } from "../../../agent/watchdog/isolate.ts";
import { sightOf } from "../../../agent/watchdog/look.ts";
import { timeouts } from "../../../core/slurm/timeouts.ts";

const calm: Watch = { heardAt: 100, unknown: 0, isolated: false };

describe("a node's watch over its controller", () => {
  test("hears it when it answers, and when its machine says that it is stopped", () => {
    for (const sight of ["known", "stopped"] as const)
      expect(afterLook({ ...calm, unknown: 2, isolated: true }, sight, 105)).toEqual({
        watch: { heardAt: 105, unknown: 0, isolated: false },
        deed: "none",
      });
  });

  test("ends its jobs once when it was given up", () => {
    const first = afterLook(calm, "given-up", 105);
    expect(first.deed).toBe("isolate");
    expect(afterLook(first.watch, "given-up", 107).deed).toBe("none");
    const back = afterLook(first.watch, "known", 109).watch;
    expect(afterLook(back, "given-up", 111).deed).toBe("isolate");
  });

  test("registers anew when it is unknown several times in a row", () => {
    let watch = calm;
    const deeds = Array.from({ length: unknownLooks + 1 }, (_, index) => {
      const next = afterLook(watch, "unknown", 105 + index);
      watch = next.watch;
      return next.deed;
    });
    expect(deeds).toEqual(["none", "none", "register", "none"]);
    expect(afterLook({ ...calm, unknown: 2 }, "known", 105).watch.unknown).toBe(0);
  });

  test("ends its jobs, once, when it heard nothing for too long, however long it slept", () => {
    expect(afterTime(calm, 115, 15).deed).toBe("none");
    const late = afterTime(calm, 115.1, 15);
    expect(late.deed).toBe("isolate");
    expect(afterTime(late.watch, 9999, 15).deed).toBe("none");
    expect(afterLook(calm, "silent", 120)).toEqual({ watch: calm, deed: "none" });
  });

  test("is over before Slurm starts the jobs elsewhere", () => {
    const { slurmdSeconds, credentialSeconds, isolationSeconds } = timeouts;
    expect(isolationSeconds).toBeLessThan(slurmdSeconds + credentialSeconds - 3);
    // The claim: jobs run elsewhere within 45 s by Slurm alone. It gives up after at most 2.4 times its timeout.
    expect(2.4 * slurmdSeconds + credentialSeconds + 1 + 2).toBeLessThanOrEqual(45);
  });

  test("never lets a silence pass, whatever was seen before", () => {
    const sights = fc.array(fc.constantFrom<Sight>("known", "given-up", "unknown", "stopped", "silent"));
    fc.assert(
      fc.property(sights, (seen) => {
        let watch = calm;
        let at = 100;
        for (const sight of seen) {
          at += 2;
          watch = afterLook(watch, sight, at).watch;
        }
        expect(watch.isolated || afterTime(watch, watch.heardAt + 15.1, 15).deed === "isolate").toBe(true);
      }),
    );
  });
});

describe("scontrol's answer", () => {
  const answer = (code: number, stdout: string, stderr = "") => sightOf({ code, stdout, stderr });
  test.each([
    [answer(0, "NodeName=n-1 Arch=x86_64 State=IDLE+DRAIN+DYNAMIC_NORM ThreadsPerCore=1"), "known"],
    [answer(0, "NodeName=n-1 State=MIXED+NOT_RESPONDING "), "known"],
    [answer(0, "NodeName=n-1 State=DOWN*+DYNAMIC_NORM "), "given-up"],
    [answer(1, "Node n-1 not found\n"), "unknown"],
    [answer(1, "", "slurm_load_node error: Unable to contact slurm controller (connect failure)"), undefined],
    [answer(1, "", "slurm_load_node error: Protocol authentication error"), undefined],
  ])("%#: %s", (found, expected) => {
    expect(found).toBe(expected);
  });
});

describe("isolation", () => {
  const children: ChildProcess[] = [];
  afterEach(() => {
    for (const child of children.splice(0)) child.kill("SIGKILL");
  });

  test("kills what stands in the unit's groups, and those below, and nothing else", async () => {
    const folder = mkdtempSync(join(tmpdir(), "cgroup-"));
    try {
      mkdirSync(join(folder, "job"));
      const [one, two, three] = [0, 1, 2].map(() => spawn("sleep", ["60"]));
      if (one === undefined || two === undefined || three === undefined) throw new Error("no processes");
      children.push(one, two, three);
      writeFileSync(join(folder, "cgroup.procs"), `${one.pid}\n`);
      writeFileSync(join(folder, "job/cgroup.procs"), `${two.pid}\n`);
      const ends = [one, two].map(
        (child) => new Promise((resolve) => child.on("exit", (_, signal) => resolve(signal))),
      );
      expect(isolate([folder, "/nonexistent"], 1)).toBe(2);
      expect(await Promise.all(ends)).toEqual(["SIGKILL", "SIGKILL"]);
      expect(three.exitCode).toBeNull();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
