import { Image as ComputeImage } from "@pulumi/gcp/compute/image.js";
import { Snapshot } from "@pulumi/gcp/compute/snapshot.js";
import type * as pulumi from "@pulumi/pulumi";
import { Image, type ImageArgs } from "../contract.ts";
import { bake } from "../image/bake.ts";
import { RemoteHost } from "../remote/host.ts";
import type { GcpContext } from "./context.ts";
import { declareMachine } from "./machine.ts";
import type { GcpParts } from "./parts.ts";

/** System, Coq with its sources, the workload and what a rebuild writes; never more than a node's root disk. */
const builderDiskGb = 30;

/** Builder, snapshot and image are declared in every run: what of them stands, the stack's state knows. */
export class GcpImage extends Image {
  readonly imageId: pulumi.Output<string>;
  readonly digest: string;
  readonly signedBy: pulumi.Output<string>;

  constructor(name: string, args: ImageArgs<GcpParts>, opts: pulumi.ComponentResourceOptions, context: GcpContext) {
    super(name, args, opts);
    this.digest = args.digest;
    this.signedBy = args.signer.publicKey;
    const { data, digest, workload } = args;
    const { project, region, zone, labels } = context;
    const child = { parent: this };
    const builder = declareMachine(
      `${name}-builder`,
      {
        role: "builder",
        // Another recipe is another machine, so that the old builder stays until the new image stands.
        name: context.fixed("builder", digest.slice(0, 8)),
        machineType: context.settings.nodeType,
        diskGb: builderDiskGb,
        subnet: "setup",
      },
      args,
      context,
      child,
    );
    const host = new RemoteHost(`${name}-builder`, {
      parent: this,
      machine: builder,
      instanceId: builder.instanceId,
      at: {
        address: builder.networkInterfaces.apply(([first]) => first?.networkIp ?? ""),
        hostKey: args.hostKey.publicKey,
      },
      privateKey: args.operatorKey.privateKey,
      via: args.bastion.hop,
      after: [args.bastion],
    });
    const baked = bake(host, args, "stock");
    const key = { kmsKeySelfLink: data.disks.id };
    // By way of a snapshot: an image cannot be made of the disk of a running machine.
    const snapshot = new Snapshot(
      context.logical(name, "builder"),
      {
        project,
        zone,
        // A machine's first disk has its name.
        sourceDisk: builder.name,
        snapshotEncryptionKey: key,
        storageLocations: [region],
        labels,
      },
      { ...child, dependsOn: [baked], customTimeouts: { create: "60m" } },
    );
    const image = new ComputeImage(
      name,
      {
        project,
        // One that comes back would meet the old one under its own name, which is kept: the provider makes a name.
        family: "logos-proof-gated",
        description: `LOGOS node, recipe ${digest}, workload ${workload.commit}`,
        sourceSnapshot: snapshot.selfLink,
        imageEncryptionKey: key,
        storageLocations: [region],
        guestOsFeatures: ["UEFI_COMPATIBLE", "VIRTIO_SCSI_MULTIQUEUE", "GVNIC"].map((type) => ({ type })),
        // A label takes 63 characters, which tell recipes apart as well as 64.
        labels: { ...labels, "logos-recipe": digest.slice(0, 63) },
      },
      {
        ...child,
        dependsOn: [baked],
        // A pool of the image before, and a way back, need it after another one stands.
        retainOnDelete: true,
        customTimeouts: { create: "60m" },
      },
    );
    this.imageId = image.id;
    // It stays until the recipe changes, and costs no more than its disk.
    host.run("off", { command: "sudo /usr/lib/logos/power-off", after: [image] });
    this.registerOutputs({ imageId: this.imageId, digest: this.digest });
  }
}
