import { readdirSync, readFileSync } from "node:fs";
import { readIfThere } from "./files.ts";
import { until } from "./wait.ts";

/** A process as no later one can be: its number alone is used again by the kernel, its start time is not. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks from the boot of the host to the start of the process. */
  readonly startTime: string;
}

/** Identity of a running process, or undefined when there is none (or only its remains, a zombie). */
export function identityOf(pid: number): ProcessIdentity | undefined {
  const fields = statFields(pid);
  const [state, startTime] = [fields?.[0], fields?.[19]];
  if (state === undefined || startTime === undefined || state === "Z" || state === "X") return undefined;
  return { pid, startTime };
}

export function isAlive(identity: ProcessIdentity): boolean {
  return identityOf(identity.pid)?.startTime === identity.startTime;
}

/** Sends a signal to this very process; false when it is gone. */
export function signalProcess(identity: ProcessIdentity, signal: NodeJS.Signals): boolean {
  if (!isAlive(identity)) return false;
  try {
    return process.kill(identity.pid, signal);
  } catch {
    return false;
  }
}

/** Waits for the end of a process; false when it still runs after that time. */
export async function ended(identity: ProcessIdentity, timeoutMs: number): Promise<boolean> {
  return (await until(() => (isAlive(identity) ? undefined : true), { timeoutMs })) ?? false;
}

/** Process ids of the children, whichever of its threads started them, in order. */
export function childrenOf(pid: number): number[] {
  return threadsOf(pid)
    .flatMap((thread) => (readProc(`/proc/${pid}/task/${thread}/children`) ?? "").split(" "))
    .filter(Boolean)
    .map(Number)
    .toSorted((one, other) => one - other);
}

function threadsOf(pid: number): readonly string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

/** The identity that a process wrote into a file as `PID START`, or undefined when there is none. */
export async function recordedProcess(file: string): Promise<ProcessIdentity | undefined> {
  const match = /^(\d+) (\d+)\s*$/.exec((await readIfThere(file)) ?? "");
  const [pid, startTime] = [match?.[1], match?.[2]];
  return pid === undefined || startTime === undefined ? undefined : { pid: Number(pid), startTime };
}

/** Fields of /proc/PID/stat from the third on; the second, the name, may hold spaces and brackets. */
function statFields(pid: number): string[] | undefined {
  const stat = readProc(`/proc/${pid}/stat`);
  return stat?.slice(stat.lastIndexOf(")") + 2).split(" ");
}

export function readProc(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
