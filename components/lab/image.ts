import type * as pulumi from "@pulumi/pulumi";
import { Image, type ImageArgs, type ImageState } from "../contract.ts";
import { bake } from "../image/bake.ts";
import { RemoteHost } from "../remote/host.ts";
import { labId } from "./lab-id.ts";
import type { LabParts } from "./parts.ts";
import * as sdk from "./sdk.ts";

/** What stands of a recipe's image on this host. */
export function findLabImage(digest: string): Promise<ImageState> {
  return sdk.getImage({ labId: labId(), digest });
}

export class LabImage extends Image {
  readonly imageId: string;
  readonly digest: string;
  readonly signedBy: pulumi.Output<string>;

  constructor(name: string, args: ImageArgs<LabParts>, opts: pulumi.ComponentResourceOptions) {
    super(name, args, opts);
    this.digest = args.digest;
    this.imageId = `image:${args.digest}`;
    const bakes = !args.state.exists || args.state.hasBuilder;
    const source = bakes ? bakeOnBuilder(this, name, args) : { args: {}, after: [] };
    const snapshot = new sdk.Snapshot(
      name,
      { labId: args.network.networkId, digest: args.digest, signer: args.signer.publicKey, ...source.args },
      { parent: this, dependsOn: source.after },
    );
    this.signedBy = snapshot.signedBy;
    this.registerOutputs({ imageId: this.imageId, digest: this.digest });
  }
}

function bakeOnBuilder(parent: Image, name: string, args: ImageArgs<LabParts>) {
  const builder = new sdk.Machine(
    `${name}-builder`,
    {
      labId: args.network.networkId,
      // Another recipe is another machine, so that the old builder stays until the new image stands.
      name: `builder-${args.digest.slice(0, 8)}`,
      group: "builder",
      imageId: args.base.imageId,
      ...args.size,
      volumes: [],
      credentials: args.credentials.values,
    },
    { parent },
  );
  const host = new RemoteHost(`${name}-builder`, {
    parent,
    machine: builder,
    instanceId: builder.instanceId,
    at: { address: builder.address, hostKey: args.hostKey.publicKey },
    privateKey: args.operatorKey.privateKey,
    via: args.bastion.hop,
    after: [args.bastion],
  });
  return { args: { machineName: builder.name, instanceId: builder.instanceId }, after: [bake(host, args, "prebuilt")] };
}
