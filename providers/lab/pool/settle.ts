import { until } from "../host/wait.ts";
import { UserError, type Work } from "../resource.ts";
import { endOfLog, ensureManager, managerRuns } from "./daemon.ts";
import type { PoolSpec } from "./spec.ts";
import { type NodeStatus, type PoolStatus, readStatus } from "./status.ts";

/** Beside two rounds of boots (a first node of a new image, then the others): ends of old nodes, a busy host. */
const marginMs = 60_000;
/** How often a manager that ends meanwhile is started again. */
const mostRestarts = 3;

/**
 * Waits until at least `min` nodes of the wanted version take work and none of another is left, and says what happens
 * meanwhile. How many more there are is the manager's business alone.
 * @throws UserError with the reason of the node that failed, when launches fail again and again or time is over.
 */
export async function settle(spec: PoolSpec, work: Work): Promise<void> {
  const { labId, name } = spec;
  const timeoutMs = 2 * spec.readyTimeoutSeconds * 1000 + marginMs;
  const story = new Story(work);
  let last: PoolStatus | undefined;
  let restarts = 0;
  const look = async (): Promise<true | undefined> => {
    if (!(await managerRuns(labId, name))) {
      restarts += 1;
      if (restarts > mostRestarts)
        throw new UserError(
          `The manager of pool ${name} ends again and again. Its last words:\n${await endOfLog(labId, name)}`,
        );
      work.warn(`The manager of pool ${name} ended and is started again.`);
      await ensureManager(labId, name);
    }
    const status = await readStatus(labId, name);
    if (status?.generation !== spec.generation) return undefined;
    last = status;
    story.tell(status);
    if (status.state === "stalled")
      throw new UserError(`The pool ${name}: ${countOf(status)}; its launches fail. The last one, ${status.failure}`);
    return status.serves === "yes" ? true : undefined;
  };
  if ((await until(look, { timeoutMs, everyMs: 50, signal: work.signal })) !== undefined) return;
  throw new UserError(`The pool ${name} is not as wanted after ${timeoutMs / 1000} s: ${describe(last)}`);
}

/** Tells each change of a node once. */
class Story {
  readonly #work: Work;
  readonly #told = new Map<string, NodeStatus["phase"]>();
  readonly #began = Date.now();
  #progress = "";

  constructor(work: Work) {
    this.#work = work;
  }

  tell(status: PoolStatus): void {
    for (const node of status.nodes) {
      if (this.#told.get(node.name) === node.phase) continue;
      this.#told.set(node.name, node.phase);
      // What was ready before this wait began is no news.
      if (node.phase === "ready" && Date.parse(node.readyAt ?? node.launchedAt) < this.#began) continue;
      this.#work.info(`node ${node.name}: ${newsOf(node)}`);
    }
    const progress = countOf(status);
    if (progress !== this.#progress) this.#work.progress(progress);
    this.#progress = progress;
  }
}

/** `2 of 3 nodes ready`; while nodes are replaced, with those of before that still serve. */
function countOf({ ready, desired, nodes }: PoolStatus): string {
  const before = nodes.filter((node) => node.phase === "ready" && node.current === "no").length;
  return `${ready} of ${desired} nodes ready${before > 0 ? `, and ${before} of before` : ""}`;
}

function newsOf(node: NodeStatus): string {
  if (node.phase === "ready") {
    const seconds = (Date.parse(node.readyAt ?? node.launchedAt) - Date.parse(node.launchedAt)) / 1000;
    return `${gate(node.verdict)}ready ${seconds.toFixed(1)} s after its launch`;
  }
  if (node.failure !== undefined) return `${node.phase}: ${node.failure}`;
  return node.slurm === undefined ? node.phase : `${node.phase} (${node.slurm})`;
}

/** `gate PASS in 4.1 s, ` when the node's record in Slurm says so. */
function gate(verdict: string | undefined): string {
  const match = /"gate":"(PASS|FAIL)","seconds":([\d.]+)/.exec(verdict ?? "");
  return match === null ? "" : `gate ${match[1]} in ${match[2]} s, `;
}

function describe(status: PoolStatus | undefined): string {
  if (status === undefined) return "its manager did not take the change up";
  const nodes = status.nodes.map((node) => `${node.name} ${newsOf(node)}`).join("; ");
  const reasons = [status.message, status.failure].filter((reason) => reason !== undefined);
  return [countOf(status), nodes, ...reasons].filter((part) => part !== "").join(". ");
}
