import { Malformed } from "../json.ts";

/** Arguments of `squeue` whose answer {@link parseRequeued} reads. */
export const requeuedArguments = ["--noheader", "--states=PENDING", "--Format=JobID:|,RestartCnt:|,Reason:|"] as const;

/** What Slurm gives as the reason of a job that waits for its time: at once, and after the scheduler looked at it. */
const heldBack = ["None", "BeginTime"];

/**
 * Job ids that wait only because they were requeued: Slurm holds such a job back for two minutes, the lifetime of its old
 * credential, which says nothing about a machine that is known to be dead.
 * @throws Malformed on a line of another shape.
 */
export function parseRequeued(text: string): readonly string[] {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return lines.flatMap((line) => {
    const [id, restarts, reason] = line.split("|").map((field) => field.trim());
    if (
      id === undefined ||
      restarts === undefined ||
      reason === undefined ||
      !/^\d+$/.test(id) ||
      !/^\d+$/.test(restarts)
    )
      throw new Malformed("squeue", [`line ${JSON.stringify(line)} is not id|restarts|reason`]);
    return Number(restarts) > 0 && heldBack.includes(reason) ? [id] : [];
  });
}
