import { GalleryImageVersion } from "@pulumi/azure-native/compute/galleryImageVersion.js";
import { Snapshot } from "@pulumi/azure-native/compute/snapshot.js";
import type { VirtualMachine } from "@pulumi/azure-native/compute/virtualMachine.js";
import * as pulumi from "@pulumi/pulumi";
import { galleryVersion } from "../../core/digest.ts";
import { Image, type ImageArgs } from "../contract.ts";
import { bake } from "../image/bake.ts";
import { RemoteHost } from "../remote/host.ts";
import { builderName, imageVersionId, signerOf, signerTags } from "./image-names.ts";
import { azureMachine } from "./machine.ts";
import type { AzureParts } from "./parts.ts";
import { type AzureSite, inSite, tags } from "./site.ts";

/**
 * The nodes' image, as a version in the gallery: builder → snapshot of its disk → version. A new recipe leaves the old version
 * where it is.
 */
export class AzureImage extends Image {
  readonly imageId: string;
  readonly digest: string;
  readonly signedBy: pulumi.Output<string>;

  constructor(name: string, args: ImageArgs<AzureParts>, site: AzureSite, opts: pulumi.ComponentResourceOptions) {
    super(name, args, opts);
    this.digest = args.digest;
    this.imageId = imageVersionId(site, args.digest);
    const { group, gallery, definition } = args.data.images;
    const shared = { resourceGroupName: group.name, location: site.settings.region, tags: tags() };
    const bakes = !args.state.exists || args.state.hasBuilder;
    if (bakes) {
      const snapshot = this.#snapshot(name, args, site);
      new GalleryImageVersion(
        name,
        {
          ...shared,
          tags: { ...tags(), ...signerTags(args.signer.publicKey), "logos-digest": args.digest },
          galleryName: gallery.name,
          galleryImageName: definition.name,
          galleryImageVersionName: galleryVersion(args.digest),
          storageProfile: { osDiskImage: { hostCaching: "ReadWrite", source: { id: snapshot.id } } },
          publishingProfile: {
            // Nobody may take "the newest": a pool names its version.
            excludeFromLatest: true,
            replicaCount: 1,
            targetRegions: [
              {
                name: site.settings.region,
                regionalReplicaCount: 1,
                storageAccountType: "Standard_ZRS",
                encryption: { osDiskImage: { diskEncryptionSetId: args.data.keys.diskEncryption.id } },
              },
            ],
          },
          safetyProfile: { allowDeletionOfReplicatedLocations: true },
        },
        {
          ...inSite(site, this),
          // The old version stays for a rollback; all of them go with their group.
          retainOnDelete: true,
          deletedWith: group,
          customTimeouts: { create: "60m", delete: "30m" },
        },
      );
    }
    this.signedBy = bakes ? pulumi.output(args.signer.publicKey) : signerOf(site, args.digest);
    this.registerOutputs({ imageId: this.imageId, digest: this.digest });
  }

  /** Of the builder's disk, once every step has passed and the disk does not change any more. */
  #snapshot(name: string, args: ImageArgs<AzureParts>, site: AzureSite): Snapshot {
    const builder = this.#builder(`${name}-builder`, args, site);
    return new Snapshot(
      name,
      {
        resourceGroupName: args.network.group.name,
        location: site.settings.region,
        tags: tags(),
        snapshotName: builderName(args.digest),
        incremental: false,
        hyperVGeneration: "V2",
        osType: "Linux",
        sku: { name: "Standard_ZRS" },
        creationData: { createOption: "Copy", sourceResourceId: osDiskOf(builder.machine) },
        encryption: {
          type: "EncryptionAtRestWithPlatformAndCustomerKeys",
          diskEncryptionSetId: args.data.keys.diskEncryption.id,
        },
        networkAccessPolicy: "DenyAll",
        publicNetworkAccess: "Disabled",
      },
      {
        ...inSite(site, this),
        dependsOn: [builder.sealed],
        customTimeouts: { create: "60m" },
      },
    );
  }

  #builder(
    name: string,
    args: ImageArgs<AzureParts>,
    site: AzureSite,
  ): { readonly machine: VirtualMachine; readonly sealed: pulumi.Resource } {
    const { machine, privateAddress } = azureMachine(
      name,
      {
        ...args,
        role: "builder",
        // Another recipe is another machine, so that the old builder stays until the new image stands. It has no disk but
        // its own: every disk of a builder becomes part of the image.
        machineName: builderName(args.digest),
        vmSize: site.sizes.builder,
        rootGb: imageDiskGb,
      },
      site,
      this,
    );
    const host = new RemoteHost(name, {
      parent: this,
      machine,
      instanceId: machine.vmId,
      at: { address: privateAddress, hostKey: args.hostKey.publicKey },
      privateKey: args.operatorKey.privateKey,
      via: args.bastion.hop,
      after: [args.bastion],
    });
    bake(host, args, "stock");
    // Safe to run again: the user it deletes is not the one that is logged in, and after it nothing writes to the disk.
    host.run("generalize", { command: "sudo /usr/lib/logos/generalize", timeoutSeconds: 300 });
    return { machine, sealed: host.done };
  }
}

/** GiB of the image's disk. A node's may be larger, never smaller. */
const imageDiskGb = 50;

function osDiskOf(machine: VirtualMachine): pulumi.Output<string> {
  return machine.storageProfile.apply((profile) => profile?.osDisk?.managedDisk?.id ?? "");
}
