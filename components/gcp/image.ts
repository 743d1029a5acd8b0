import { Address } from "@pulumi/gcp/compute/address.js";
import { getAddresses } from "@pulumi/gcp/compute/getAddresses.js";
import { getImages, getImagesOutput } from "@pulumi/gcp/compute/getImages.js";
import { Image as ComputeImage } from "@pulumi/gcp/compute/image.js";
import { Snapshot } from "@pulumi/gcp/compute/snapshot.js";
import * as pulumi from "@pulumi/pulumi";
import { Image, type ImageArgs, type ImageState } from "../contract.ts";
import { bake } from "../image/bake.ts";
import { RemoteHost } from "../remote/host.ts";
import type { GcpContext } from "./context.ts";
import { parseDescription, renderDescription } from "./description.ts";
import { declareMachine } from "./machine.ts";
import type { GcpParts } from "./parts.ts";

/**
 * What stands of a recipe's image in the project. The builder is told by its address, which is made before it and goes after
 * it: addresses can be listed by label, where asking for one machine that is not there is an error like any other.
 */
export async function findGcpImage(
  digest: string,
  context: GcpContext,
  provider: pulumi.ProviderResource,
): Promise<ImageState> {
  const { project, region } = context;
  const [images, addresses] = await Promise.all([
    getImages({ project, filter: imageFilter(digest, context) }, { provider }),
    getAddresses({ project, region, filter: labelFilter(builderLabels(digest, context)) }, { provider }),
  ]);
  return { exists: images.images.length > 0, hasBuilder: addresses.addresses.length > 0 };
}

export class GcpImage extends Image {
  readonly imageId: string;
  readonly digest: string;
  readonly signedBy: pulumi.Output<string>;

  constructor(name: string, args: ImageArgs<GcpParts>, opts: pulumi.ComponentResourceOptions, context: GcpContext) {
    super(name, args, opts);
    this.digest = args.digest;
    this.imageId = context.imageId(args.digest);
    this.signedBy =
      !args.state.exists || args.state.hasBuilder
        ? bakeAndCapture(this, name, args, context)
        : signerOf(args.digest, this, context);
    this.registerOutputs({ imageId: this.imageId, digest: this.digest });
  }
}

/** Who signed an image that stands already: written on it when it was captured. */
function signerOf(digest: string, parent: Image, context: GcpContext): pulumi.Output<string> {
  const found = getImagesOutput({ project: context.project, filter: imageFilter(digest, context) }, { parent });
  return found.images.apply(([image]) => parseDescription(image?.description ?? "", digest, context.imageId(digest)));
}

function bakeAndCapture(
  parent: Image,
  name: string,
  args: ImageArgs<GcpParts>,
  context: GcpContext,
): pulumi.Output<string> {
  const { data, digest } = args;
  const { project, region, zone, labels } = context;
  // Another recipe is another machine, so that the old builder stays until the new image stands.
  const builderName = context.fixed("builder", digest.slice(0, 8));
  const address = new Address(
    `${name}-builder`,
    {
      project,
      region,
      name: builderName,
      addressType: "INTERNAL",
      subnetwork: args.network.subnets.setup.id,
      purpose: "GCE_ENDPOINT",
      labels: builderLabels(digest, context),
    },
    { parent },
  );
  const builder = declareMachine(
    `${name}-builder`,
    {
      role: "builder",
      name: builderName,
      machineType: context.settings.nodeType,
      diskGb: builderDiskGb,
      address: address.address,
      subnet: "setup",
    },
    args,
    context,
    { parent },
  );
  const host = new RemoteHost(`${name}-builder`, {
    parent,
    machine: builder,
    instanceId: builder.instanceId,
    at: { address: address.address, hostKey: args.hostKey.publicKey },
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
    { parent, dependsOn: [baked], customTimeouts: { create: "60m" } },
  );
  const image = new ComputeImage(
    name,
    {
      project,
      name: context.imageName(digest),
      family: "logos-proof-gated",
      description: renderDescription({ digest, signer: args.signer.publicKey, commit: args.workload.commit }),
      sourceSnapshot: snapshot.selfLink,
      imageEncryptionKey: key,
      storageLocations: [region],
      guestOsFeatures: ["UEFI_COMPATIBLE", "VIRTIO_SCSI_MULTIQUEUE", "GVNIC"].map((type) => ({ type })),
      labels: { ...labels, "logos-recipe": recipeLabel(digest) },
    },
    // A pool of the image before, and a way back, need it after another one stands.
    { parent, retainOnDelete: true, customTimeouts: { create: "60m" } },
  );
  // It stays until the recipe changes, and costs no more than its disk.
  host.run("off", { command: "sudo systemd-run --on-active=5s systemctl poweroff", after: [image] });
  return pulumi.output(args.signer.publicKey);
}

/** System, Coq with its sources, the workload and what a rebuild writes; never more than a node's root disk. */
const builderDiskGb = 30;

/** A label takes 63 characters, which tell recipes apart as well as 64. */
function recipeLabel(digest: string): string {
  return digest.slice(0, 63);
}

function builderLabels(digest: string, { labels }: GcpContext): Readonly<Record<string, string>> {
  return { ...labels, "logos-recipe": recipeLabel(digest) };
}

function imageFilter(digest: string, context: GcpContext): string {
  return `name = ${context.imageName(digest)}`;
}

function labelFilter(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([key, value]) => `(labels.${key} = "${value}")`)
    .join(" AND ");
}
