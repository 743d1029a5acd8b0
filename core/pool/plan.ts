import { isStalled, nextLaunchAt, noteFailures } from "./failures.ts";
import { failureMessage, isStale, type Phase, phaseOf } from "./phase.ts";
import type { Failures, PoolNode, World } from "./world.ts";

/** One thing to do for the pool. Each is safe to do again and to give up half-way. */
export type Action =
  /** Start a machine. It proves itself and registers as a standby node. */
  | { readonly kind: "launch" }
  /** Give a standby node work. */
  | { readonly kind: "promote"; readonly node: string }
  /** Make a node that takes work a standby node again. */
  | { readonly kind: "demote"; readonly node: string }
  /** Give it no new work; what it has goes on. */
  | { readonly kind: "drain"; readonly node: string; readonly reason: string }
  /** Take the pool's own drain back. */
  | { readonly kind: "resume"; readonly node: string }
  /** Put its jobs back into the queue: they had their time to end. */
  | { readonly kind: "requeue"; readonly node: string; readonly reason: string }
  /** Remove its record from Slurm, which refuses if it got work meanwhile, then its machine. */
  | { readonly kind: "retire"; readonly node: string; readonly reason: string }
  /** Make sure that its machine is gone, tell Slurm so that its jobs start elsewhere at once, then remove its record. */
  | { readonly kind: "fence"; readonly node: string; readonly reason: string };

export interface Plan {
  readonly actions: readonly Action[];
  readonly failures: Failures;
  /** `steady`: as wanted, but for nodes that finish their work first. `converging`: on its way. `stalled`: launches fail again and again; what runs goes on. */
  readonly state: "steady" | "converging" | "stalled";
  /** At least `min` nodes of the wanted version take work, and nothing else has to end or be replaced: what `up` waits for. */
  readonly serves: boolean;
  readonly phases: ReadonlyMap<string, Phase>;
}

/** The drain reason of a node that is more than wanted. */
export const scaleInReason = "scale-in";

/**
 * How long a job may go on, in milliseconds, on a node that was drained: an hour when the node is sound (four times the
 * 15 minutes in which a rebuild is promised), ten minutes when something is wrong with it. Then it is requeued.
 */
export const drainLimits = { sound: 3600_000, unfit: 600_000 } as const;

/**
 * What to do next. It promises: nothing that has work is ended; a node is drained before it is ended; while nodes are
 * replaced, `desired` of them stay ready if they were; a new version is tried on one node before the others follow; never
 * more than twice `max` and `standby` machines; nothing is ended that Slurm could not be asked about.
 */
export function plan(facts: World): Plan {
  const world = { ...facts, nodes: facts.nodes.toSorted((one, other) => (one.name < other.name ? -1 : 1)) };
  const phases = new Map(world.nodes.map((node) => [node.name, phaseOf(node, world)]));
  const failures = noteFailures(world, phases);
  const view = new View(world, phases);
  const resumed = resumable(view);
  const promoted = promotable(view, resumed.length);
  const actions: Action[] = [
    ...fences(view),
    ...requeues(view),
    ...retirements(view, resumed, promoted),
    ...resumed.map((node): Action => ({ kind: "resume", node: node.name })),
    ...promoted.map((node): Action => ({ kind: "promote", node: node.name })),
    ...launches(view, failures, resumed.length),
    ...replacements(view),
    ...reductions(view),
  ];
  return { actions, failures, state: stateOf(view, failures, actions), serves: servesOf(view, actions), phases };
}

/** The nodes by phase and version. */
class View {
  readonly world: World;
  readonly #phases: ReadonlyMap<string, Phase>;

  constructor(world: World, phases: ReadonlyMap<string, Phase>) {
    this.world = world;
    this.#phases = phases;
  }

  in(...phases: readonly Phase[]): readonly PoolNode[] {
    return this.world.nodes.filter((node) => phases.some((phase) => this.#phases.get(node.name) === phase));
  }

  current(...phases: readonly Phase[]): readonly PoolNode[] {
    return this.in(...phases).filter((node) => node.version === this.world.wanted.version);
  }

  outdated(...phases: readonly Phase[]): readonly PoolNode[] {
    return this.in(...phases).filter((node) => node.version !== this.world.wanted.version);
  }

  /** Wanted nodes that take work, or will again. */
  get working(): number {
    return this.current("ready", "lost", "unseen").length;
  }

  /** Standby nodes that may be promoted, the oldest first. */
  get spares(): readonly PoolNode[] {
    return this.current("standby").filter((node) => !isStale(node, this.world.now));
  }

  /** Wanted nodes that are there or on their way. */
  get capacity(): number {
    return this.working + this.spares.length + this.current("starting").length;
  }
}

/** What keeps a machine that runs from being heard by the scheduler: its tokens live a minute, so a wrong clock does too. */
const unheard =
  "its machine runs, but the scheduler does not hear it: look at its network, its slurmd, its key and its clock";

function fences(view: View): Action[] {
  if (!view.world.slurmKnown) return [];
  return view.in("dead").map((node) => ({
    kind: "fence",
    node: node.name,
    reason: node.machine === "dead" ? "machine is gone" : unheard,
  }));
}

/** Jobs that outlived the drain of their node. */
function requeues(view: View): Action[] {
  const late = (phase: Phase, limit: number): Action[] =>
    view
      .in(phase)
      .filter(({ slurm }) => slurm.state === "drain" && slurm.busy && view.world.now - slurm.since > limit)
      .map((node) => ({
        kind: "requeue",
        node: node.name,
        reason: `still had work ${limit / 60_000} min after it was drained`,
      }));
  return [...late("leaving", drainLimits.sound), ...late("unfit", drainLimits.unfit)];
}

/** Nodes that are of no more use and have no work. */
function retirements(view: View, resumed: readonly PoolNode[], promoted: readonly PoolNode[]): Action[] {
  const failed = view.in("failed").map((node) => retire(node, failureMessage(node, view.world)));
  const unfit = view
    .in("unfit")
    .map((node) => retire(node, node.slurm.state === "drain" ? node.slurm.reason : "unfit"));
  const unborn = view.outdated("starting").map((node) => retire(node, "replaced before it was ready"));
  const leaving = view.in("leaving").map((node) => retire(node, "drained"));
  const kept = new Set([...resumed, ...promoted].map((node) => node.name));
  return [...failed, ...unfit, ...unborn, ...leaving, ...idleStandbys(view, promoted.length)].filter(
    (action) => !kept.has(action.node) && !view.world.nodes.some((node) => node.name === action.node && hasWork(node)),
  );
}

/** Standby nodes that are too many, of another version, or proven too long ago. */
function idleStandbys(view: View, promoted: number): Retirement[] {
  const { standby, desired } = view.world.wanted;
  const due = Math.max(0, desired - view.working) + standby;
  const surplus = Math.max(0, view.spares.length - Math.max(due, promoted));
  const stale = view.current("standby").filter((node) => isStale(node, view.world.now));
  // Those of before are better than none, until one of the wanted version stands by or nothing of before is left at work.
  const replaced = view.spares.length > promoted || view.outdated("ready").length === 0;
  return [
    ...view
      .outdated("standby")
      .slice(replaced ? 0 : standby)
      .map((node) => retire(node, "replaced by a new version")),
    ...stale.map((node) => retire(node, "proven too long ago")),
    ...view.spares
      .toReversed()
      .slice(0, surplus)
      .map((node) => retire(node, "more standby than wanted")),
  ];
}

interface Retirement {
  readonly kind: "retire";
  readonly node: string;
  readonly reason: string;
}

function retire(node: PoolNode, reason: string): Retirement {
  return { kind: "retire", node: node.name, reason };
}

/**
 * Nodes the pool drained and could use again, the youngest first, and those that got work between the decision to end
 * them and their drain: work is a reason to stay.
 */
function resumable(view: View): readonly PoolNode[] {
  const missing = Math.max(0, view.world.wanted.desired - view.working);
  const wanted = view.current("leaving").toReversed().slice(0, missing);
  const late = view.current("leaving").filter((node) => hasWork(node) && drainReason(node).endsWith(scaleInReason));
  const standby = view.in("standby").filter(hasWork);
  return [...new Set([...wanted, ...late, ...standby])];
}

function drainReason({ slurm }: PoolNode): string {
  return slurm.state === "drain" ? slurm.reason : "";
}

/** Standby nodes that are to take work now: of the wanted version, or else of before while too few are ready at all. */
function promotable(view: View, resumed: number): readonly PoolNode[] {
  const idle = view.spares.filter((node) => !hasWork(node));
  const { desired } = view.world.wanted;
  const now = idle.slice(0, Math.max(0, desired - view.working - resumed));
  const short = desired - view.in("ready", "lost", "unseen").length - resumed - now.length;
  const before = view.outdated("standby").filter((node) => !isStale(node, view.world.now) && !hasWork(node));
  return [...now, ...before.slice(0, Math.max(0, short))];
}

function launches(view: View, failures: Failures, resumed: number): Action[] {
  const { now, nodes, ending, wanted } = view.world;
  if (now < nextLaunchAt(failures)) return [];
  // What takes work comes first, those that are promoted just now among it: a standby node's boot and proofs at the same
  // time would only slow it down.
  const enough = view.working + resumed >= wanted.desired;
  const capacity = view.capacity + resumed;
  const missing = wanted.desired + (enough ? wanted.standby : 0) - capacity;
  // What a person holds back is replaced, but within the pool's bound.
  const withinPool = wanted.max + wanted.standby - capacity - view.current("held").length;
  const alive = ending + nodes.filter((node) => node.machine === "running").length;
  const room = Math.min(withinPool, 2 * (wanted.max + wanted.standby) - alive);
  // One launch shows whether this version works at all, when there is something to lose or it failed before.
  const proven = view.current("ready", "standby").length > 0;
  const untried = !proven && (view.outdated("ready").length > 0 || failures.count > 0);
  const pace = untried ? 1 - view.current("starting", "unseen").length : missing;
  return Array.from({ length: Math.max(0, Math.min(missing, room, pace)) }, () => ({ kind: "launch" }));
}

/** Drains nodes of other versions, as far as enough others are ready. */
function replacements(view: View): Action[] {
  const spare = Math.max(0, view.in("ready").length - view.world.wanted.desired);
  return idleFirst(view.outdated("ready"))
    .slice(0, spare)
    .map((node) => ({ kind: "drain", node: node.name, reason: "replaced by a new version" }));
}

/**
 * Takes away what is more than wanted: first what has not started yet, then idle nodes, the newest first. One that can be
 * the missing standby node becomes it, unless its proof is too old for that.
 */
function reductions(view: View): Action[] {
  if (!view.world.slurmKnown || view.outdated("ready").length > 0) return [];
  const { desired, standby } = view.world.wanted;
  const starting = view.current("starting");
  const due = Math.max(0, desired + standby - view.working - view.spares.length);
  const unborn = starting.toReversed().slice(0, Math.max(0, starting.length - due));
  const spare = Math.max(0, view.current("ready").length - desired);
  const idle = view.current("ready").filter((node) => !hasWork(node));
  let vacant = Math.max(0, standby - view.spares.length - (starting.length - unborn.length));
  const taken = idle
    .toReversed()
    .slice(0, spare)
    .map((node): Action => {
      if (vacant === 0 || isStale(node, view.world.now))
        return { kind: "drain", node: node.name, reason: scaleInReason };
      vacant -= 1;
      return { kind: "demote", node: node.name };
    });
  return [...unborn.map((node) => retire(node, "no longer wanted")), ...taken];
}

function idleFirst(nodes: readonly PoolNode[]): readonly PoolNode[] {
  return [...nodes.filter((node) => !hasWork(node)), ...nodes.filter(hasWork)];
}

function hasWork(node: PoolNode): boolean {
  return node.slurm.state !== "absent" && node.slurm.busy;
}

function stateOf(view: View, failures: Failures, actions: readonly Action[]): Plan["state"] {
  const { desired, standby } = view.world.wanted;
  const enough = view.current("ready").length >= desired && view.spares.length >= standby;
  const moving = view.in("starting", "lost", "failed", "dead", "unseen").length > 0;
  const ending = view.in("leaving", "unfit").some((node) => !hasWork(node));
  const outdated = view.outdated("ready", "standby").length > 0;
  if (enough && !moving && !ending && !outdated && actions.length === 0) return "steady";
  return isStalled(failures) ? "stalled" : "converging";
}

function servesOf(view: View, actions: readonly Action[]): boolean {
  const enough = view.current("ready").length >= view.world.wanted.min;
  const broken = view.in("lost", "failed", "dead", "unseen").length > 0;
  const ending = view.in("leaving", "unfit").some((node) => !hasWork(node));
  const outdated = view.outdated("ready").length > 0;
  const growing = actions.every((action) => action.kind === "launch" || action.kind === "promote");
  return enough && !broken && !ending && !outdated && growing;
}
