import { Address } from "@pulumi/gcp/compute/address.js";
import { TunnelInstanceIAMMember } from "@pulumi/gcp/iap/tunnelInstanceIAMMember.js";
import * as pulumi from "@pulumi/pulumi";
import { type Access, Bastion, type BastionArgs } from "../contract.ts";
import type { Hop } from "../remote/connection.ts";
import { RemoteHost } from "../remote/host.ts";
import { setUp } from "../remote/set-up.ts";
import type { GcpContext } from "./context.ts";
import { declareFirewall } from "./firewall.ts";
import { declareMachine } from "./machine.ts";
import type { GcpParts } from "./parts.ts";

/** The only way in: at its public address from the operators' ranges, or through IAP's tunnel and without an address. */
export class GcpBastion extends Bastion {
  readonly hop: Hop;
  override readonly tunnelCommand: pulumi.Output<string> | undefined = undefined;

  constructor(name: string, args: BastionArgs<GcpParts>, opts: pulumi.ComponentResourceOptions, context: GcpContext) {
    super(name, args, opts);
    const { project, zone, settings } = context;
    const { network, access } = args;
    const child = { parent: this };
    const entry = this.#entryOf(name, access, context);
    const machine = declareMachine(
      name,
      {
        role: "bastion",
        name: context.fixed("bastion"),
        machineType: "e2-small",
        diskGb: 10,
        address: args.address,
        subnet: "edge",
        ...(entry.publicAddress === undefined ? {} : { publicAddress: entry.publicAddress }),
      },
      args,
      context,
      // Its addresses exist once.
      { ...child, deleteBeforeReplace: true },
    );
    const entrance = declareFirewall(name, network.entrance, network.networkId, network.accounts, this, context);
    const members = access.by === "tunnel" ? settings.operators : [];
    const tunnels = members.map(
      (member, index) =>
        new TunnelInstanceIAMMember(
          `${name}-operator-${index}`,
          { project, zone, instance: machine.name, role: "roles/iap.tunnelResourceAccessor", member },
          child,
        ),
    );
    if (access.by === "tunnel")
      this.tunnelCommand = pulumi.interpolate`gcloud compute start-iap-tunnel ${machine.name} 22 --local-host-port=localhost:${access.localPort} --zone ${zone} --project ${project}`;
    this.hop = { ...entry.hop, hostKey: args.hostKey.publicKey };
    const host = new RemoteHost(name, {
      parent: this,
      machine,
      instanceId: machine.instanceId,
      at: this.hop,
      privateKey: args.operatorKey.privateKey,
      after: [...entrance, ...tunnels],
    });
    setUp(host, { files: args.files, machines: "stock", programs: ["activate"] });
    this.registerOutputs({ ...this.hop });
  }

  /** Where the operator's SSH goes, and the address that this takes. */
  #entryOf(
    name: string,
    access: Access,
    context: GcpContext,
  ): { readonly hop: Omit<Hop, "hostKey">; readonly publicAddress?: pulumi.Output<string> } {
    if (access.by === "tunnel") return { hop: { address: "127.0.0.1", port: access.localPort } };
    // Of its own, so that it outlives the machine: who pinned the address goes on.
    const { project, region, labels } = context;
    const { address } = new Address(
      context.logical(name),
      { project, region, addressType: "EXTERNAL", networkTier: "PREMIUM", labels },
      { parent: this },
    );
    return { hop: { address }, publicAddress: address };
  }
}
