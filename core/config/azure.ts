import { type FieldTable, listOf, matching, oneOf, type Reader, refuse, type ValuesOf, accept } from "./fields.ts";

/** What a virtual machine size is made of. */
export interface AzureSize {
  readonly cpus: number;
  readonly memoryGb: number;
}

/** The least that a node may have: 8 vCPU and 16 GB (capacity targets of the expansion plan). */
const leastNode: AzureSize = { cpus: 8, memoryGb: 16 };

/**
 * Sizes that were looked at, x86_64, for Gen2 images with SCSI disks, all of which take Trusted Launch and encryption at
 * host (https://learn.microsoft.com/azure/virtual-machines/sizes/overview). Sizes of v6 and later want an image for NVMe.
 */
export const azureSizes: Readonly<Record<string, AzureSize>> = {
  Standard_D2ls_v5: { cpus: 2, memoryGb: 4 },
  Standard_D4ls_v5: { cpus: 4, memoryGb: 8 },
  Standard_D8ls_v5: { cpus: 8, memoryGb: 16 },
  Standard_D8s_v5: { cpus: 8, memoryGb: 32 },
  Standard_D16ls_v5: { cpus: 16, memoryGb: 32 },
  Standard_D16s_v5: { cpus: 16, memoryGb: 64 },
  Standard_F8s_v2: { cpus: 8, memoryGb: 16 },
};

const nodeSizes = Object.keys(azureSizes).filter((name) => !tooSmall(azureSizes[name]));

/** A size that a node may have; a smaller one is refused with its figures. */
const nodeSize: Reader<string> = (given) => {
  const allowed = `one of ${nodeSizes.join(", ")}`;
  if (typeof given !== "string") return refuse(allowed);
  const size = azureSizes[given];
  if (size === undefined) return refuse(`${allowed}: no other size was looked at`);
  return tooSmall(size)
    ? refuse(
        `${allowed}: ${given} has ${size.cpus} vCPU and ${size.memoryGb} GB, a node needs ${leastNode.cpus} and ${leastNode.memoryGb}`,
      )
    : accept(given);
};

function tooSmall(size: AzureSize | undefined): boolean {
  return size === undefined || size.cpus < leastNode.cpus || size.memoryGb < leastNode.memoryGb;
}

function guid(meaning: string): Reader<string> {
  return matching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, `${meaning}, as 8-4-4-4-12 lower-case hex digits`);
}

/** Settings of target `azure`. Identifiers are given rather than looked up, so that a preview needs no more than it says. */
export const azureFields = {
  subscription: [guid("the subscription's id"), "", "needed"],
  tenant: [guid("the id of the Entra tenant"), "", "needed"],
  region: [matching(/^[a-z]+[a-z0-9]*$/, 'a region, for example "westeurope"'), "", "needed"],
  /** The pool spreads over them; single machines stand in the first. */
  zones: [listOf(oneOf(["1", "2", "3"]), "a list of zones, each 1, 2 or 3; empty where the region has none"), ["1", "2", "3"]],
  /** Who may read the stores and administer the vaults. */
  operators: [guid("the object id of the Entra group of the operators"), "", "needed"],
  /** Starts and stops standby nodes; it must be let into the resource groups that it works in. */
  standbyProvider: [
    guid('the object id, in this tenant, of the service principal "Standby Pool Resource Provider"'),
    "",
    "needed",
  ],
  /** Never `latest`: what machines are born from is part of what was reviewed. */
  image: [
    matching(
      /^[A-Za-z0-9_.-]+:[A-Za-z0-9_.-]+:[A-Za-z0-9_.-]+:\d+\.\d+\.\d+$/,
      'a vendor\'s image with its exact version, for example "Canonical:ubuntu-24_04-lts:server:24.04.202510010" ' +
        "(`az vm image list --all --publisher Canonical --offer ubuntu-24_04-lts --sku server` lists them)",
    ),
    "",
    "needed",
  ],
  nodeSize: [nodeSize, "Standard_D8ls_v5"],
  /** Fixed, since a budget cannot move its start: a date made on each run would differ on each. */
  budgetStart: [matching(/^20\d{2}-(0[1-9]|1[0-2])-01$/, 'the first day of a month, for example "2026-11-01"'), "", "needed"],
} as const satisfies FieldTable;

export type AzureSettings = ValuesOf<typeof azureFields>;
