import { TunnelInstanceIAMMember } from "@pulumi/gcp/iap/tunnelInstanceIAMMember.js";
import type * as pulumi from "@pulumi/pulumi";
import { Bastion, type BastionArgs } from "../contract.ts";
import type { Hop } from "../remote/connection.ts";
import { RemoteHost } from "../remote/host.ts";
import { setUp } from "../remote/set-up.ts";
import type { GcpContext } from "./context.ts";
import { declareMachine } from "./machine.ts";
import type { GcpParts } from "./parts.ts";

/** The only way in: at its public address from the operators' ranges, or through IAP's tunnel and without one. */
export class GcpBastion extends Bastion {
  readonly hop: Hop;

  constructor(name: string, args: BastionArgs<GcpParts>, opts: pulumi.ComponentResourceOptions, context: GcpContext) {
    super(name, args, opts);
    const { network, access, hostKey } = args;
    const machine = declareMachine(
      name,
      {
        role: "bastion",
        name: context.fixed("bastion"),
        machineType: "e2-small",
        diskGb: 10,
        address: args.address,
        subnet: "edge",
        ...(network.publicAddress === undefined ? {} : { publicAddress: network.publicAddress }),
      },
      args,
      context,
      // Its addresses exist once.
      { parent: this, deleteBeforeReplace: true },
    );
    this.hop = { ...network.entrance, hostKey: hostKey.publicKey };
    const tunnels =
      access.by === "tunnel"
        ? context.settings.operators.map(
            (member, index) =>
              new TunnelInstanceIAMMember(
                `${name}-operator-${index}`,
                {
                  project: context.project,
                  zone: context.zone,
                  instance: machine.name,
                  role: "roles/iap.tunnelResourceAccessor",
                  member,
                },
                { parent: this },
              ),
          )
        : [];
    const host = new RemoteHost(name, {
      parent: this,
      machine,
      instanceId: machine.instanceId,
      at: this.hop,
      privateKey: args.operatorKey.privateKey,
      after: tunnels,
    });
    setUp(host, { files: args.files, machines: "stock", programs: ["activate"] });
    this.registerOutputs({ ...this.hop });
  }
}
