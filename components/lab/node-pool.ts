import type * as pulumi from "@pulumi/pulumi";
import { NodePool, type NodePoolArgs } from "../contract.ts";
import type { LabParts } from "./parts.ts";
import * as sdk from "./sdk.ts";

export class LabNodePool extends NodePool {
  constructor(name: string, args: NodePoolArgs<LabParts>, opts: pulumi.ComponentResourceOptions) {
    super(name, args, opts);
    const { cpus, memoryMb, diskMb, cacheDiskMb } = args.node;
    new sdk.NodePool(
      name,
      {
        labId: args.network.networkId,
        name: "pool",
        min: args.min,
        max: args.max,
        standby: args.standby,
        demandKey: args.demandKey,
        imageId: args.imageId,
        node: {
          cpus,
          memoryMb,
          diskMb,
          cacheDiskMb,
          credentials: args.credentials.values,
        },
        controlName: args.controlPlane.machineName,
        controlAddress: args.controlPlane.address,
        bastionAddress: args.bastionAddress,
        readyTimeoutSeconds: args.readyTimeoutSeconds,
      },
      {
        parent: this,
        // No node starts before its image is captured and the scheduler answers.
        dependsOn: [args.image, args.controlPlane],
        customTimeouts: { create: "30m", update: "30m", delete: "10m" },
      },
    );
    this.registerOutputs({ min: args.min, max: args.max, imageDigest: args.imageDigest });
  }
}
