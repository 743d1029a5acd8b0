import { nodeFloor } from "../guardrails.ts";
import { accept, type FieldTable, type Reader, refuse, wholeNumber } from "./fields.ts";
import type { Place } from "./place.ts";
import { defaults } from "./schema.ts";

/** A machine type as its cloud describes it. */
export interface MachineType {
  readonly cpus: number;
  readonly memoryGib: number;
}
export type MachineTypes = Readonly<Record<string, MachineType>>;

/** A type that a node may be: known here, so that nobody has to trust a name, and as large as the guardrails ask. */
export function nodeType<const T extends MachineTypes>(types: T): Reader<keyof T & string> {
  const isKnown = (name: string): name is keyof T & string => Object.hasOwn(types, name);
  const enough = Object.entries(types).filter(([, type]) => isEnough(type));
  const list = `${enough.map(([name]) => name).join(", ")} (at least ${nodeFloor.cpus} CPUs and ${nodeFloor.memoryGib} GiB)`;
  return (given) => {
    if (typeof given !== "string" || !isKnown(given)) return refuse(list);
    const type: MachineType | undefined = types[given];
    if (type !== undefined && isEnough(type)) return accept(given);
    return refuse(`${list}; ${given} has ${type?.cpus} CPUs and ${type?.memoryGib} GiB`);
  };
}

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
      return undefined;
  }
}

/**
 * MiB that a machine sees at least: one of 16 GiB shows 15.57 GiB as MemTotal, and a job that asks for the sixteenth part
 * too never starts.
 */
function seenMemoryMb({ memoryGib }: MachineType): number {
  return Math.floor((memoryGib * 1024 * 15) / 16);
}

function isEnough({ cpus, memoryGib }: MachineType): boolean {
  return cpus >= nodeFloor.cpus && memoryGib >= nodeFloor.memoryGib;
}
