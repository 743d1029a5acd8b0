import type * as pulumi from "@pulumi/pulumi";
import { Bastion, type BastionArgs } from "../contract.ts";
import type { Hop } from "../remote/connection.ts";
import { RemoteHost } from "../remote/host.ts";
import { setUp } from "../remote/set-up.ts";
import type { LabParts } from "./parts.ts";
import * as sdk from "./sdk.ts";

export class LabBastion extends Bastion {
  readonly hop: Hop;

  constructor(name: string, args: BastionArgs<LabParts>, opts: pulumi.ComponentResourceOptions) {
    super(name, args, opts);
    const machine = new sdk.Machine(
      name,
      {
        labId: args.network.networkId,
        name: "bastion",
        group: "bastion",
        imageId: args.base.imageId,
        address: args.address,
        ...args.size,
        volumes: [],
        credentials: args.credentials.values,
      },
      // Its name and address exist once on the network.
      { parent: this, deleteBeforeReplace: true },
    );
    const host = new RemoteHost(name, {
      parent: this,
      machine,
      instanceId: machine.instanceId,
      at: { address: machine.address, hostKey: args.hostKey.publicKey },
      privateKey: args.operatorKey.privateKey,
    });
    setUp(host, { files: args.files, machines: "prebuilt", programs: ["activate"] });
    this.hop = { address: args.address, hostKey: args.hostKey.publicKey };
    this.registerOutputs({ ...this.hop });
  }
}
