import { nodeFloor } from "../guardrails.ts";
import { accept, type Reader, refuse } from "./fields.ts";

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

function isEnough({ cpus, memoryGib }: MachineType): boolean {
  return cpus >= nodeFloor.cpus && memoryGib >= nodeFloor.memoryGib;
}
