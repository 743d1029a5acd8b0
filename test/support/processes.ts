import { childrenOf, identityOf, type ProcessIdentity, readProc } from "../../providers/lab/host/process.ts";

export interface Relative extends ProcessIdentity {
  /** Words of the command line, joined by blanks. */
  readonly commandLine: string;
}

/** A process and all that it started, as they are now. */
export function familyOf(pid: number): readonly Relative[] {
  const identity = identityOf(pid);
  if (identity === undefined) return [];
  const commandLine = (readProc(`/proc/${pid}/cmdline`) ?? "").replaceAll("\0", " ").trim();
  return [{ ...identity, commandLine }, ...childrenOf(pid).flatMap(familyOf)];
}
