/**
 * Exit codes of `logos` and of the programs it calls on the control plane, as sysexits(3) has them: away from the small ones,
 * because with `--wait` the exit code is the job's own.
 */
export const exitCodes = {
  /** Wrong call. */
  usage: 64,
  /** Understood and refused, with the reason; nothing was changed. */
  refused: 65,
  /** Something does not answer; the same call may be made again. */
  unavailable: 69,
  /** Ctrl-C: nothing waits any longer, and the job goes on. */
  interrupted: 130,
} as const;
