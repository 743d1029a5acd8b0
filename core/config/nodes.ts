import { nodeFloor } from "../guardrails.ts";
import { awsNodeTypes } from "./aws.ts";
import { azureNodeTypes } from "./azure.ts";
import { type FieldTable, wholeNumber } from "./fields.ts";
import { gcpMachineTypes } from "./gcp.ts";
import type { MachineType } from "./machine-types.ts";
import type { Place } from "./place.ts";
import { defaults } from "./schema.ts";

/** Fields of the key `node`: on a cloud, CPUs and memory are its machine type's, and disks have a least size. */
export function nodeFields(place: Place) {
  const type = machineTypeOf(place);
  if (type === undefined) {
    return {
      cpus: [wholeNumber(1, 64, "CPUs"), defaults.node.cpus],
      memoryMb: [wholeNumber(1024, 262_144, "MiB"), defaults.node.memoryMb],
      diskGb: [wholeNumber(4, 1024, "GiB"), defaults.node.diskGb],
      cacheGb: [wholeNumber(1, 1024, "GiB"), defaults.node.cacheGb],
    } as const satisfies FieldTable;
  }
  const memoryMb = seenMemoryMb(type);
  return {
    cpus: [wholeNumber(type.cpus, type.cpus, "CPUs: the machine type says how many"), type.cpus],
    memoryMb: [wholeNumber(memoryMb, memoryMb, "MiB: the machine type says how much"), memoryMb],
    diskGb: [wholeNumber(nodeFloor.diskGb, 1024, "GiB"), nodeFloor.diskGb],
    cacheGb: [wholeNumber(nodeFloor.cacheGb, 1024, "GiB"), nodeFloor.cacheGb],
  } as const satisfies FieldTable;
}

/** Undefined where machines are of no vendor's type. */
function machineTypeOf(place: Place): MachineType | undefined {
  switch (place.target) {
    case "lab":
    case "metal":
      return undefined;
    case "azure":
      return azureNodeTypes[place.azure.nodeType];
    case "aws":
      return awsNodeTypes[place.aws.nodeType];
    case "gcp":
      return gcpMachineTypes[place.gcp.nodeType];
  }
}

/**
 * MiB that a machine sees at least: one of 16 GiB shows 15.57 GiB as MemTotal, and a job that asks for the sixteenth part
 * too never starts.
 */
function seenMemoryMb({ memoryGib }: MachineType): number {
  return Math.floor((memoryGib * 1024 * 15) / 16);
}
