import { createHash } from "node:crypto";

/**
 * Names that the lab gives to things of the host. They follow from the lab's and the machine's name alone, so that a
 * second run finds what the first one made, and all of one lab share a prefix, so that cleanup finds nothing else.
 */

export const labIdPattern = /^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/;
export const labIdRule = "1 to 32 lower-case letters, digits and hyphens, with no hyphen at either end";

/** A host name; also a folder name and a Slurm node name. */
export const machineNamePattern = /^[a-z](?:[a-z0-9-]{0,38}[a-z0-9])?$/;
export const machineNameRule =
  "1 to 40 lower-case letters, digits and hyphens that begin with a letter and end with none";

/** Digest of a recipe or a base: sha256 in lower-case hex. */
export const digestPattern = /^[0-9a-f]{64}$/;

/** Name of the lab's bridge; the kernel takes 15 characters. */
export function bridgeName(labId: string): string {
  return `lg-${sha256(labId).slice(0, 8)}`;
}

/** Name of the lab's nftables table, in the bridge family. */
export function tableName(labId: string): string {
  return `logos_${sha256(labId).slice(0, 8)}`;
}

/** Name that systemd-nspawn knows a machine by: 12 characters, so that `vb-` and the name fill an interface name. */
export function machineId(labId: string, name: string): string {
  return labPart(labId) + base36(`${labId}/${name}`, 7);
}

/** What the names of all machines of a lab begin with. */
export function machineIdPrefix(labId: string): string {
  return labPart(labId);
}

/** The machine's end of its network cable on the host, as systemd-nspawn names it. */
export function portName(labId: string, name: string): string {
  return `vb-${machineId(labId, name)}`;
}

/** What the names of all ports of a lab begin with. */
export function portPrefix(labId: string): string {
  return `vb-${labPart(labId)}`;
}

/** The cgroup of a machine, below each controller's mount. */
export function machineCgroup(labId: string, name: string): string {
  return `${labCgroup(labId)}/${name}`;
}

/** The cgroup that holds those of all machines of a lab. */
export function labCgroup(labId: string): string {
  return `logos-lab/${labId}`;
}

function labPart(labId: string): string {
  return base36(labId, 5);
}

function base36(text: string, length: number): string {
  const number = BigInt(`0x${sha256(text)}`) % 36n ** BigInt(length);
  return number.toString(36).padStart(length, "0");
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
