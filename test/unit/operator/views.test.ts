import { describe, expect, it } from "vitest";
import type { Job } from "../../../core/jobs/queue.ts";
import { parseNodes } from "../../../core/slurm/nodes.ts";
import { findNode, updateCommand, whyNotResume } from "../../../operator/commands/node.ts";
import { endLine } from "../../../operator/commands/run.ts";
import { parseOutputs } from "../../../operator/outputs.ts";
import { span, table } from "../../../operator/text.ts";
import { jobName, renderJobs } from "../../../operator/views/jobs.ts";
import { renderStatus, statusView } from "../../../operator/views/status.ts";

const now = Date.parse("2026-01-01T01:00:00Z");
const outputs = parseOutputs(
  JSON.stringify({
    bastion: { address: "10.83.0.2", hostKey: "ssh-ed25519 AAAA bastion", port: 22 },
    control: { address: "10.83.0.3", hostKey: "ssh-ed25519 BBBB control" },
    image: { digest: "ab".repeat(32), commit: "c".repeat(40) },
    pool: { min: 3, max: 6, standby: 1 },
    operatorKey: "canary",
  }),
  "dev",
);

function nodes(
  ...given: readonly {
    name: string;
    state: readonly string[];
    reason?: string;
    by?: string;
    extra?: string;
    used?: number;
  }[]
) {
  const pass = JSON.stringify({
    gate: "PASS",
    seconds: 4,
    at: "2026-01-01T00:48:00Z",
    commit: "cccc",
    image: "abababababab",
  });
  return parseNodes(
    JSON.stringify({
      errors: [],
      nodes: given.map(({ name, state, reason = "", by = "", extra = pass, used = 0 }) => ({
        name,
        state,
        reason,
        reason_set_by_user: by,
        reason_changed_at: { set: true, infinite: false, number: 0 },
        address: "10.83.0.70",
        extra,
        cpus: 2,
        alloc_cpus: used,
        real_memory: 2918,
        alloc_memory: 0,
        features: [],
        active_features: [],
      })),
    }),
  );
}

const job: Job = {
  id: 12,
  tasks: 1,
  name: "rebuild",
  user: "operator",
  tag: { submission: "ab".repeat(12), class: "rebuild" },
  state: "RUNNING",
  reason: "None",
  node: "n-1",
  cpus: 1,
  restarts: 1,
  submittedAt: now / 1000 - 300,
  startedAt: now / 1000 - 65,
  exitCode: 0,
  signal: 0,
  output: "/tmp/logos-job-12.out",
};
const { startedAt: _, ...unstarted } = job;
const waiting: Job = {
  ...unstarted,
  id: 13,
  array: { id: 13, task: "0-3" },
  tasks: 4,
  state: "PENDING",
  reason: "Resources",
  node: "",
  restarts: 0,
};

const cluster = {
  nodes: nodes(
    { name: "vacant-1", state: ["DOWN"] },
    { name: "n-1", state: ["MIXED", "DYNAMIC_NORM"], used: 1 },
    { name: "n-2", state: ["IDLE", "DRAIN"], reason: "standby", by: "root" },
    { name: "n-3", state: ["MIXED", "DRAIN"], reason: "pool: scale-in", by: "root", used: 1 },
    { name: "n-4", state: ["IDLE", "DRAIN"], reason: "look at it", by: "operator" },
    { name: "n-5", state: ["IDLE", "DRAIN"], reason: "health: image changed", by: "root" },
    { name: "n-6", state: ["DOWN", "NOT_RESPONDING"] },
    { name: "n-7", state: ["IDLE"], extra: "" },
  ),
  jobs: [job, waiting],
  nodesWanted: 9,
};

describe("the status", () => {
  const view = statusView("dev", outputs, cluster, now);

  it("says what each node is to the pool", () => {
    expect(Object.fromEntries(view.nodes.map(({ name, role }) => [name, role]))).toEqual({
      "n-1": "ready",
      "n-2": "standby",
      "n-3": "draining",
      "n-4": "held",
      "n-5": "unfit",
      "n-6": "down",
      "n-7": "unfit",
    });
    expect(view.nodes[0]).toEqual({
      name: "n-1",
      role: "ready",
      slots: { used: 1, all: 2 },
      image: "abababababab",
      gate: "PASS",
      gateAge: 720,
      jobs: 1,
    });
  });

  it("counts, and keeps what is desired within the bounds", () => {
    expect(view.pool).toEqual({
      min: 3,
      max: 6,
      desired: 6,
      ready: 1,
      standby: 1,
      draining: 1,
      held: 1,
      unfit: 2,
      down: 1,
    });
    expect(view.jobs).toEqual({ running: 1, waiting: 4, oldestWait: 300, reasons: { Resources: 4 } });
    expect(statusView("dev", outputs, { ...cluster, nodesWanted: undefined }, now).pool).not.toHaveProperty("desired");
  });

  it("fits a terminal, and holds no secret", () => {
    const text = renderStatus(view);
    expect(text).toContain(
      'Stack "dev": 1 ready, 1 standby, 1 draining, 1 held, 2 unfit, 1 down; bounds 3 to 6, desired 6',
    );
    expect(text).toContain("Jobs: 1 running, 4 waiting, the oldest for 5m00s (4 Resources)");
    expect(text).toMatch(/^n-1 +ready +1\/2 +1 +abababababab +PASS 12m00s ago$/m);
    expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(100);
    expect(text).not.toContain("canary");
  });
});

describe("the list of jobs", () => {
  it("has a line for each, the oldest first", () => {
    const text = renderJobs(
      [
        waiting,
        job,
        { ...job, id: 14, state: "FAILED", reason: "NonZeroExitCode", exitCode: 3, endedAt: now / 1000 - 60 },
      ],
      now / 1000,
    );
    expect(text.split("\n")).toEqual([
      "job       class    state    node  slots  starts  time   detail",
      "12        rebuild  running  n-1   1      2       1m05s",
      "13_[0-3]  rebuild  pending  -     4      0       5m00s  waits: Resources",
      "14        rebuild  failed   n-1   1      2       5s     exit code 3",
      "",
    ]);
    expect(renderJobs([], 0)).toBe("No jobs.\n");
  });

  it("names a task of an array by the array", () => {
    expect(jobName({ id: 20, tasks: 1, array: { id: 13, task: "2" } })).toBe("13_2");
  });

  it("ends with the verdict, the audit entry and where it ran", () => {
    const record = {
      job: 12,
      attempt: 1,
      class: "boot",
      node: "n-2",
      startedAt: "",
      endedAt: "",
      exitCode: 0,
      verdict: "ALIGNED",
      commit: "c".repeat(40),
      auditId: "0123456789abcdef",
    } as const;
    expect(endLine({ event: "end", job: 12, state: "COMPLETED", exitCode: 0, node: "n-2", restarts: 1, record })).toBe(
      "job 12: completed, exit code 0, put back into the queue once: ALIGNED of boot on n-2, commit cccccccccccc, " +
        "audit entry 0123456789abcdef, attempt 2",
    );
  });
});

describe("a node", () => {
  it("that is not there is refused with those that are", () => {
    expect(findNode("n-1", cluster.nodes).name).toBe("n-1");
    expect(() => findNode("n-9", cluster.nodes)).toThrow(
      'There is no node "n-9". There are: n-1, n-2, n-3, n-4, n-5, n-6, n-7.',
    );
    expect(() => findNode("vacant-1", cluster.nodes)).toThrow(/There is no node "vacant-1"/);
  });

  it("is given back by the person who drained it alone", () => {
    const objection = (name: string) => whyNotResume(findNode(name, cluster.nodes));
    expect(objection("n-4")).toBeUndefined();
    expect(objection("n-1")).toMatch(/is not drained/);
    expect(objection("n-3")).toMatch(/drained by the pool/);
    expect(objection("n-5")).toMatch(/only a new gate admits it/);
  });

  it("is drained, resumed and respawned by Slurm's own words, whatever the reason says", () => {
    expect(updateCommand("resume", "n-1")).toBe("scontrol update nodename=n-1 state=resume");
    expect(updateCommand("respawn", "n-1", "it's slow")).toBe(
      `scontrol update nodename=n-1 state=drain 'reason=respawn: it'\\''s slow'`,
    );
    expect(updateCommand("drain", "n-1", "pool: mine")).toContain("'reason=person: pool: mine'");
  });
});

describe("text", () => {
  it("aligns columns and cuts what does not fit", () => {
    expect(
      table(
        [
          ["a", "bb"],
          ["ccc", "d".repeat(20)],
        ],
        12,
      ),
    ).toEqual(["a    bb", "ccc  dddddd…"]);
  });
  it.each([
    [4.4, "4s"],
    [185, "3m05s"],
    [7800, "2h10m"],
    [273_600, "3d4h"],
  ])("writes %d s as %s", (seconds, text) => {
    expect(span(seconds)).toBe(text);
  });
});
