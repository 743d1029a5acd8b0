import type * as pulumi from "@pulumi/pulumi";
import { ControlPlane, type ControlPlaneArgs } from "../contract.ts";
import { RemoteHost } from "../remote/host.ts";
import { setUp } from "../remote/set-up.ts";
import type { GcpContext } from "./context.ts";
import { demandMetric } from "./demand.ts";
import { declareMachine } from "./machine.ts";
import type { GcpParts } from "./parts.ts";

/** The disk of the state: the name that it is attached under, and the one that the machine gives it. */
const stateDisk = { deviceName: "logos-state", path: "/dev/logos-state" } as const;

export class GcpControlPlane extends ControlPlane {
  readonly machineName: pulumi.Output<string>;
  readonly address: string;

  constructor(
    name: string,
    args: ControlPlaneArgs<GcpParts>,
    opts: pulumi.ComponentResourceOptions,
    context: GcpContext,
  ) {
    super(name, args, opts);
    const { data, bastion } = args;
    const machine = declareMachine(
      name,
      {
        role: "control",
        name: context.fixed("control"),
        machineType: "e2-medium",
        diskGb: 20,
        address: args.address,
        subnet: "setup",
        attachedDisks: [
          {
            source: data.state.selfLink,
            deviceName: stateDisk.deviceName,
            kmsKeySelfLink: data.disks.id,
            mode: "READ_WRITE",
          },
        ],
        settings: { LOGOS_DISK: stateDisk.path, LOGOS_METRIC: demandMetric(context) },
      },
      args,
      context,
      // Its address exists once, and so does its state.
      { parent: this, deleteBeforeReplace: true },
    );
    const host = new RemoteHost(name, {
      parent: this,
      machine,
      instanceId: machine.instanceId,
      at: { address: args.address, hostKey: args.hostKey.publicKey },
      privateKey: args.operatorKey.privateKey,
      via: bastion.hop,
      after: [bastion],
    });
    // The last program returns when the scheduler answers, or says why it does not.
    setUp(host, {
      files: args.files,
      machines: "stock",
      programs: ["data-disk", "activate", "control-activate", "publish-from-now"],
    });
    this.machineName = machine.name;
    this.address = args.address;
    this.registerOutputs({ address: this.address });
  }
}
