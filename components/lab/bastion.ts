import type * as pulumi from "@pulumi/pulumi";
import { Bastion, type BastionArgs } from "../contract.ts";
import type { Hop } from "../remote/connection.ts";
import { RemoteHost } from "../remote/host.ts";
import { installCommand, stageFiles } from "../remote/stage.ts";
import { loginCredentials } from "./credentials.ts";
import * as sdk from "./sdk.ts";

export class LabBastion extends Bastion {
  readonly hop: Hop;

  constructor(name: string, args: BastionArgs, opts: pulumi.ComponentResourceOptions) {
    super(name, args, opts);
    const machine = new sdk.Machine(
      name,
      {
        labId: args.networkId,
        name: "bastion",
        group: "bastion",
        imageId: args.baseImageId,
        address: args.address,
        ...args.size,
        volumes: [],
        credentials: loginCredentials(args.hostKey, args.operatorKey.publicKey),
      },
      // Its name and address exist once on the network.
      { parent: this, deleteBeforeReplace: true },
    );
    const host = new RemoteHost(name, {
      parent: this,
      machine,
      hostKey: args.hostKey.publicKey,
      privateKey: args.operatorKey.privateKey,
    });
    stageFiles(host, args.files);
    host.run("install", { command: `${installCommand(args.files)} && sudo /usr/lib/logos/activate` });
    this.hop = { address: args.address, hostKey: args.hostKey.publicKey };
    this.registerOutputs({ ...this.hop });
  }
}
