import * as pulumi from "@pulumi/pulumi";
import { Image, type ImageArgs, type KeyPair } from "../contract.ts";
import type { RoleFiles } from "../remote/stage.ts";
import type { MetalParts } from "./parts.ts";

/** There is nothing to capture: the recipe itself is what each host is brought to, one after the other. */
export class MetalImage extends Image {
  readonly imageId: string;
  readonly digest: string;
  readonly signedBy: pulumi.Output<string>;
  readonly signer: KeyPair;
  readonly files: RoleFiles;
  readonly workload: ImageArgs["workload"];

  constructor(name: string, args: ImageArgs<MetalParts>, opts: pulumi.ComponentResourceOptions) {
    super(name, args, opts);
    this.imageId = `recipe:${args.digest}`;
    this.digest = args.digest;
    this.signedBy = pulumi.output(args.signer.publicKey);
    this.signer = args.signer;
    this.files = args.files;
    this.workload = args.workload;
    this.registerOutputs({ imageId: this.imageId, digest: this.digest });
  }
}
