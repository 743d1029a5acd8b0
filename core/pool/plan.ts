import { isStalled, nextLaunchAt, noteFailures } from "./failures.ts";
import { failureMessage, type Phase, phaseOf } from "./phase.ts";
import type { Failures, PoolNode, World } from "./world.ts";

/** One thing to do for the pool. Each is safe to do again and to give up half-way. */
export type Action =
  | { readonly kind: "launch" }
  /** Give it no new work; what it has goes on. */
  | { readonly kind: "drain"; readonly node: string; readonly reason: string }
  /** Take the pool's own drain back. */
  | { readonly kind: "resume"; readonly node: string }
  /** Remove its record from Slurm, which refuses if it got work meanwhile, then its machine. */
  | { readonly kind: "retire"; readonly node: string; readonly reason: string }
  /** Make sure that its machine is gone, tell Slurm so that its jobs start elsewhere at once, then remove its record. */
  | { readonly kind: "fence"; readonly node: string; readonly reason: string };

export interface Plan {
  readonly actions: readonly Action[];
  readonly failures: Failures;
  /** `steady`: as wanted, but for nodes that finish their work first. `converging`: on its way. `stalled`: launches fail again and again; what runs goes on. */
  readonly state: "steady" | "converging" | "stalled";
  readonly phases: ReadonlyMap<string, Phase>;
}

/**
 * What to do next. It promises: nothing that has work is ended; a node is drained before it is ended; while nodes are
 * replaced, `min` of them stay ready if they were; a new version is tried on one node before the others follow; never more
 * than twice `max` machines; nothing is ended that Slurm could not be asked about.
 */
export function plan(facts: World): Plan {
  const world = { ...facts, nodes: facts.nodes.toSorted((one, other) => (one.name < other.name ? -1 : 1)) };
  const phases = new Map(world.nodes.map((node) => [node.name, phaseOf(node, world)]));
  const failures = noteFailures(world, phases);
  const view = new View(world, phases);
  const resumed = resume(view);
  const actions = [
    ...fences(view),
    ...retirements(view),
    ...resumed,
    ...launches(view, failures, resumed.length),
    ...replacements(view),
    ...reductions(view),
  ];
  return { actions, failures, state: stateOf(view, failures, actions), phases };
}

/** The nodes by phase and version. */
class View {
  readonly world: World;
  readonly #phases: ReadonlyMap<string, Phase>;

  constructor(world: World, phases: ReadonlyMap<string, Phase>) {
    this.world = world;
    this.#phases = phases;
  }

  get wanted(): number {
    return this.world.wanted.min;
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

  /** Wanted nodes that are there or on their way. */
  get capacity(): number {
    return this.current("starting", "ready", "lost", "unseen").length;
  }
}

function fences(view: View): Action[] {
  if (!view.world.slurmKnown) return [];
  return view.in("dead").map((node) => ({
    kind: "fence",
    node: node.name,
    reason: node.machine === "dead" ? "machine is gone" : "lost for too long",
  }));
}

/** Nodes that are of no more use and have no work. */
function retirements(view: View): Action[] {
  const failed = view.in("failed").map((node) => retire(node, failureMessage(node, view.world)));
  const unfit = view
    .in("unfit")
    .map((node) => retire(node, node.slurm.state === "drain" ? node.slurm.reason : "unfit"));
  const unborn = view.outdated("starting").map((node) => retire(node, "replaced before it was ready"));
  const keep = resumable(view);
  const leaving = view.in("leaving").filter((node) => !keep.includes(node));
  return [...failed, ...unfit, ...unborn, ...leaving.map((node) => retire(node, "drained"))].filter(
    (action) => !view.world.nodes.some((node) => node.name === action.node && hasWork(node)),
  );
}

function retire(node: PoolNode, reason: string): { kind: "retire"; node: string; reason: string } {
  return { kind: "retire", node: node.name, reason };
}

/** Nodes the pool drained and could use again, the youngest first. */
function resumable(view: View): readonly PoolNode[] {
  const missing = Math.max(0, view.wanted - view.capacity);
  return view.current("leaving").toReversed().slice(0, missing);
}

function resume(view: View): Action[] {
  return resumable(view).map((node) => ({ kind: "resume", node: node.name }));
}

function launches(view: View, failures: Failures, resumed: number): Action[] {
  const { now, nodes, wanted } = view.world;
  if (now < nextLaunchAt(failures)) return [];
  const missing = view.wanted - view.capacity - resumed;
  // What a person holds back is replaced, but within the pool's bound.
  const withinPool = wanted.max - view.capacity - resumed - view.current("held").length;
  const alive = nodes.filter((node) => node.machine === "running").length;
  const room = Math.min(withinPool, 2 * wanted.max - alive);
  // One launch shows whether this version works at all, when there is something to lose or it failed before.
  const proven = view.current("ready").length > 0;
  const untried = !proven && (view.outdated("ready").length > 0 || failures.count > 0);
  const pace = untried ? 1 - view.current("starting", "unseen").length : missing;
  return Array.from({ length: Math.max(0, Math.min(missing, room, pace)) }, () => ({ kind: "launch" }));
}

/** Drains nodes of other versions, as far as enough others are ready. */
function replacements(view: View): Action[] {
  const spare = Math.max(0, view.in("ready").length - view.wanted);
  return idleFirst(view.outdated("ready"))
    .slice(0, spare)
    .map((node) => ({ kind: "drain", node: node.name, reason: "replaced by a new version" }));
}

/** Ends what is more than wanted: first what has not started yet, then idle nodes, the newest first. */
function reductions(view: View): Action[] {
  if (!view.world.slurmKnown || view.outdated("ready").length > 0) return [];
  const surplus = Math.max(0, view.capacity - view.wanted);
  const starting = view.current("starting").toReversed().slice(0, surplus);
  const spare = Math.max(0, Math.min(surplus - starting.length, view.current("ready").length - view.wanted));
  const idle = view.current("ready").filter((node) => !hasWork(node));
  const drains: Action[] = idle
    .toReversed()
    .slice(0, spare)
    .map((node) => ({ kind: "drain", node: node.name, reason: "scale-in" }));
  return [...starting.map((node) => retire(node, "no longer wanted")), ...drains];
}

function idleFirst(nodes: readonly PoolNode[]): readonly PoolNode[] {
  return [...nodes.filter((node) => !hasWork(node)), ...nodes.filter(hasWork)];
}

function hasWork(node: PoolNode): boolean {
  return node.slurm.state !== "absent" && node.slurm.busy;
}

function stateOf(view: View, failures: Failures, actions: readonly Action[]): Plan["state"] {
  const enough = view.current("ready").length >= view.wanted;
  const moving = view.in("starting", "lost", "failed", "dead", "unseen").length > 0;
  const ending = view.in("leaving", "unfit").some((node) => !hasWork(node));
  const outdated = view.outdated("ready").length > 0;
  if (enough && !moving && !ending && !outdated && actions.length === 0) return "steady";
  return isStalled(failures) ? "stalled" : "converging";
}
