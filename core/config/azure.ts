import { type FieldTable, listOf, matching, oneOf, type Reader, type ValuesOf } from "./fields.ts";
import { type MachineTypes, nodeType } from "./machine-types.ts";

/**
 * Sizes that a node may be asked to have, and one that is asked for by mistake. All are x86_64, for Gen2 images with SCSI
 * disks, and take Trusted Launch and encryption at host: sizes of v6 and later want an image for NVMe.
 * None has a temporary disk: a node's one disk beside the system's is its cache.
 * https://learn.microsoft.com/azure/virtual-machines/sizes/overview
 */
export const azureNodeTypes = {
  Standard_D8ls_v5: { cpus: 8, memoryGib: 16 },
  Standard_D8s_v5: { cpus: 8, memoryGib: 32 },
  Standard_D4ls_v5: { cpus: 4, memoryGib: 8 },
} as const satisfies MachineTypes;

function guid(meaning: string): Reader<string> {
  return matching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, `${meaning}, as 8-4-4-4-12 lower-case hex digits`);
}

/** Settings of target `azure`. Identifiers are given rather than looked up, so that a preview needs no more than it says. */
export const azureFields = {
  subscription: [guid("the subscription's id"), "", "needed"],
  tenant: [guid("the id of the Entra tenant"), "", "needed"],
  region: [matching(/^[a-z]+[a-z0-9]*$/, 'a region, for example "westeurope"'), "", "needed"],
  /** The pool spreads over them; single machines stand in the first. */
  zones: [
    listOf(oneOf(["1", "2", "3"]), "a list of zones, each 1, 2 or 3; empty where the region has none"),
    ["1", "2", "3"],
  ],
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
  nodeType: [nodeType(azureNodeTypes), "Standard_D8ls_v5"],
  /**
   * Fixed, since a budget cannot move its start: one made on each run would differ on each. A month, as YAML would make
   * a date of a day.
   */
  budgetStart: [
    matching(/^20\d{2}-(0[1-9]|1[0-2])$/, 'the month in which the budget begins, for example "2026-11"'),
    "",
    "needed",
  ],
} as const satisfies FieldTable;

export type AzureSettings = ValuesOf<typeof azureFields>;
