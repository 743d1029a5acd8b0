import { Disk } from "@pulumi/gcp/compute/disk.js";
import { DiskResourcePolicyAttachment } from "@pulumi/gcp/compute/diskResourcePolicyAttachment.js";
import { ResourcePolicy } from "@pulumi/gcp/compute/resourcePolicy.js";
import type * as pulumi from "@pulumi/pulumi";
import type { GcpContext } from "./context.ts";
import type { UsableKey } from "./keys.ts";

/** The scheduler's state and its records of jobs: some hundred MB a year. The smallest disk that pd-balanced comes in. */
const stateDiskGb = 10;
const keptDays = 14;

/** The disk of the control plane's state, with a snapshot each night. */
export function declareStateDisk(
  name: string,
  key: UsableKey,
  keep: boolean,
  parent: pulumi.Resource,
  context: GcpContext,
): Disk {
  const { project, region, zone, labels } = context;
  const kept = { parent, protect: keep };
  const disk = new Disk(
    context.logical(name),
    {
      project,
      zone,
      size: stateDiskGb,
      type: "pd-balanced",
      diskEncryptionKey: { kmsKeySelfLink: key.id },
      labels,
    },
    { ...kept, dependsOn: [key.usable] },
  );
  const nightly = new ResourcePolicy(
    context.logical(name, "nightly"),
    {
      project,
      region,
      snapshotSchedulePolicy: {
        schedule: { dailySchedule: { daysInCycle: 1, startTime: "03:00" } },
        retentionPolicy: { maxRetentionDays: keptDays, onSourceDiskDelete: "APPLY_RETENTION_POLICY" },
        snapshotProperties: { labels, storageLocations: region },
      },
    },
    kept,
  );
  new DiskResourcePolicyAttachment(`${name}-nightly`, { project, zone, disk: disk.name, name: nightly.name }, kept);
  return disk;
}
