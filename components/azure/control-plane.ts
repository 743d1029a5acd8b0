import * as pulumi from "@pulumi/pulumi";
import { ControlPlane, type ControlPlaneArgs } from "../contract.ts";
import { RemoteHost } from "../remote/host.ts";
import { setUp } from "../remote/set-up.ts";
import { azureMachine } from "./machine.ts";
import type { AzureParts } from "./parts.ts";
import { type AzureSite, resourceId } from "./site.ts";

/** The scheduler's machine. Its state is on a disk of its own, which a new machine takes over. */
export class AzureControlPlane extends ControlPlane {
  readonly machineName: pulumi.Output<string>;
  readonly address: string;
  /** Publishes the demand that the pool's autoscaler reads. */
  readonly identity: pulumi.Output<string>;

  constructor(
    name: string,
    args: ControlPlaneArgs<AzureParts>,
    site: AzureSite,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super(name, args, opts);
    const { machine } = azureMachine(
      name,
      {
        ...args,
        role: "control",
        machineName: "control",
        vmSize: site.sizes.control,
        rootGb: 32,
        disks: [{ lun: 0, id: args.data.stateDisk.id }],
        settings: {
          LOGOS_DISK: "/dev/logos-state",
          LOGOS_REGION: site.settings.region,
          // Where the demand is published: known before the pool stands.
          LOGOS_POOL: resourceId(site, site.names.group, "Microsoft.Compute/virtualMachineScaleSets", site.names.pool),
        },
      },
      site,
      this,
    );
    const host = new RemoteHost(name, {
      parent: this,
      machine,
      instanceId: machine.vmId,
      at: { address: args.address, hostKey: args.hostKey.publicKey },
      privateKey: args.operatorKey.privateKey,
      via: args.bastion.hop,
      after: [args.bastion],
    });
    // The third returns when the scheduler answers, or says why it does not.
    const programs = ["data-disk", "activate", "control-activate", "control-azure"];
    setUp(host, { files: args.files, machines: "stock", programs });
    this.machineName = pulumi.output("control");
    this.address = args.address;
    this.identity = args.credentials.identity.principalId;
    this.registerOutputs({ address: this.address });
  }
}
