import { Eip } from "@pulumi/aws/ec2/eip.js";
import { EipAssociation } from "@pulumi/aws/ec2/eipAssociation.js";
import * as pulumi from "@pulumi/pulumi";
import { Bastion, type BastionArgs } from "../contract.ts";
import type { Hop } from "../remote/connection.ts";
import { RemoteHost } from "../remote/host.ts";
import { setUp } from "../remote/set-up.ts";
import type { Account } from "./account.ts";
import { smallType, stockMachine } from "./machine.ts";
import type { AwsParts } from "./parts.ts";

const diskGb = 16;

export class AwsBastion extends Bastion {
  readonly hop: Hop;
  override readonly tunnelCommand: pulumi.Output<string> | undefined = undefined;

  constructor(name: string, args: BastionArgs<AwsParts>, account: Account, opts: pulumi.ComponentResourceOptions) {
    super(name, args, opts);
    const machine = stockMachine(
      name,
      args,
      account,
      { subnet: args.network.edge, address: args.address, instanceType: smallType(account, "bastion"), diskGb },
      this,
    );
    const hostKey = args.hostKey.publicKey;
    const after = [...args.network.admitOperators(this)];
    if (args.access.by === "tunnel") {
      const { localPort } = args.access;
      this.tunnelCommand = pulumi.interpolate`aws ec2-instance-connect open-tunnel --instance-id ${machine.id} --remote-port 22 --local-port ${localPort}`;
      this.hop = { address: "127.0.0.1", port: localPort, hostKey };
    } else {
      // Of its own, so that it outlives the machine: who pinned the address goes on.
      const address = new Eip(
        name,
        { domain: "vpc", tags: account.tags("bastion") },
        { parent: this, dependsOn: [...args.network.ways] },
      );
      after.push(
        new EipAssociation(name, { allocationId: address.allocationId, instanceId: machine.id }, { parent: this }),
      );
      this.hop = { address: address.publicIp, hostKey };
    }
    const host = new RemoteHost(name, {
      parent: this,
      machine,
      instanceId: machine.id,
      at: this.hop,
      privateKey: args.operatorKey.privateKey,
      after,
    });
    setUp(host, { files: args.files, machines: "stock", programs: ["activate"] });
    this.registerOutputs({ ...this.hop });
  }
}
