import { Broken, Cluster, type Machine } from "./cluster.ts";
import { Manager, type Policy, type Settings } from "./manager.ts";

export interface ModelReport {
  readonly interleavings: number;
  readonly events: number;
  /** The first promises that were broken, each with the seed that breaks it again. */
  readonly broken: readonly { readonly seed: number; readonly what: string }[];
}

/**
 * Random interleavings of scheduler, users, scaler, `up`, respawn, pause and faults. Each is one seed. In every tenth the
 * faults end at last, and all jobs must then have exactly one verdict and the pool its wanted size.
 */
export function runModel(interleavings: number, firstSeed: number, policy: Policy): ModelReport {
  const broken: { seed: number; what: string }[] = [];
  let events = 0;
  for (let index = 0; index < interleavings && broken.length < 5; index += 1) {
    const seed = firstSeed + index;
    try {
      events += interleave(seed, policy, index % 10 === 0);
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
      broken.push({ seed, what: error.message });
    }
  }
  return { interleavings, events, broken };
}

function interleave(seed: number, policy: Policy, toTheEnd: boolean): number {
  const random = mulberry32(seed);
  const below = (most: number) => Math.floor(random() * most);
  const cluster = new Cluster(random);
  const manager = new Manager(cluster, policy, random);
  const settings: Settings = { min: 1 + below(3), max: 4, standby: below(2), version: "v0" };
  let up = true;
  const toggle = () => {
    manager.crash();
    up = !up;
  };
  const pick = (): Machine | undefined => [...cluster.machines.values()].filter((one) => one.alive)[below(6)];
  const recordOf = (): string | undefined => [...cluster.records.keys()][below(6)];
  const steps: readonly (readonly [number, () => unknown])[] = [
    [20, () => cluster.pass(50 + below(3000))],
    [16, () => up && manager.look(settings)],
    [22, () => up && manager.act(settings)],
    [16, () => up && manager.proceed()],
    [8, () => cluster.submit(1 + below(2), 500 + below(20_000))],
    [1, () => manager.crash()],
    // It stays dead for a while.
    [0.4, toggle],
    // `up`: other bounds, another image.
    [1, () => Object.assign(settings, { min: 1 + below(3), standby: below(3) })],
    [0.3, () => Object.assign(settings, { version: `v${below(3)}` })],
    // Respawn, and a person who holds a node and lets it go.
    [0.5, () => cluster.drain(recordOf() ?? "", "respawn: asked for")],
    [0.5, () => cluster.drain(recordOf() ?? "", "I want to look at it")],
    [0.5, () => letGo(cluster)],
    [0.4, () => Object.assign(cluster, { paused: !cluster.paused })],
    // Faults.
    [0.6, () => cluster.kill(pick()?.name ?? "")],
    [0.5, () => freeze(pick(), true)],
    [0.7, () => thawAll(cluster)],
    [0.4, () => cut(pick(), true)],
    [0.3, () => Object.assign(cluster, { answers: !cluster.answers })],
  ];
  const total = steps.reduce((sum, [weight]) => sum + weight, 0);
  const count = 60 + below(240);
  for (let step = 0; step < count; step += 1) {
    let chosen = random() * total;
    const found = steps.find(([weight]) => {
      chosen -= weight;
      return chosen < 0;
    });
    found?.[1]();
    check(cluster, settings);
  }
  return toTheEnd ? count + heal(cluster, manager, settings) : count;
}

function letGo(cluster: Cluster): void {
  for (const [name, record] of cluster.records)
    if (record.drain?.reason === "I want to look at it") cluster.resume(name);
}

function freeze(machine: Machine | undefined, frozen: boolean): void {
  if (machine !== undefined) machine.frozen = frozen;
}

function cut(machine: Machine | undefined, isCut: boolean): void {
  if (machine !== undefined) machine.cut = isCut;
}

function thawAll(cluster: Cluster): void {
  for (const machine of cluster.machines.values()) {
    freeze(machine, false);
    cut(machine, false);
  }
}

/** What holds at every moment. */
function check(cluster: Cluster, { standby }: Settings): void {
  const alive = [...cluster.machines.values()].filter((machine) => machine.alive).length;
  // The standby number may just have been lowered.
  if (alive > 2 * (4 + Math.max(standby, 2))) throw new Broken(`${alive} machines at once`);
  for (const job of cluster.jobs.values())
    if (job.verdicts > 1) throw new Broken(`job ${job.id} has ${job.verdicts} verdicts`);
}

/** All faults end, people let go, nothing more is submitted. Returns how many events that took. */
function heal(cluster: Cluster, manager: Manager, settings: Settings): number {
  thawAll(cluster);
  letGo(cluster);
  Object.assign(cluster, { paused: false, answers: true });
  const most = 400;
  for (let step = 1; step <= most; step += 1) {
    cluster.pass(1000);
    manager.look(settings);
    while (manager.act(settings));
    while (manager.proceed());
    const done = [...cluster.jobs.values()].every((job) => job.verdicts === 1);
    if (done && manager.last?.state === "steady" && manager.last.actions.length === 0) {
      const ready = [...cluster.records.values()].filter((one) => one.drain === undefined && !one.down).length;
      if (ready === manager.desired && ready === settings.min) return step;
    }
  }
  const open = [...cluster.jobs.values()].filter((job) => job.verdicts !== 1);
  if (open.length > 0)
    throw new Broken(`jobs without a verdict: ${open.map(({ id, state }) => `${id} ${state}`).join(", ")}`);
  throw new Broken(
    `the pool is ${manager.last?.state} with ${cluster.records.size} records, wanted ${manager.desired}`,
  );
}

/** A small generator whose every state is its seed. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

if (import.meta.main) {
  const [, , runs = "100000", seed = String(Date.now() % 1_000_000_000), policy = "drain first"] = process.argv;
  const began = performance.now();
  const report = runModel(Number(runs), Number(seed), policy === "drain first" ? policy : "check then terminate");
  process.stdout.write(
    `${JSON.stringify({ ...report, firstSeed: Number(seed), seconds: (performance.now() - began) / 1000 })}\n`,
  );
  process.exitCode = report.broken.length === 0 ? 0 : 1;
}
