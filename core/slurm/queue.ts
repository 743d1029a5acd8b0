import { Malformed } from "../json.ts";

/** Arguments of `squeue` whose answer {@link parseWaiting} reads. */
export const waitingArguments = [
  "--noheader",
  "--states=PENDING",
  "--Format=JobID:|,RestartCnt:|,ReqNodes:|,Reason:|",
] as const;

/** A job that waits. */
export interface WaitingJob {
  readonly id: string;
  /** Nodes it was pinned to (`--nodelist`), as Slurm writes a list of them; empty for most jobs. */
  readonly pinnedTo: string;
  /**
   * It waits only because it was requeued: Slurm holds such a job back for two minutes, the lifetime of its old
   * credential, which says nothing about a machine that is known to be dead.
   */
  readonly heldBack: boolean;
}

/**
 * Reads the jobs that wait.
 * @throws Malformed on a line of another shape.
 */
export function parseWaiting(text: string): readonly WaitingJob[] {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return lines.map((line) => {
    const [id = "", restarts = "", pinnedTo, reason] = line.split("|").map((field) => field.trim());
    if (!/^\d+$/.test(id) || !/^\d+$/.test(restarts) || pinnedTo === undefined || reason === undefined)
      throw new Malformed("squeue", [`line ${JSON.stringify(line)} is not id|restarts|nodes|reason`]);
    return { id, pinnedTo, heldBack: Number(restarts) > 0 && reasonsOfTime.includes(reason) };
  });
}

/** What Slurm gives as the reason of a job that waits for its time: at once, and after the scheduler looked at it. */
const reasonsOfTime = ["None", "BeginTime"];
