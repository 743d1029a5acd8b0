import * as pulumi from "@pulumi/pulumi";
import { BaseImage } from "../contract.ts";

/** The vendor's image that the stack's settings pin: which one is newest is never asked. */
export class AwsBaseImage extends BaseImage {
  readonly imageId: pulumi.Output<string>;

  constructor(name: string, pinned: string, opts: pulumi.ComponentResourceOptions) {
    super(name, { pinned }, opts);
    this.imageId = pulumi.output(pinned);
    this.registerOutputs({ imageId: this.imageId });
  }
}
