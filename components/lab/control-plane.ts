import type * as pulumi from "@pulumi/pulumi";
import { ControlPlane, type ControlPlaneArgs } from "../contract.ts";
import { RemoteHost } from "../remote/host.ts";
import { setUp } from "../remote/set-up.ts";
import type { LabParts } from "./parts.ts";
import * as sdk from "./sdk.ts";

/** Job scripts and the records of some ten thousand jobs take a few MiB; the log of ended jobs is rotated at 50 MiB, 20 times. */
const stateDiskMb = 2048;

export class LabControlPlane extends ControlPlane {
  readonly machineName: pulumi.Output<string>;
  readonly address: string;

  constructor(name: string, args: ControlPlaneArgs<LabParts>, opts: pulumi.ComponentResourceOptions) {
    super(name, args, opts);
    // The scheduler's state is on a disk of its own: the queue outlives the machine.
    const state = new sdk.Volume(
      `${name}-state`,
      { labId: args.network.networkId, name: "state", sizeMb: stateDiskMb },
      { parent: this },
    );
    const machine = new sdk.Machine(
      name,
      {
        labId: args.network.networkId,
        name: "control",
        group: "control",
        imageId: args.base.imageId,
        address: args.address,
        ...args.size,
        volumes: [{ volumeId: state.id, device: "state" }],
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
      via: args.bastion.hop,
      after: [args.bastion],
    });
    // The last program returns when the scheduler answers, or says why it does not.
    setUp(host, { files: args.files, machines: "prebuilt", programs: ["activate", "control-activate"] });
    this.machineName = machine.name;
    this.address = args.address;
    this.registerOutputs({ address: this.address });
  }
}
