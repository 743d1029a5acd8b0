/** What a person may ask the pool to run. `command` is anything that is none of the others. */
export const jobClasses = ["rebuild", "boot", "stress", "command"] as const;
export type JobClass = (typeof jobClasses)[number];

export interface ClassRules {
  readonly what: string;
  /** Slots where the person asks for none. */
  readonly cpus: number;
  /** Minutes after which the scheduler ends it, where the person says nothing. */
  readonly minutes: number;
  /** One at a time in the whole pool: the next waits until the one before has ended (Slurm's `singleton`). */
  readonly serial: boolean;
  /** It works on the workload at a commit, in a clean checkout of its own. */
  readonly takesCommit: boolean;
}

export const classRules: Readonly<Record<JobClass, ClassRules>> = {
  // 15 minutes: the compute plan's bound of one rebuild; it takes seconds.
  rebuild: {
    what: "rebuilds and checks every proof in a clean checkout of its own",
    cpus: 1,
    minutes: 15,
    serial: false,
    takesCommit: true,
  },
  // As TimeoutStartSec of logos-agent.service. Boots share a state folder, and its audit log has one writer at a time.
  boot: {
    what: "boots the aligned agent in a clean checkout and adds to the audit log; one at a time",
    cpus: 1,
    minutes: 20,
    serial: true,
    takesCommit: true,
  },
  stress: {
    what: "runs the workload's stress harness, scripts/stress_sop_runtime.py, where the commit has one",
    cpus: 1,
    minutes: 60,
    serial: false,
    takesCommit: true,
  },
  command: { what: "runs a command", cpus: 1, minutes: 60, serial: false, takesCommit: false },
};

/** The longest a person may ask for, in minutes: what a node that is to leave has to wait for is bounded by it. */
export const longestMinutes = 24 * 60;

/** Tasks of one array: far below Slurm's own bound (MaxArraySize 1001), and a queue that people can still read. */
export const longestArray = 500;
