import type * as pulumi from "@pulumi/pulumi";
import type { MetalSettings } from "../../core/config/metal.ts";
import { NodePool, type NodePoolArgs } from "../contract.ts";
import { MetalHost } from "./host.ts";
import type { MetalParts } from "./parts.ts";

/** The hosts that the settings name: as many as there are, and no more by themselves. */
export class MetalNodePool extends NodePool {
  constructor(
    name: string,
    settings: MetalSettings,
    signers: string,
    args: NodePoolArgs<MetalParts>,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super(name, args, opts);
    let before: MetalHost | undefined;
    for (const host of settings.hosts) {
      before = new MetalHost(
        `host-${host.name}`,
        { host, pool: args, signers, bastion: settings.bastion, before },
        { parent: this },
      );
    }
    this.registerOutputs({ min: args.min, max: args.max, imageDigest: args.imageDigest });
  }
}
