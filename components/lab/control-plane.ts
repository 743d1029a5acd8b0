import type * as pulumi from "@pulumi/pulumi";
import { ControlPlane, type ControlPlaneArgs } from "../contract.ts";
import { RemoteHost } from "../remote/host.ts";
import { installCommand, stageFiles } from "../remote/stage.ts";
import { loginCredentials } from "./credentials.ts";
import * as sdk from "./sdk.ts";

export class LabControlPlane extends ControlPlane {
  readonly machineName: pulumi.Output<string>;
  readonly address: string;

  constructor(name: string, args: ControlPlaneArgs, opts: pulumi.ComponentResourceOptions) {
    super(name, args, opts);
    const machine = new sdk.Machine(
      name,
      {
        labId: args.networkId,
        name: "control",
        group: "control",
        imageId: args.baseImageId,
        address: args.address,
        ...args.size,
        volumes: [],
        credentials: {
          ...loginCredentials(args.hostKey, args.operatorKey.publicKey),
          "slurm.jwks": args.schedulerJwks,
          "logos.demand-key": args.demandKey,
        },
      },
      // Its name and address exist once on the network.
      { parent: this, deleteBeforeReplace: true },
    );
    const host = new RemoteHost(name, {
      parent: this,
      machine,
      hostKey: args.hostKey.publicKey,
      privateKey: args.operatorKey.privateKey,
      via: args.bastion.hop,
      after: [args.bastion],
    });
    stageFiles(host, args.files);
    // The last program returns when the scheduler answers, or says why it does not.
    const programs = ["activate", "control-activate"].map((program) => `sudo /usr/lib/logos/${program}`);
    host.run("install", { command: [installCommand(args.files), ...programs].join(" && ") });
    this.machineName = machine.name;
    this.address = args.address;
    this.registerOutputs({ address: this.address });
  }
}
