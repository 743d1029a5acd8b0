import { until } from "../../support/lab.ts";
import type { Run } from "../../support/stack.ts";
import { type Claim, hold } from "../claim.ts";
import { fakedClock } from "./faked-clock.ts";
import { sightings } from "./sightings.ts";
import { oneVerdictEach, promptly, type Site, site } from "./site.ts";

type Case = readonly [what: string, look: (there: Site) => Promise<void>];

/** Mistakes of people, and of machines, each with its message. */
const cases: readonly Case[] = [
  [
    "a job larger than any node",
    async ({ lab }) => {
      refused(
        await lab.stack.logos("run", "rebuild", "--cpus", "9"),
        65,
        /asks for 9 slots[\s\S]*the largest has 2 slots/,
      );
      refused(await lab.stack.logos("run", "--memory", "64G", "--", "true"), 65, /65536 MiB[\s\S]*the largest has/);
    },
  ],
  [
    "an unknown commit",
    async ({ lab }) => {
      refused(
        await lab.stack.logos("run", "rebuild", "--commit", "0123456789"),
        65,
        /does not hold commit 0123456789[\s\S]*logos:workload\.commit/,
      );
      refused(await lab.stack.logos("run", "rebuild", "--commit", "HEAD~1"), 64, /7 to 40 hex digits/);
    },
  ],
  [
    "an unknown job and an unknown node",
    async ({ lab }) => {
      refused(await lab.stack.logos("job", "show", "999999"), 65, /no job 999999/);
      refused(await lab.stack.logos("job", "cancel", "999999"), 65, /no job 999999/);
      refused(await lab.stack.logos("node", "drain", "n-nobody"), 65, /no node "n-nobody"\. There are: n-/);
    },
  ],
  ["a scheduler that is down while a job is submitted", schedulerDown],
  ["a full disk on the control plane", fullDisk],
  ["a node that claims more than it has", liar],
  ["a node with another key", wrongKey],
  ["a node whose clock is ten minutes off", wrongClock],
];

export const badInputClaims: readonly Claim[] = [
  {
    name: "pool-bad-input",
    tag: "pool",
    statement:
      "Too large a job, an unknown commit, a scheduler that is down, a full disk, a lying node, a wrong key, a wrong clock: a clear message, nothing lost.",
    seconds: 400,
    check: async (progress) => {
      const there = await site();
      for (const [what, look] of cases) {
        await look(there);
        progress(`${what}: told`);
      }
      await there.steady();
      hold(
        (await there.jobs()).filter((job) => job.state === "PENDING").length === 0,
        "something waits that was refused",
      );
      return `${cases.length} mistakes, each with its message, nothing lost; the wrong clock is slurmd's alone: machines of a lab share the host's`;
    },
  },
];

/** The job is submitted once when the scheduler is back, and the person is told of the wait. */
async function schedulerDown(there: Site): Promise<void> {
  await there.root("control", "systemctl stop slurmctld.service");
  const submitting = there.lab.stack.startLogos("run", "--wait", "--", "echo", "after all");
  try {
    await until("a word to the person", 90, async () =>
      /No answer yet \(The scheduler does not answer/.test(submitting.outputSoFar()) ? true : undefined,
    );
  } finally {
    await there.root("control", "systemctl start slurmctld.service");
  }
  const run = await submitting.done;
  hold(run.code === 0 && /after all/.test(run.output), `the CLI ended with ${run.code}: ${run.output}`);
  const id = Number(/job (\d+): submitted/.exec(run.output)?.[1] ?? /job (\d+): found/.exec(run.output)?.[1]);
  const [job] = await there.jobsOf([id]);
  const same = (await there.jobs()).filter((other) => other.tag?.submission === job?.tag?.submission);
  hold(job !== undefined && same.length === 1, `${same.length} jobs of one submission`);
}

/** The queue's disk is full: what was taken is not lost, and what is not on the disk is said so. */
async function fullDisk(there: Site): Promise<void> {
  const before = await there.sleepers(15, 2);
  const fill = "/var/lib/slurm/slurmctld/filler";
  const room = "df --output=avail -B1M /var/lib/slurm/slurmctld | tail -1";
  await there.root(
    "control",
    `fallocate -l $(($(${room}) - 1))M ${fill}; dd if=/dev/zero of=${fill}.rest bs=4k 2>/dev/null; true`,
  );
  let run: Run;
  try {
    hold(Number(await there.root("control", room)) <= 1, "the disk is not full");
    run = await there.lab.stack.logos("run", "--", "true");
  } finally {
    await there.root("control", `rm -f ${fill} ${fill}.rest`);
  }
  const told = /not on the scheduler's disk yet|No space left|disk|refused/i.test(run.output);
  hold(told, `a full disk was not told: exit ${run.code}: ${run.output}`);
  const jobs = await there.ended([before], 120);
  await oneVerdictEach(there, [before], jobs);
  const after = await there.lab.stack.logos("run", "--wait", "--", "echo", "room again");
  hold(after.code === 0 && /room again/.test(after.output), after.output);
}

/** It registers with more than its machine has: it gets no work, and is replaced. */
async function liar(there: Site): Promise<void> {
  const [node] = await there.lab.readyNodes();
  hold(node !== undefined, "there is no ready node");
  const { name } = node;
  await there.root(name, "sed -i 's/CPUs=2/CPUs=64/' /run/logos/slurmd.env");
  await there.root("control", `scontrol update nodename=${name} state=drain reason=test`);
  await there.root("control", `scontrol delete nodename=${name}`);
  await there.root(name, "systemctl restart slurmd.service");
  await promptly("its replacement", 120, async () => {
    const found = (await there.lab.status()).nodes.find((other) => other.name === name);
    return found === undefined || found.phase === "ending" ? true : undefined;
  });
  hold(
    there
      .managerLog()
      .some(({ text }) => text.startsWith(`${name}: `) && /registered with 64|Low|was given/.test(text)),
    `the manager did not say why ${name} went`,
  );
  await there.steady();
}

/** A node that holds another key is not heard, and is replaced. */
async function wrongKey(there: Site): Promise<void> {
  const key = Buffer.alloc(32, 7).toString("base64url");
  const jwks = JSON.stringify({ keys: [{ alg: "HS256", kty: "oct", kid: "other", k: key, use: "default" }] });
  await unheard(there, `LoadCredential=\\nSetCredential=slurm.jwks:${jwks.replaceAll('"', '\\"')}\\n`);
}

/** A slurmd whose clock is wrong by more than Slurm's tokens live is not heard: its node is replaced. */
async function wrongClock(there: Site): Promise<void> {
  const library = fakedClock();
  const names = (await there.lab.readyNodes()).map(({ name }) => name);
  await Promise.all(names.map((name) => there.put(name, "faked-clock.so", library)));
  await unheard(there, "Environment=LD_PRELOAD=/run/faked-clock.so FAKETIME=-10m DONT_FAKE_MONOTONIC=1\\n");
}

/** Starts the slurmd of a node that has work anew, with these settings: the node goes, with its reason, and its work is done. */
async function unheard(there: Site, settings: string): Promise<void> {
  const array = await there.sleepers(20, 6);
  const [at] = await promptly("work on every slot", 60, () => (sightings().length >= 6 ? sightings() : undefined));
  hold(at !== undefined, "no job runs");
  const dropIn = "/run/systemd/system/slurmd.service.d";
  await there.root(
    at.node,
    `mkdir -p ${dropIn} && printf '[Service]\\n${settings}' >${dropIn}/99-test.conf && ` +
      "systemctl daemon-reload && systemctl --no-block restart slurmd.service",
  );
  await promptly("its replacement", 180, async () => {
    const found = (await there.lab.status()).nodes.find((other) => other.name === at.node);
    return found === undefined || found.phase === "ending" ? true : undefined;
  });
  const told = there
    .managerLog()
    .some(({ text }) => text.startsWith(`${at.node}: fenced`) && /key and its clock/.test(text));
  hold(told, `the manager did not say why ${at.node} went`);
  await oneVerdictEach(there, [array], await there.ended([array], 120));
  await there.steady();
}

function refused(run: Run, code: number, message: RegExp): void {
  hold(
    run.code === code && message.test(run.output),
    `exit ${run.code}, expected ${code} and ${message}: ${run.output}`,
  );
  hold(!/\n\s+at .*\.ts:\d+/.test(run.output), `a stack trace: ${run.output}`);
}
