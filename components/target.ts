import type * as pulumi from "@pulumi/pulumi";
import type { Difference, ImageState, Parts, TargetParts } from "./contract.ts";
import { type StackOutputs, Substrate, type SubstrateArgs } from "./substrate.ts";

/** A target as the program uses it: its own classes are closed in. */
export interface Target {
  readonly machines: "prebuilt" | "stock";
  readonly trees: readonly string[];
  readonly vendorImage: string | undefined;
  readonly differences: readonly Difference[];
  findImage(digest: string): Promise<ImageState>;
  /** Declares the whole substrate. */
  stand(name: string, args: SubstrateArgs, opts?: pulumi.ComponentResourceOptions): StackOutputs;
}

export function defineTarget<P extends Parts>(parts: TargetParts<P>): Target {
  return {
    machines: parts.machines,
    trees: parts.trees,
    vendorImage: parts.vendorImage,
    differences: parts.differences,
    findImage: (digest) => parts.findImage(digest),
    stand: (name, args, opts) => new Substrate<P>(name, parts, args, opts).outputs,
  };
}
