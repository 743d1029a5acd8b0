import { Disk } from "@pulumi/azure-native/compute/disk.js";
import * as pulumi from "@pulumi/pulumi";
import { ControlPlane, type ControlPlaneArgs } from "../contract.ts";
import { RemoteHost } from "../remote/host.ts";
import { setUp } from "../remote/set-up.ts";
import { azureMachine } from "./machine.ts";
import type { AzureParts } from "./parts.ts";
import { type AzureSite, inSite, resourceId, tags } from "./site.ts";
import { nightlyBackup } from "./state-backup.ts";

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
    const { data } = args;
    const kept = { ...inSite(site, this), protect: data.keep };
    const state = new Disk(
      `${name}-state`,
      {
        // With the data: it outlives the machines' group.
        resourceGroupName: data.group.name,
        location: site.settings.region,
        tags: tags(),
        diskName: site.names.of("control", "state"),
        zones: site.settings.zones.slice(0, 1),
        sku: { name: "Premium_LRS" },
        diskSizeGB: 32,
        creationData: { createOption: "Empty" },
        encryption: {
          type: "EncryptionAtRestWithPlatformAndCustomerKeys",
          diskEncryptionSetId: data.keys.diskEncryption.id,
        },
        networkAccessPolicy: "DenyAll",
        publicNetworkAccess: "Disabled",
      },
      kept,
    );
    nightlyBackup(`${name}-backup`, { disk: state, group: data.group }, site, kept);
    const { machine } = azureMachine(
      name,
      {
        ...args,
        role: "control",
        machineName: "control",
        vmSize: site.sizes.control,
        rootGb: 32,
        disks: [{ lun: 0, id: state.id }],
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
