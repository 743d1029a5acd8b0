import { Instance, type InstanceArgs } from "@pulumi/gcp/compute/instance.js";
import type * as pulumi from "@pulumi/pulumi";
import type { Role } from "../../core/roles.ts";
import { bootFiles, renderUserData } from "../cloud/user-data.ts";
import type { MachineArgs } from "../contract.ts";
import type { GcpContext } from "./context.ts";
import { type GcpNetwork, outwardTag } from "./network.ts";
import type { GcpParts } from "./parts.ts";

/** What a machine is told about itself: what `fetch-credentials` and the machine's record are made of. No secret. */
export function settingsOf(role: Role, secrets: string, network: GcpNetwork, context: GcpContext) {
  return {
    LOGOS_ROLE: role,
    LOGOS_PROJECT: context.project,
    LOGOS_SECRETS: secrets,
    LOGOS_BASTION: network.bastionAddress,
    LOGOS_CONTROL: network.controlAddress,
    LOGOS_OPERATORS: network.operators.join(","),
  };
}

/** Metadata of every machine: its own user data is the only way in, and none of the cloud's. */
export function metadataOf(userData: string) {
  return {
    "user-data": userData,
    // Users come by credentials: keys of the project, of OS Login and of the console would be other ways in.
    "block-project-ssh-keys": "TRUE",
    "enable-oslogin": "FALSE",
    "serial-port-enable": "FALSE",
    // Only the zone's own name server answers: a machine's name says in which zone it is.
    VmDnsSetting: "ZonalOnly",
  };
}

/** Booted only as it was signed, measured, and watched for what changed since. */
export const shielded = { enableSecureBoot: true, enableVtpm: true, enableIntegrityMonitoring: true } as const;

/** The scope is wide and the rights are narrow: what a machine may do, its service account's roles say. */
export const scopes = ["https://www.googleapis.com/auth/cloud-platform"];

export interface SetUpMachine {
  readonly role: "bastion" | "control" | "builder";
  /** Name on Google's side. */
  readonly name: string;
  readonly machineType: string;
  /** GB of the root disk. The vendor's image has 10. */
  readonly diskGb: number;
  /** Address on the inside; any of its subnet where there is none. */
  readonly address?: string;
  readonly subnet: "edge" | "setup";
  /** Address on the outside. */
  readonly publicAddress?: pulumi.Output<string>;
  readonly attachedDisks?: InstanceArgs["attachedDisks"];
  readonly settings?: Readonly<Record<string, string>>;
}

/** A machine that is set up over SSH: born from the vendor's image, with nothing but the way to its credentials. */
export function declareMachine(
  logical: string,
  machine: SetUpMachine,
  args: MachineArgs<GcpParts>,
  context: GcpContext,
  opts: pulumi.CustomResourceOptions,
): Instance {
  const { network, data, base, credentials } = args;
  const { project, labels, zone } = context;
  const userData = renderUserData({
    born: "stock",
    settings: { ...settingsOf(machine.role, credentials.secrets, network, context), ...machine.settings },
    files: bootFiles("gcp"),
  });
  return new Instance(
    logical,
    {
      project,
      zone,
      name: machine.name,
      description: `LOGOS ${machine.role} of stack ${context.stack}`,
      machineType: machine.machineType,
      // A larger type is a restart, not another machine.
      allowStoppingForUpdate: true,
      bootDisk: {
        autoDelete: true,
        initializeParams: { image: base.imageId, size: machine.diskGb, type: "pd-balanced", labels },
        kmsKeySelfLink: data.disks.id,
      },
      ...(machine.attachedDisks === undefined ? {} : { attachedDisks: machine.attachedDisks }),
      networkInterfaces: [
        {
          subnetwork: network.subnets[machine.subnet].id,
          ...(machine.address === undefined ? {} : { networkIp: machine.address }),
          stackType: "IPV4_ONLY",
          ...(machine.publicAddress === undefined
            ? {}
            : { accessConfigs: [{ natIp: machine.publicAddress, networkTier: "PREMIUM" }] }),
        },
      ],
      canIpForward: false,
      tags: [outwardTag],
      labels,
      metadata: metadataOf(userData),
      serviceAccount: { email: credentials.email, scopes },
      shieldedInstanceConfig: shielded,
      scheduling: { automaticRestart: true, onHostMaintenance: "MIGRATE", provisioningModel: "STANDARD" },
      keyRevocationActionType: "STOP",
    },
    {
      ...opts,
      dependsOn: [...network.ways, credentials, data.disks.usable],
      // What it says takes effect at birth alone.
      replaceOnChanges: ['metadata["user-data"]'],
    },
  );
}
