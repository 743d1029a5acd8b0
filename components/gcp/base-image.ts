import * as pulumi from "@pulumi/pulumi";
import { BaseImage } from "../contract.ts";
import type { GcpContext } from "./context.ts";

/** The vendor's image that the settings name: one image by its own name, which never changes under it. */
export class GcpBaseImage extends BaseImage {
  readonly imageId: pulumi.Output<string>;

  constructor(name: string, opts: pulumi.ComponentResourceOptions, context: GcpContext) {
    const pinned = context.settings.baseImage;
    super(name, { pinned }, opts);
    this.imageId = pulumi.output(pinned);
    this.registerOutputs({ imageId: this.imageId });
  }
}
