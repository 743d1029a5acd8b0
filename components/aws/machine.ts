import { Instance } from "@pulumi/aws/ec2/instance.js";
import type { Subnet } from "@pulumi/aws/ec2/subnet.js";
import type * as pulumi from "@pulumi/pulumi";
import { bootFiles, renderUserData } from "../cloud/user-data.ts";
import type { MachineArgs } from "../contract.ts";
import type { Account } from "./account.ts";
import type { AwsParts } from "./parts.ts";

interface MachinePlace {
  readonly subnet: Subnet;
  /** Fixed private address; absent where any of the subnet will do. */
  readonly address?: string;
  readonly instanceType: string;
  /** GiB. */
  readonly diskGb: number;
  /** More of what the machine is told about itself. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** A machine from the vendor's image that is set up over SSH: bastion, control plane, builder. */
export function stockMachine(
  name: string,
  { network, base, data, credentials }: MachineArgs<AwsParts>,
  account: Account,
  { subnet, address, instanceType, diskGb, settings }: MachinePlace,
  parent: pulumi.Resource,
): Instance {
  const tags = account.tags(credentials.role);
  return new Instance(
    name,
    {
      ami: base.imageId,
      instanceType,
      subnetId: subnet.id,
      ...(address === undefined ? {} : { privateIp: address }),
      vpcSecurityGroupIds: [...network.groups(credentials.role)],
      iamInstanceProfile: credentials.profile,
      metadataOptions,
      monitoring: true,
      rootBlockDevice: {
        encrypted: true,
        kmsKeyId: data.keyArn,
        volumeSize: diskGb,
        volumeType: "gp3",
        deleteOnTermination: true,
        tags,
      },
      userData: renderUserData({
        born: "stock",
        settings: { ...machineSettings(credentials.role, network, account), ...settings },
        files: bootFiles("aws"),
      }),
      // What it says takes effect at birth alone.
      userDataReplaceOnChange: true,
      tags,
    },
    {
      parent,
      // It fetches its credentials at its first boot, by ways that must stand then.
      dependsOn: [...network.ways, ...network.endpoints, ...credentials.ready],
      // Said to the engine too: the machine of another recipe, above all, is another machine.
      replaceOnChanges: ["userData"],
      // A fixed address exists once.
      deleteBeforeReplace: address !== undefined,
    },
  );
}

/** The second version of the metadata service alone, and for no container or proxy behind the machine. */
export const metadataOptions = { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 };

/** What `fetch-credentials` and the machine's record are made of. */
export function machineSettings(
  role: string,
  network: Pick<AwsParts["network"], "bastionAddress" | "controlAddress" | "operators">,
  account: Account,
): Readonly<Record<string, string>> {
  return {
    LOGOS_ROLE: role,
    LOGOS_REGION: account.settings.region,
    LOGOS_CREDENTIALS: account.secret(role),
    LOGOS_BASTION: network.bastionAddress,
    LOGOS_CONTROL: network.controlAddress,
    LOGOS_OPERATORS: network.operators.join(","),
  };
}

/** The smallest current types that carry what is no node's work. Same processor as the nodes, since they share an image. */
export function smallType(account: Account, machine: "bastion" | "control"): string {
  const family = account.isArm ? "t4g" : "t3";
  return `${family}.${machine === "bastion" ? "micro" : "small"}`;
}
