import { Volume } from "@pulumi/aws/ebs/volume.js";
import { VolumeAttachment } from "@pulumi/aws/ec2/volumeAttachment.js";
import * as pulumi from "@pulumi/pulumi";
import { ControlPlane, type ControlPlaneArgs } from "../contract.ts";
import { RemoteHost } from "../remote/host.ts";
import { setUp } from "../remote/set-up.ts";
import type { Account } from "./account.ts";
import { smallType, stockMachine } from "./machine.ts";
import type { AwsParts } from "./parts.ts";

const diskGb = 16;
/** The scheduler's state and its records of jobs: some hundred MB a year. */
const stateDiskGb = 8;

export class AwsControlPlane extends ControlPlane {
  readonly machineName: pulumi.Output<string>;
  readonly address: string;

  constructor(name: string, args: ControlPlaneArgs<AwsParts>, account: Account, opts: pulumi.ComponentResourceOptions) {
    super(name, args, opts);
    const { network, data, bastion } = args;
    const state = new Volume(
      `${name}-state`,
      {
        availabilityZone: network.setup.availabilityZone,
        size: stateDiskGb,
        type: "gp3",
        encrypted: true,
        kmsKeyId: data.keyArn,
        tags: account.tags("control-state"),
      },
      { parent: this, protect: data.keep },
    );
    const machine = stockMachine(
      name,
      args,
      account,
      {
        subnet: network.setup,
        address: args.address,
        instanceType: smallType(account, "control"),
        diskGb,
        settings: { LOGOS_DISK: "/dev/logos-state" },
      },
      this,
    );
    const attached = new VolumeAttachment(
      `${name}-state`,
      {
        deviceName: "/dev/sdf",
        volumeId: state.id,
        instanceId: machine.id,
        // A disk that is taken from a running machine is torn.
        stopInstanceBeforeDetaching: true,
      },
      { parent: this, deleteBeforeReplace: true },
    );
    const host = new RemoteHost(name, {
      parent: this,
      machine,
      instanceId: machine.id,
      at: { address: args.address, hostKey: args.hostKey.publicKey },
      privateKey: args.operatorKey.privateKey,
      via: bastion.hop,
      after: [bastion, attached],
    });
    setUp(host, { files: args.files, machines: "stock", programs: ["state-disk", "activate", "control-activate"] });
    this.machineName = pulumi.output(account.name("control"));
    this.address = args.address;
    this.registerOutputs({ address: this.address });
  }
}
