import { LifecyclePolicy } from "@pulumi/aws/dlm/lifecyclePolicy.js";
import { VolumeAttachment } from "@pulumi/aws/ec2/volumeAttachment.js";
import { Role as IamRole } from "@pulumi/aws/iam/role.js";
import { RolePolicyAttachment } from "@pulumi/aws/iam/rolePolicyAttachment.js";
import * as pulumi from "@pulumi/pulumi";
import { ControlPlane, type ControlPlaneArgs } from "../contract.ts";
import { RemoteHost } from "../remote/host.ts";
import { setUp } from "../remote/set-up.ts";
import type { Account } from "./account.ts";
import { stateDisk } from "./data.ts";
import { smallType, stockMachine } from "./machine.ts";
import type { AwsParts } from "./parts.ts";
import { assumedBy } from "./policy.ts";

const diskGb = 16;
/** Snapshots of the state that are kept, one a day. */
const keptSnapshots = 14;

export class AwsControlPlane extends ControlPlane {
  readonly machineName: pulumi.Output<string>;
  readonly address: string;

  constructor(name: string, args: ControlPlaneArgs<AwsParts>, account: Account, opts: pulumi.ComponentResourceOptions) {
    super(name, args, opts);
    const { network, data, bastion } = args;
    backUp(this, name, account);
    const machine = stockMachine(
      name,
      args,
      account,
      {
        subnet: network.setup,
        address: args.address,
        instanceType: smallType(account, "control"),
        diskGb,
        settings: { LOGOS_DISK: "/dev/logos-state", LOGOS_GROUP: account.pool },
      },
      this,
    );
    const attached = new VolumeAttachment(
      `${name}-state`,
      {
        deviceName: "/dev/sdf",
        volumeId: data.stateVolume.id,
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
    setUp(host, {
      files: args.files,
      machines: "stock",
      programs: ["data-disk", "activate", "control-activate", "demand-timer"],
    });
    this.machineName = pulumi.output(account.name("control"));
    this.address = args.address;
    this.registerOutputs({ address: this.address });
  }
}

/** A snapshot of the state disk each day: what is lost with a disk is a day of job records at most. */
function backUp(parent: ControlPlane, name: string, account: Account): void {
  const role = new IamRole(
    `${name}-backup`,
    {
      name: account.name("backup"),
      assumeRolePolicy: assumedBy({ Service: "dlm.amazonaws.com" }),
      tags: account.tags("backup"),
    },
    { parent },
  );
  const rights = new RolePolicyAttachment(
    `${name}-backup`,
    { role: role.name, policyArn: "arn:aws:iam::aws:policy/service-role/AWSDataLifecycleManagerServiceRole" },
    { parent },
  );
  new LifecyclePolicy(
    `${name}-backup`,
    {
      description: "LOGOS scheduler state each day",
      executionRoleArn: role.arn,
      state: "ENABLED",
      policyDetails: {
        resourceTypes: ["VOLUME"],
        targetTags: { Name: account.name(stateDisk) },
        schedules: [
          {
            name: "daily",
            createRule: { interval: 24, intervalUnit: "HOURS", times: "03:00" },
            retainRule: { count: keptSnapshots },
            copyTags: true,
          },
        ],
      },
      tags: account.tags("backup"),
    },
    { parent, dependsOn: [rights] },
  );
}
