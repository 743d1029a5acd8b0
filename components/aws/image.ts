import { AmiFromInstance } from "@pulumi/aws/ec2/amiFromInstance.js";
import { InstanceState } from "@pulumi/aws/ec2transitgateway/instanceState.js";
import type * as pulumi from "@pulumi/pulumi";
import { Image, type ImageArgs } from "../contract.ts";
import { bake } from "../image/bake.ts";
import { RemoteHost } from "../remote/host.ts";
import type { Account } from "./account.ts";
import { stockMachine } from "./machine.ts";
import type { AwsParts } from "./parts.ts";

/** System, Coq with its sources, the workload and what a rebuild writes. */
const diskGb = 30;

export class AwsImage extends Image {
  readonly imageId: pulumi.Output<string>;
  readonly digest: string;
  readonly signedBy: pulumi.Output<string>;
  /** Name of the root disk in the image: Ubuntu's and Debian's differ. */
  readonly rootDevice: pulumi.Output<string>;

  constructor(name: string, args: ImageArgs<AwsParts>, account: Account, opts: pulumi.ComponentResourceOptions) {
    super(name, args, opts);
    this.digest = args.digest;
    const builder = stockMachine(
      `${name}-builder`,
      args,
      account,
      {
        subnet: args.network.setup,
        instanceType: account.settings.nodeType,
        diskGb,
        // Another recipe is another machine, so that the old builder stays until the new image stands.
        settings: { LOGOS_RECIPE: args.digest },
      },
      this,
    );
    const host = new RemoteHost(`${name}-builder`, {
      parent: this,
      machine: builder,
      instanceId: builder.id,
      at: { address: builder.privateIp, hostKey: args.hostKey.publicKey },
      privateKey: args.operatorKey.privateKey,
      via: args.bastion.hop,
      after: [args.bastion],
    });
    const baked = bake(host, args, "stock");
    const ami = new AmiFromInstance(
      name,
      {
        // No name: with one, the image of a recipe that comes back would meet the old one, which is kept.
        sourceInstanceId: builder.id,
        // A snapshot of a running disk is torn.
        snapshotWithoutReboot: false,
        description: `LOGOS node, recipe ${args.digest}, workload ${args.workload.commit}`,
        tags: { ...account.tags("image"), "logos-recipe": args.digest, "logos-commit": args.workload.commit },
      },
      {
        parent: this,
        dependsOn: [baked],
        // Nodes of the old template, and a way back, need the old image after the new one stands.
        retainOnDelete: true,
        customTimeouts: { create: "60m" },
      },
    );
    // The capture starts the builder again; it must not idle until the next recipe.
    new InstanceState(
      `${name}-builder-off`,
      { instanceId: builder.id, state: "stopped" },
      { parent: this, dependsOn: [ami] },
    );
    this.imageId = ami.id;
    this.rootDevice = ami.rootDeviceName;
    this.signedBy = args.signer.publicKey;
    this.registerOutputs({ imageId: this.imageId, digest: this.digest });
  }
}
