import * as pulumi from "@pulumi/pulumi";
import { BaseImage } from "../contract.ts";
import type { AzureSite } from "./site.ts";

/** The vendor's image that the settings pin: what every machine that is set up is born from. */
export class AzureBaseImage extends BaseImage {
  readonly imageId: pulumi.Output<string>;
  readonly reference: {
    readonly publisher: string;
    readonly offer: string;
    readonly sku: string;
    readonly version: string;
  };

  constructor(name: string, site: AzureSite, opts: pulumi.ComponentResourceOptions) {
    const pinned = site.settings.image;
    super(name, { pinned }, opts);
    // Four parts: the settings' reader saw to it.
    const [publisher = "", offer = "", sku = "", version = ""] = pinned.split(":");
    this.reference = { publisher, offer, sku, version };
    this.imageId = pulumi.output(pinned);
    this.registerOutputs({ imageId: pinned });
  }
}
