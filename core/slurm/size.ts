/**
 * Memory that Slurm may hand out on a machine of `memoryMb` MiB: 95 %, so that a replacement whose kernel shows a little
 * less than its predecessor still registers instead of being drained as too small.
 */
export function schedulableMemoryMb(memoryMb: number): number {
  return Math.floor(memoryMb * 0.95);
}
