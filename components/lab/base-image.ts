import type * as pulumi from "@pulumi/pulumi";
import { BaseImage, type BaseImageArgs } from "../contract.ts";
import * as sdk from "./sdk.ts";

export class LabBaseImage extends BaseImage {
  readonly imageId: pulumi.Output<string>;

  constructor(name: string, args: BaseImageArgs, opts: pulumi.ComponentResourceOptions) {
    super(name, args, opts);
    this.imageId = new sdk.BaseImage(name, args, { parent: this }).imageId;
    this.registerOutputs({ imageId: this.imageId });
  }
}
