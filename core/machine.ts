/**
 * The machine record: what a machine is told about itself at birth, by the credential `logos.machine` (JSON).
 * Whoever launches machines renders it; the agent parses it. It holds no secret.
 */
export interface MachineRecord {
  /** Host name; for a pool node also its Slurm node name, never used twice. */
  readonly name: string;
  readonly group: "bastion" | "control" | "builder" | "node";
  readonly instanceId: string;
  readonly address: string;
  /** Slots as the machine truly has them: the limits it was given, not what the host shows. */
  readonly cpus: number;
  readonly memoryMb: number;
  readonly diskMb: number;
  readonly bastionAddress: string;
  readonly controlAddress: string;
  /** Where operators come from, as IPv4 ranges: the only sources the bastion takes SSH from. */
  readonly operatorRanges: readonly string[];
  /** Recipe digest of the image, 64 hex; absent on machines made from a base image. */
  readonly imageDigest?: string;
}
