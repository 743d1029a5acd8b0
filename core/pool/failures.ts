import { failureMessage, type Phase } from "./phase.ts";
import { type Failures, noFailures, type World } from "./world.ts";

/** As many failed launches in a row call the version stalled: it is then tried only now and then. */
export const stalledAfter = 3;

const firstPause = 5_000;
const longestPause = 300_000;

/** Adds the failures that can be seen now, and forgets all once a node of the wanted version became ready after the last. */
export function noteFailures(world: World, phases: ReadonlyMap<string, Phase>): Failures {
  const { version } = world.wanted;
  const before = world.failures.version === version ? world.failures : { ...noFailures, version };
  const current = world.nodes.filter((node) => node.version === version);
  const failed = current.filter((node) => node.readyAt === undefined && isOver(phases.get(node.name)));
  const news = failed.filter((node) => !before.nodes.includes(node.name));
  const nodes = failed.map((node) => node.name);
  const last = news.at(-1);
  if (last !== undefined) {
    const lastMessage = `node ${last.name}: ${failureMessage(last, world)}`;
    return { version, count: before.count + news.length, nodes, lastAt: world.now, lastMessage };
  }
  const recovered = current.some((node) => node.readyAt !== undefined && node.readyAt >= before.lastAt);
  return recovered ? { ...noFailures, version, nodes } : { ...before, nodes };
}

function isOver(phase: Phase | undefined): boolean {
  return phase === "failed" || phase === "dead";
}

export function isStalled(failures: Failures): boolean {
  return failures.count >= stalledAfter;
}

/** When the next launch may be tried: 5 s after the first failure, twice as long after each further one, at most 5 min. */
export function nextLaunchAt(failures: Failures): number {
  if (failures.count === 0) return 0;
  return failures.lastAt + Math.min(longestPause, firstPause * 2 ** Math.min(failures.count - 1, 10));
}
