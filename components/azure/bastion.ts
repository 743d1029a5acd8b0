import { BastionHost } from "@pulumi/azure-native/network/bastionHost.js";
import { PublicIPAddress } from "@pulumi/azure-native/network/publicIPAddress.js";
import * as pulumi from "@pulumi/pulumi";
import { Bastion, type BastionArgs } from "../contract.ts";
import type { Hop } from "../remote/connection.ts";
import { RemoteHost } from "../remote/host.ts";
import { setUp } from "../remote/set-up.ts";
import { azureMachine } from "./machine.ts";
import type { AzureParts } from "./parts.ts";
import { type AzureSite, inSite, tags } from "./site.ts";

/** The bastion: at a public address that takes SSH from the operators' ranges, or behind Azure Bastion with no address at all. */
export class AzureBastion extends Bastion {
  readonly hop: Hop;
  override readonly tunnelCommand: pulumi.Output<string> | undefined = undefined;

  constructor(name: string, args: BastionArgs<AzureParts>, site: AzureSite, opts: pulumi.ComponentResourceOptions) {
    super(name, args, opts);
    const { access, network } = args;
    const publicAddress = access.by === "address" ? this.#publicAddress(name, "bastion", args, site) : undefined;
    const { machine } = azureMachine(
      name,
      {
        ...args,
        role: "bastion",
        machineName: "bastion",
        vmSize: site.sizes.bastion,
        address: network.bastionAddress,
        rootGb: 32,
        ...(publicAddress === undefined ? {} : { publicAddressId: publicAddress.id }),
      },
      site,
      this,
    );
    if (access.by === "tunnel") {
      const tunnel = this.#tunnel(name, args, site);
      this.tunnelCommand = pulumi.interpolate`az network bastion tunnel --name ${tunnel.name} --resource-group ${network.group.name} --target-resource-id ${machine.id} --resource-port 22 --port ${access.localPort}`;
      this.hop = { address: "127.0.0.1", port: access.localPort, hostKey: args.hostKey.publicKey };
    } else {
      this.hop = {
        address: publicAddress?.ipAddress.apply((address) => address ?? "") ?? "",
        hostKey: args.hostKey.publicKey,
      };
    }
    const host = new RemoteHost(name, {
      parent: this,
      machine,
      instanceId: machine.vmId,
      at: this.hop,
      privateKey: args.operatorKey.privateKey,
    });
    setUp(host, { files: args.files, machines: "stock", programs: ["activate"] });
    this.registerOutputs({ ...this.hop });
  }

  #publicAddress(name: string, what: string, { network }: BastionArgs<AzureParts>, site: AzureSite): PublicIPAddress {
    return new PublicIPAddress(
      `${name}-address`,
      {
        resourceGroupName: network.group.name,
        location: site.settings.region,
        tags: tags(),
        publicIpAddressName: site.names.of(what),
        sku: { name: "Standard" },
        publicIPAllocationMethod: "Static",
        zones: [...site.settings.zones],
      },
      inSite(site, this),
    );
  }

  /** Azure Bastion in the tier that has tunnels for a client of one's own: Basic and Developer have none. */
  #tunnel(name: string, args: BastionArgs<AzureParts>, site: AzureSite): BastionHost {
    const address = this.#publicAddress(name, "tunnel", args, site);
    return new BastionHost(
      `${name}-tunnel`,
      {
        resourceGroupName: args.network.group.name,
        location: site.settings.region,
        tags: tags(),
        bastionHostName: site.names.of("tunnel"),
        sku: { name: "Standard" },
        enableTunneling: true,
        enableFileCopy: false,
        enableIpConnect: false,
        enableShareableLink: false,
        disableCopyPaste: true,
        scaleUnits: 2,
        ipConfigurations: [
          { name: "primary", subnet: { id: args.network.subnets.tunnel.id }, publicIPAddress: { id: address.id } },
        ],
      },
      { ...inSite(site, this), customTimeouts: { create: "60m", delete: "60m" } },
    );
  }
}
