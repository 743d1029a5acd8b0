import type { Disk } from "@pulumi/azure-native/compute/disk.js";
import { ResourceGroup } from "@pulumi/azure-native/resources/resourceGroup.js";
import type * as pulumi from "@pulumi/pulumi";
import { Data, type DataArgs } from "../contract.ts";
import { AzureKeys } from "./data-keys.ts";
import { AzureStores } from "./data-stores.ts";
import { type ImageGallery, imageGallery } from "./gallery.ts";
import { type AzureSite, inSite, tags } from "./site.ts";
import { stateDisk } from "./state-disk.ts";

/**
 * What a destroy of the machines leaves alone: keys, stores and the scheduler's disk in a resource group of their own, images in
 * another. All of it is declared here: Pulumi keeps what a protected resource's parent depends on, and the component of a machine
 * depends on the network and all before it.
 */
export class AzureData extends Data {
  readonly keyId: pulumi.Output<string>;
  readonly cacheUrl: pulumi.Output<string>;
  readonly auditUrl: pulumi.Output<string>;
  readonly archiveUrl: pulumi.Output<string>;
  readonly keys: AzureKeys;
  readonly stores: AzureStores;
  readonly group: ResourceGroup;
  readonly stateDisk: Disk;
  readonly images: ImageGallery;
  readonly keep: boolean;

  constructor(name: string, args: DataArgs, site: AzureSite, opts: pulumi.ComponentResourceOptions) {
    super(name, args, opts);
    const { names, settings } = site;
    this.keep = args.keep;
    const kept = { ...inSite(site, this), protect: args.keep };
    this.group = new ResourceGroup(
      `${name}-group`,
      { resourceGroupName: names.dataGroup, location: settings.region, tags: tags() },
      kept,
    );
    this.keys = new AzureKeys(`${name}-keys`, { group: this.group, keep: args.keep }, site, this);
    this.stores = new AzureStores(`${name}-stores`, { group: this.group, keys: this.keys, ...args }, site, this);
    this.stateDisk = stateDisk("control", this, site, kept);
    this.images = imageGallery("image", this.keys.diskEncryption, site, kept);
    this.keyId = this.keys.disks.keyUri;
    this.cacheUrl = this.stores.urlOf("cache");
    this.auditUrl = this.stores.urlOf("audit");
    this.archiveUrl = this.stores.urlOf("archive");
    this.registerOutputs({
      keyId: this.keyId,
      cacheUrl: this.cacheUrl,
      auditUrl: this.auditUrl,
      archiveUrl: this.archiveUrl,
      ...this.stores.lockStep,
    });
  }
}
