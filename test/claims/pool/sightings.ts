import { readdirSync, readFileSync } from "node:fs";

/** Stands in the command line of every job of these claims, and of nothing else. */
export const marker = `logos-claim-${process.pid}`;

/** A job's process, as the host's kernel has it: what really runs, whatever anybody says. */
export interface Sighting {
  readonly pid: number;
  readonly job: number;
  /** 0 for the first start. */
  readonly attempt: number;
  readonly node: string;
  /** Milliseconds since 1970, to 10 ms. */
  readonly startedAt: number;
  /** Frozen by a signal: there, and not at work. */
  readonly stopped: boolean;
}

/** Clock ticks a second in /proc: the kernel's own unit for it, on every machine. */
const ticks = 100;

/** All processes of these claims' jobs on this host, in whatever machine. */
export function sightings(): readonly Sighting[] {
  return readdirSync("/proc").flatMap((entry) => (/^\d+$/.test(entry) ? look(Number(entry)) : []));
}

function look(pid: number): readonly Sighting[] {
  const commandLine = read(pid, "cmdline");
  if (!commandLine.startsWith("/bin/bash\0-c\0") || !commandLine.endsWith(`\0${marker}\0`)) return [];
  const environment = new Map(
    read(pid, "environ")
      .split("\0")
      .map((entry): [string, string] => [entry.slice(0, entry.indexOf("=")), entry.slice(entry.indexOf("=") + 1)]),
  );
  // Fields after the program's name, which may hold anything: the state is the first, the start the twentieth.
  const stat = read(pid, "stat");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state] = fields;
  const job = Number(environment.get("SLURM_JOB_ID"));
  if (!Number.isInteger(job) || state === undefined || state === "Z" || state === "X") return [];
  return [
    {
      pid,
      job,
      attempt: Number(environment.get("SLURM_RESTART_COUNT") ?? 0),
      node: environment.get("SLURMD_NODENAME") ?? "",
      startedAt: Date.now() - uptime() * 1000 + (Number(fields[19]) / ticks) * 1000,
      stopped: state === "T" || state === "t",
    },
  ];
}

function uptime(): number {
  return Number(readFileSync("/proc/uptime", "utf8").split(" ")[0]);
}

function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    // It has ended meanwhile.
    return "";
  }
}

/** Looks again and again whether two attempts of one job are at work at once, or an old one after a new one began. */
export class DoubleWatch {
  readonly #newest = new Map<number, number>();
  readonly #violations = new Set<string>();
  readonly #timer: NodeJS.Timeout;
  looks = 0;

  constructor(everyMs = 100) {
    // A claim that breaks before its end must not be kept alive by its watch.
    this.#timer = setInterval(() => this.#look(), everyMs).unref();
  }

  /** Ends the watch. @returns what it saw, in words; empty when no job ran twice */
  end(): readonly string[] {
    clearInterval(this.#timer);
    this.#look();
    return [...this.#violations];
  }

  #look(): void {
    this.looks += 1;
    const now = sightings();
    for (const { job, attempt } of now) this.#newest.set(job, Math.max(attempt, this.#newest.get(job) ?? 0));
    for (const { job, attempt, node, stopped } of now) {
      const newest = this.#newest.get(job) ?? attempt;
      if (attempt < newest && !stopped)
        this.#violations.add(`job ${job}: attempt ${attempt + 1} at work on ${node} after attempt ${newest + 1} began`);
    }
  }
}
