/**
 * How a job's output reaches the control plane, where it outlives the node: the job's own program on the node puts it there
 * piece by piece over HTTP. Only the node on which Slurm runs this very attempt is heard.
 */

/** TCP port of the control plane that takes output and records of jobs. */
export const jobLogPort = 6830;

/** Where the control plane keeps them: one folder for each job, `<attempt>.out` and `<attempt>.json` in it. */
export const jobLogFolder = "/var/lib/logos-jobs";

/** Bytes of output that are kept of one attempt; the rest stays on the node alone. */
export const outputLimit = 8 * 1024 * 1024;

/** Bytes of one piece. */
export const pieceLimit = 256 * 1024;

/** Bytes of all that is kept; beyond it the oldest jobs go. The control plane's disk has 8 GiB. */
export const keptLimit = 1024 * 1024 * 1024;

export interface Piece {
  readonly job: number;
  readonly attempt: number;
  readonly part: "output" | "record";
  /** First byte of a piece of output. */
  readonly offset: number;
}

export function pathOf({ job, attempt, part, offset }: Piece): string {
  return `/jobs/${job}/${attempt}/${part}${part === "output" ? `?offset=${offset}` : ""}`;
}

/** Undefined for every other path. */
export function parsePath(path: string): Piece | undefined {
  const found = /^\/jobs\/([1-9]\d{0,9})\/(\d{1,4})\/(?:(output)\?offset=(\d{1,12})|(record))$/.exec(path);
  if (found === null) return undefined;
  const [, job, attempt, output, offset] = found;
  return {
    job: Number(job),
    attempt: Number(attempt),
    part: output === undefined ? "record" : "output",
    offset: Number(offset ?? 0),
  };
}

/** What Slurm says of a job, as far as it decides who may write for it. */
export interface Allocation {
  readonly state: string;
  readonly restarts: number;
  /** Address of the one node that the job is on; empty for none. */
  readonly address: string;
}

/** `later`: it cannot be told yet. `never`: this attempt is over, and whoever speaks for it must stop. */
export function mayWrite(piece: Piece, from: string, found: Allocation | undefined): "yes" | "later" | "never" {
  if (found === undefined) return "later";
  if (found.restarts > piece.attempt) return "never";
  if (found.restarts < piece.attempt) return "later";
  if (found.state === "PENDING") return "later";
  if (found.address === "" || found.address !== from) return "never";
  return "yes";
}
