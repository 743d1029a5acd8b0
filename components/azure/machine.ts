import { VirtualMachine } from "@pulumi/azure-native/compute/virtualMachine.js";
import { NetworkInterface } from "@pulumi/azure-native/network/networkInterface.js";
import * as pulumi from "@pulumi/pulumi";
import type { Role } from "../../core/roles.ts";
import { bootFiles, renderUserData } from "../cloud/user-data.ts";
import type { MachineArgs } from "../contract.ts";
import type { AzureParts } from "./parts.ts";
import { type AzureSite, inSite, tags } from "./site.ts";

/**
 * The user that Azure insists on. cloud-init is told not to make it, and it is not the one that people log in as: the step
 * that makes an image general deletes this user, and the session that runs it must not be his.
 */
export const provisioningUser = "azureuser";

export interface AzureMachineArgs extends MachineArgs<AzureParts> {
  readonly role: Role;
  /** What the machine is called on Azure and by itself. */
  readonly machineName: string;
  readonly vmSize: string;
  /** Absent where any address of the role's subnet will do. */
  readonly address?: string;
  readonly publicAddressId?: pulumi.Input<string>;
  readonly rootGb: number;
  /** What it is told beside what every machine is told. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Disks that are made apart from the machine and outlive it, by unit number. */
  readonly disks?: readonly { readonly lun: number; readonly id: pulumi.Input<string> }[];
}

/** A machine of its own, and where it is reached inside the network. */
export interface AzureMachine {
  readonly machine: VirtualMachine;
  readonly privateAddress: pulumi.Output<string>;
}

export function azureMachine(
  name: string,
  args: AzureMachineArgs,
  site: AzureSite,
  parent: pulumi.Resource,
): AzureMachine {
  const { network, credentials, data, base, role, machineName } = args;
  const child = inSite(site, parent);
  const shared = { resourceGroupName: network.group.name, location: site.settings.region, tags: tags() };
  const isOnce = args.address !== undefined;
  const fixed = args.address === undefined ? {} : { privateIPAddress: args.address };
  const card = new NetworkInterface(
    name,
    {
      ...shared,
      networkInterfaceName: machineName,
      enableIPForwarding: false,
      ipConfigurations: [
        {
          name: "primary",
          primary: true,
          subnet: { id: network.subnets[role].id },
          privateIPAllocationMethod: args.address === undefined ? "Dynamic" : "Static",
          ...fixed,
          ...(args.publicAddressId === undefined ? {} : { publicIPAddress: { id: args.publicAddressId } }),
        },
      ],
    },
    // A fixed address exists once. Without one, a machine of another name stands beside the old one until that goes, and
    // Azure lets no card go before its machine.
    { ...child, deleteBeforeReplace: isOnce },
  );
  const machine = new VirtualMachine(
    name,
    {
      ...shared,
      vmName: machineName,
      zones: site.settings.zones.slice(0, 1),
      hardwareProfile: { vmSize: args.vmSize },
      identity: { type: "UserAssigned", userAssignedIdentities: [credentials.identity.id] },
      securityProfile,
      storageProfile: {
        imageReference: base.reference,
        osDisk: {
          name: `${machineName}-root`,
          createOption: "FromImage",
          caching: "ReadWrite",
          diskSizeGB: args.rootGb,
          deleteOption: "Delete",
          managedDisk: {
            storageAccountType: "Premium_LRS",
            diskEncryptionSet: { id: data.keys.diskEncryption.id },
          },
        },
        dataDisks: (args.disks ?? []).map(({ lun, id }) => ({
          lun,
          createOption: "Attach",
          caching: "None",
          deleteOption: "Detach",
          managedDisk: { id },
        })),
      },
      osProfile: {
        computerName: machineName,
        adminUsername: provisioningUser,
        allowExtensionOperations: false,
        customData: userData({
          born: "stock",
          settings: { ...machineSettings(role, machineName, args), ...args.settings },
        }),
        linuxConfiguration: linuxConfiguration(args.operatorKey.publicKey),
      },
      networkProfile: { networkInterfaces: [{ id: card.id, primary: true, deleteOption: "Detach" }] },
      diagnosticsProfile: { bootDiagnostics: { enabled: true } },
    },
    {
      ...child,
      // Names of machines and their disks exist once, too.
      deleteBeforeReplace: isOnce,
      dependsOn: [...credentials.ready],
      customTimeouts: { create: "30m", delete: "30m" },
      // Azure does not change these on a machine that stands; another user data is another machine.
      replaceOnChanges: ["osProfile.customData", "storageProfile.imageReference"],
    },
  );
  const privateAddress =
    args.address === undefined
      ? card.ipConfigurations.apply((all) => all?.[0]?.privateIPAddress ?? "")
      : pulumi.output(args.address);
  return { machine, privateAddress };
}

/** Signed boot alone, keys and measurements in a virtual TPM, and disks encrypted on their way to the host too. */
export const securityProfile = {
  securityType: "TrustedLaunch",
  uefiSettings: { secureBootEnabled: true, vTpmEnabled: true },
  encryptionAtHost: true,
} as const;

/** No password anywhere, no updates by themselves. The key is Azure's to insist on: sshd reads another list. */
export function linuxConfiguration(publicKey: pulumi.Input<string>) {
  return {
    disablePasswordAuthentication: true,
    provisionVMAgent: true,
    enableVMAgentPlatformUpdates: false,
    patchSettings: { patchMode: "ImageDefault", assessmentMode: "ImageDefault" },
    ssh: {
      publicKeys: [{ path: `/home/${provisioningUser}/.ssh/authorized_keys`, keyData: publicKey }],
    },
  };
}

/** What a machine is told about itself and its peers, for `fetch-credentials`. */
export function machineSettings(
  role: Role,
  machineName: string,
  { network, credentials }: Pick<MachineArgs<AzureParts>, "network" | "credentials">,
): Readonly<Record<string, pulumi.Input<string>>> {
  return {
    ...credentials.settings,
    LOGOS_ROLE: role,
    LOGOS_NAME: machineName,
    LOGOS_BASTION: network.bastionAddress,
    LOGOS_CONTROL: network.controlAddress,
    LOGOS_OPERATORS: network.operatorRanges.join(","),
  };
}

/** User data as Azure takes it, in base64. */
export function userData(args: {
  readonly born: "stock" | "captured";
  readonly settings: Readonly<Record<string, pulumi.Input<string>>>;
}): pulumi.Output<string> {
  const files = args.born === "stock" ? bootFiles("azure") : [];
  return pulumi
    .all(args.settings)
    .apply((settings) => Buffer.from(renderUserData({ born: args.born, settings, files })).toString("base64"));
}
