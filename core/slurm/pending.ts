import { Malformed } from "../json.ts";

/** Arguments of `squeue` whose answer {@link parsePending} reads: one line for each job that waits, and for each task of an array. */
export const pendingArguments = [
  "--noheader",
  "--array",
  "--states=PENDING",
  "--Format=JobArrayID:|,tres-alloc:|,NumNodes:|,cpus-per-task:|,OverSubscribe:|,feature:|,RestartCnt:|,ReqNodes:|,Reason:|",
] as const;

/** A job that waits, or one task of an array, and what it asks for. */
export interface PendingJob {
  /** `17`, or `17_3` for a task of an array. */
  readonly id: string;
  /** In all, over its nodes. */
  readonly cpus: number;
  readonly memoryMb: number;
  /** The fewest nodes it can run on. */
  readonly nodes: number;
  readonly cpusPerTask: number;
  /** It shares no node with another job. */
  readonly exclusive: boolean;
  /** Features it asks for, as it was given them; empty for none. */
  readonly constraint: string;
  /** How often it was requeued. */
  readonly restarts: number;
  /** Nodes it is pinned to; empty for most jobs. */
  readonly pinnedTo: string;
  /** Why Slurm has not started it, in Slurm's words. */
  readonly reason: string;
}

/**
 * Reads the answer of `squeue` with {@link pendingArguments}.
 * @throws Malformed on a line of another shape, so that a broken answer is never taken for an empty queue.
 */
export function parsePending(text: string): readonly PendingJob[] {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return lines.map(readLine);
}

function readLine(line: string): PendingJob {
  const [id = "", tres = "", nodes, perTask, shared, constraint, restarts, pinnedTo, reason] = line
    .split("|")
    .map((field) => field.trim());
  const cpus = /(?:^|,)cpu=(\d+)/.exec(tres)?.[1];
  const numbers = [cpus, nodes, perTask, restarts].map((field) => (/^\d+$/.test(field ?? "") ? Number(field) : -1));
  const [cpuCount = -1, nodeCount = -1, cpusPerTask = -1, restartCount = -1] = numbers;
  if (!/^\d+(?:_\d+)?$/.test(id) || numbers.includes(-1) || pinnedTo === undefined || reason === undefined)
    throw new Malformed("squeue", [`line ${JSON.stringify(line)} is not a waiting job`]);
  return {
    id,
    cpus: cpuCount,
    memoryMb: memoryOf(tres),
    nodes: Math.max(1, nodeCount),
    cpusPerTask: Math.max(1, cpusPerTask),
    exclusive: shared === "NO",
    constraint: constraint === "(null)" ? "" : (constraint ?? ""),
    restarts: restartCount,
    pinnedTo,
    reason,
  };
}

const mebibytes: Readonly<Record<string, number>> = { K: 1 / 1024, M: 1, G: 1024, T: 1024 ** 2 };

/** `mem=2918M` of a list of resources, in MiB; 0 when the job asks for none. */
function memoryOf(tres: string): number {
  const match = /(?:^|,)mem=(\d+(?:\.\d+)?)([KMGT])/.exec(tres);
  return match === null ? 0 : Math.ceil(Number(match[1]) * (mebibytes[match[2] ?? "M"] ?? 1));
}
