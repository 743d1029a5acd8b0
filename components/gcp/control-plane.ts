import { Disk } from "@pulumi/gcp/compute/disk.js";
import { DiskResourcePolicyAttachment } from "@pulumi/gcp/compute/diskResourcePolicyAttachment.js";
import { ResourcePolicy } from "@pulumi/gcp/compute/resourcePolicy.js";
import type * as pulumi from "@pulumi/pulumi";
import { ControlPlane, type ControlPlaneArgs } from "../contract.ts";
import { RemoteHost } from "../remote/host.ts";
import { setUp } from "../remote/set-up.ts";
import type { GcpContext } from "./context.ts";
import { demandMetric } from "./demand.ts";
import { declareMachine } from "./machine.ts";
import type { GcpParts } from "./parts.ts";

/** The scheduler's state and its records of jobs: some hundred MB a year. The smallest disk that pd-balanced comes in. */
const stateDiskGb = 10;
/** Where udev shows the disk of the state, by the name that it is attached under. */
const stateDisk = { deviceName: "logos-state", path: "/dev/logos-state" } as const;

export class GcpControlPlane extends ControlPlane {
  readonly machineName: pulumi.Output<string>;
  readonly address: string;

  constructor(
    name: string,
    args: ControlPlaneArgs<GcpParts>,
    opts: pulumi.ComponentResourceOptions,
    context: GcpContext,
  ) {
    super(name, args, opts);
    const { data, bastion } = args;
    const { project, zone, labels } = context;
    const state = new Disk(
      context.logical(name, "state"),
      {
        project,
        zone,
        size: stateDiskGb,
        type: "pd-balanced",
        diskEncryptionKey: { kmsKeySelfLink: data.disks.id },
        labels,
      },
      { parent: this, protect: data.keep, dependsOn: [data.disks.usable] },
    );
    backUp(name, state, this, context);
    const machine = declareMachine(
      name,
      {
        role: "control",
        name: context.fixed("control"),
        machineType: "e2-medium",
        diskGb: 20,
        address: args.address,
        subnet: "setup",
        attachedDisks: [
          {
            source: state.selfLink,
            deviceName: stateDisk.deviceName,
            kmsKeySelfLink: data.disks.id,
            mode: "READ_WRITE",
          },
        ],
        settings: { LOGOS_DISK: stateDisk.path, LOGOS_METRIC: demandMetric(context) },
      },
      args,
      context,
      // Its address exists once, and so does its state.
      { parent: this, deleteBeforeReplace: true },
    );
    const host = new RemoteHost(name, {
      parent: this,
      machine,
      instanceId: machine.instanceId,
      at: { address: args.address, hostKey: args.hostKey.publicKey },
      privateKey: args.operatorKey.privateKey,
      via: bastion.hop,
      after: [bastion],
    });
    // The last program returns when the scheduler answers, or says why it does not.
    setUp(host, { files: args.files, machines: "stock", programs: ["data-disk", "activate", "control-activate"] });
    this.machineName = machine.name;
    this.address = args.address;
    this.registerOutputs({ address: this.address });
  }
}

/** A snapshot of the state each night, kept for two weeks. */
function backUp(name: string, disk: Disk, parent: pulumi.Resource, context: GcpContext): void {
  const { project, region, zone, labels } = context;
  const nightly = new ResourcePolicy(
    context.logical(name, "nightly"),
    {
      project,
      region,
      snapshotSchedulePolicy: {
        schedule: { dailySchedule: { daysInCycle: 1, startTime: "03:00" } },
        retentionPolicy: { maxRetentionDays: 14, onSourceDiskDelete: "APPLY_RETENTION_POLICY" },
        snapshotProperties: { labels, storageLocations: region },
      },
    },
    { parent },
  );
  new DiskResourcePolicyAttachment(
    `${name}-nightly`,
    { project, zone, disk: disk.name, name: nightly.name },
    { parent },
  );
}
