import { digestPattern, machineNamePattern, machineNameRule } from "../../../core/lab/names.ts";
import { labPaths, machinePaths } from "../../../core/lab/paths.ts";
import { type Group, groups } from "../../../core/lab/resources.ts";
import { namesIn, readJson, writeJson } from "../host/files.ts";
import { root } from "../host/root.ts";
import { choice, integer, list, object, optional, pattern, text } from "../shape.ts";

/** A file of the host that a machine sees as the block device /dev/logos-<device>. */
export interface Disk {
  readonly file: string;
  readonly device: string;
}

/**
 * What the lab wrote down about a machine before it made it: the intent, by which a killed run is finished or cleaned up.
 * It holds no secret.
 */
export interface MachineIntent {
  readonly name: string;
  readonly group: Group;
  readonly imageId: string;
  readonly instanceId: string;
  readonly address: string;
  readonly cpus: number;
  readonly memoryMb: number;
  readonly diskMb: number;
  readonly disks: readonly Disk[];
  /** Digest of the image that was captured from this machine. It is powered off and stays so. */
  readonly capturedAs?: string | undefined;
}

export const imageIdPattern = /^(?:base|image):[0-9a-f]{64}$/;
export const imageIdRule = '"base:" or "image:" and a digest of 64 hex digits';
export const devicePattern = /^[a-z][a-z0-9-]{0,30}$/;
export const deviceRule = "lower-case letters, digits and hyphens that begin with a letter";

const shape = object<MachineIntent>({
  name: pattern(machineNamePattern, machineNameRule),
  group: choice(groups),
  imageId: pattern(imageIdPattern, imageIdRule),
  instanceId: text(),
  address: text(),
  cpus: integer(1, 1024),
  memoryMb: integer(1, 2 ** 30),
  diskMb: integer(1, 2 ** 30),
  disks: list(object<Disk>({ file: text(), device: pattern(devicePattern, deviceRule) })),
  capturedAs: optional(pattern(digestPattern, "64 hex digits")),
});

export function readIntent(labId: string, name: string): Promise<MachineIntent | undefined> {
  return readJson(machinePaths(root, labId, name).record, shape);
}

export function writeIntent(labId: string, intent: MachineIntent): Promise<void> {
  return writeJson(machinePaths(root, labId, intent.name).record, intent);
}

/** All machines of a lab that were begun and not removed. */
export async function intentsOf(labId: string): Promise<MachineIntent[]> {
  const names = await namesIn(labPaths(root, labId).machines);
  const intents = await Promise.all(names.map((name) => readIntent(labId, name)));
  return intents.filter((intent) => intent !== undefined);
}
