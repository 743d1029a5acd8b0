function range(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

/** First and last port of `srun` (SrunPortRange): 4 ports and 2 more per 48 tasks of one interactive job, for about ten at a time. */
export const srunPortRange = { first: 60001, last: 60063 } as const;

/** TCP ports of Slurm. `srun` listens on its ports where a person runs it; nodes connect to them. */
export const slurmPorts = {
  controller: 6817,
  node: 6818,
  srun: range(srunPortRange.first, srunPortRange.last),
} as const;
