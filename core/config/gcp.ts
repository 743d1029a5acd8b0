import { type FieldTable, listOf, matching, type Reader, refuse, type ValuesOf } from "./fields.ts";
import { type MachineTypes, nodeType } from "./machine-types.ts";

/**
 * Machine types that a node may be asked to be, and those that are asked for by mistake. Families that boot from Hyperdisk
 * alone (c4, n4, c4a) are not among them: the disks here are pd-balanced.
 * https://cloud.google.com/compute/docs/machine-resource
 */
export const gcpMachineTypes = {
  "c3-highcpu-8": { cpus: 8, memoryGib: 16 },
  "c3-standard-8": { cpus: 8, memoryGib: 32 },
  "c3d-highcpu-8": { cpus: 8, memoryGib: 16 },
  "c3d-standard-8": { cpus: 8, memoryGib: 32 },
  "n2-standard-8": { cpus: 8, memoryGib: 32 },
  "n2d-standard-8": { cpus: 8, memoryGib: 32 },
  "e2-standard-8": { cpus: 8, memoryGib: 32 },
  "c3-highcpu-4": { cpus: 4, memoryGib: 8 },
  "n2-highcpu-8": { cpus: 8, memoryGib: 8 },
  "n2d-highcpu-8": { cpus: 8, memoryGib: 8 },
  "e2-highcpu-8": { cpus: 8, memoryGib: 8 },
} as const satisfies MachineTypes;

const member = matching(
  /^(user|group|serviceAccount):[^\s@]+@[^\s@]+$/,
  'members of IAM, for example ["user:ada@example.org"]',
);

const zoneRule = 'one to four zones of one region, for example ["us-central1-a", "us-central1-b", "us-central1-c"]';
const zoneList = listOf(matching(/^[a-z]+-[a-z]+[0-9]+-[a-z]$/, zoneRule), zoneRule);
const zonesOfOneRegion: Reader<readonly string[]> = (given) => {
  const reading = zoneList(given);
  if (!reading.ok) return reading;
  const zones = new Set(reading.value);
  const regions = new Set(reading.value.map(regionOf));
  return regions.size === 1 && zones.size === reading.value.length && zones.size <= 4 ? reading : refuse(zoneRule);
};

/** Settings of a stack on Google Cloud. */
export const gcpFields = {
  project: [
    matching(/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/, 'the id of a project, for example "logos-proofs"'),
    "",
    "needed",
  ],
  /** The names of Google's own agents in the project are made of it. */
  projectNumber: [
    matching(/^[0-9]{6,20}$/, "the number of that project, as text (`gcloud projects describe PROJECT`)"),
    "",
    "needed",
  ],
  /** Zones of one region: the pool spans them, and machines that exist once stand in the first. */
  zones: [zonesOfOneRegion, ["us-central1-a", "us-central1-b", "us-central1-c"]],
  nodeType: [nodeType(gcpMachineTypes), "c3-highcpu-8"],
  /** What machines are born from. A family would be another image each month, so it is one image, by its own name. */
  baseImage: [
    matching(
      /^projects\/[a-z][a-z0-9-]+\/global\/images\/(?!family\/)[a-z][a-z0-9-]+$/,
      "one image, never a family: " +
        "`gcloud compute images describe-from-family ubuntu-2404-lts-amd64 --project ubuntu-os-cloud` names the newest " +
        'as "projects/ubuntu-os-cloud/global/images/NAME"',
    ),
    "",
    "needed",
  ],
  /** Who may open a tunnel to the bastion, read the stores, and act as the publisher of the cache. */
  operators: [listOf(member, 'members of IAM, for example ["user:ada@example.org"]'), []],
  billingAccount: [
    matching(/^[0-9A-F]{6}-[0-9A-F]{6}-[0-9A-F]{6}$/, 'the billing account, for example "01ABCD-23EF45-67890A"'),
    "",
    "needed",
  ],
} as const satisfies FieldTable;

export type GcpSettings = ValuesOf<typeof gcpFields>;

/** The region that a zone lies in. */
export function regionOf(zone: string): string {
  return zone.replace(/-[a-z]$/, "");
}
