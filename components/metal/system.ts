import * as pulumi from "@pulumi/pulumi";
import { BaseImage, type BaseImageArgs } from "../contract.ts";

/** The system that people installed on each machine: Debian 13 or Ubuntu 24.04. `prepare-stock` refuses any other. */
export class MetalSystem extends BaseImage {
  readonly imageId: pulumi.Output<string>;

  constructor(name: string, _args: BaseImageArgs, opts: pulumi.ComponentResourceOptions) {
    super(name, { pinned: "as installed" }, opts);
    this.imageId = pulumi.output("as installed");
    this.registerOutputs({ imageId: this.imageId });
  }
}
