/**
 * What the remote commands of the program answer on simulated machines, by the end of their names in the program. A command that is
 * not here is refused, so that none goes unnoticed.
 */
export interface ScriptedCommand {
  readonly name: RegExp;
  /** Standard output. */
  readonly says: string;
}

export const scriptedCommands: readonly ScriptedCommand[] = [
  { name: /-ready$/, says: "" },
  { name: /-install$/, says: "" },
  { name: /-prepare$/, says: "" },
  { name: /-activate$/, says: "" },
  { name: /-off$/, says: "" },
  { name: /-workload$/, says: "" },
  { name: /-smoke$/, says: "Overall status: PASS" },
  { name: /-manifest$/, says: "" },
  { name: /-seal$/, says: "" },
  { name: /-spec$/, says: "" },
  { name: /-generalize$/, says: "" },
  // Machines that people own.
  { name: /-(member|stage)$/, says: "" },
  { name: /-credentials$/, says: "" },
  { name: /-admit$/, says: "" },
  { name: /-(stop|start)$/, says: "" },
];
