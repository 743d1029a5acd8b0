import { VirtualMachineScaleSet } from "@pulumi/azure-native/compute/virtualMachineScaleSet.js";
import { StandbyVirtualMachinePool } from "@pulumi/azure-native/standbypool/standbyVirtualMachinePool.js";
import type * as pulumi from "@pulumi/pulumi";
import { NodePool, type NodePoolArgs } from "../contract.ts";
import { promisedAlarms } from "./alarms.ts";
import { autoscale } from "./autoscale.ts";
import { linuxConfiguration, machineSettings, provisioningUser, securityProfile, userData } from "./machine.ts";
import type { AzureParts } from "./parts.ts";
import { type BuiltInRole, grant } from "./rights.ts";
import { type AzureSite, inSite, tags } from "./site.ts";

/** Port on a node's loopback at which Azure's agent asks how it is (`logos-ready.socket`). Nothing outside reaches it. */
const healthPort = 8479;

const mibPerGib = 1024;

/** The pool: a scale set whose own autoscaler owns the number of nodes, and a standby pool beside it. */
export class AzureNodePool extends NodePool {
  constructor(name: string, args: NodePoolArgs<AzureParts>, site: AzureSite, opts: pulumi.ComponentResourceOptions) {
    super(name, args, opts);
    const scaleSet = this.#scaleSet(name, args, site);
    const child = inSite(site, this);
    autoscale(name, args, scaleSet, site, this);
    promisedAlarms(name, args, scaleSet, site, this);
    grant(
      `${name}-demand`,
      site,
      { scope: scaleSet.id, role: "Monitoring Metrics Publisher", to: { identity: args.controlPlane.identity } },
      child,
    );
    if (args.standby > 0) this.#standby(name, args, scaleSet, site);
    this.registerOutputs({ min: args.min, max: args.max, imageDigest: args.imageDigest });
  }

  #scaleSet(name: string, args: NodePoolArgs<AzureParts>, site: AzureSite): VirtualMachineScaleSet {
    const { network, data, credentials, node } = args;
    const { settings, names } = site;
    const disk = { storageAccountType: "Premium_LRS", diskEncryptionSet: { id: data.keys.diskEncryption.id } };
    return new VirtualMachineScaleSet(
      name,
      {
        resourceGroupName: network.group.name,
        location: settings.region,
        tags: tags(),
        vmScaleSetName: names.pool,
        zones: [...settings.zones],
        // Standby pools want both; the mode can never be changed.
        orchestrationMode: "Flexible",
        platformFaultDomainCount: 1,
        singlePlacementGroup: false,
        // The number at birth. From then on the autoscaler's, which `ignoreChanges` leaves alone.
        sku: { name: settings.nodeType, tier: "Standard", capacity: args.min },
        identity: { type: "UserAssigned", userAssignedIdentities: [credentials.identity.id] },
        upgradePolicy: {
          mode: "Rolling",
          automaticOSUpgradePolicy: { enableAutomaticOSUpgrade: false },
          rollingUpgradePolicy: {
            // A new node stands, and has passed its gate, before an old one goes.
            maxSurge: true,
            maxBatchInstancePercent: 34,
            maxUnhealthyInstancePercent: 34,
            maxUnhealthyUpgradedInstancePercent: 34,
            pauseTimeBetweenBatches: "PT0S",
            rollbackFailedInstancesOnPolicyBreach: false,
          },
        },
        automaticRepairsPolicy: {
          enabled: true,
          repairAction: "Replace",
          gracePeriod: isoMinutes(args.readyTimeoutSeconds, leastGraceMinutes),
        },
        // The newest goes first: the oldest have proven the most.
        scaleInPolicy: { rules: ["NewestVM"], forceDeletion: false },
        virtualMachineProfile: {
          securityProfile,
          osProfile: {
            computerNamePrefix: "node-",
            adminUsername: provisioningUser,
            allowExtensionOperations: true,
            linuxConfiguration: linuxConfiguration(args.operatorKey.publicKey),
            customData: userData({
              born: "captured",
              settings: {
                ...machineSettings("node", "", args),
                LOGOS_IMAGE: args.imageDigest,
                LOGOS_DISK: "/dev/logos-cache",
              },
            }),
          },
          storageProfile: {
            imageReference: { id: args.imageId },
            osDisk: {
              createOption: "FromImage",
              caching: "ReadWrite",
              diskSizeGB: node.diskMb / mibPerGib,
              deleteOption: "Delete",
              managedDisk: disk,
            },
            dataDisks: [
              {
                lun: 0,
                createOption: "Empty",
                caching: "None",
                diskSizeGB: node.cacheDiskMb / mibPerGib,
                // The store is the truth; a new node fills its own disk from there.
                deleteOption: "Delete",
                managedDisk: disk,
              },
            ],
          },
          networkProfile: {
            networkApiVersion: "2022-11-01",
            networkInterfaceConfigurations: [
              {
                name: "primary",
                primary: true,
                enableIPForwarding: false,
                deleteOption: "Delete",
                ipConfigurations: [{ name: "primary", primary: true, subnet: { id: network.subnets.node.id } }],
              },
            ],
          },
          extensionProfile: { extensions: [health(args.readyTimeoutSeconds)] },
          scheduledEventsProfile: {
            // Time for the node's ordered stop: it drains, its jobs end or are requeued, and it says that it may go.
            terminateNotificationProfile: { enable: true, notBeforeTimeout: "PT15M" },
          },
          diagnosticsProfile: { bootDiagnostics: { enabled: true } },
        },
      },
      {
        ...inSite(site, this),
        ignoreChanges: ["sku.capacity"],
        // No node starts before its image is captured, the scheduler answers and its secrets can be read.
        dependsOn: [args.image, args.controlPlane, ...credentials.ready],
        customTimeouts: { create: "60m", update: "60m", delete: "60m" },
      },
    );
  }

  /** Azure starts and stops standby nodes by a principal of its own, which must be let in first. */
  #standby(
    name: string,
    { network, data, min, standby }: NodePoolArgs<AzureParts>,
    scaleSet: VirtualMachineScaleSet,
    site: AzureSite,
  ): void {
    const child = inSite(site, this);
    const provider = { identity: site.settings.standbyProvider };
    const rights: readonly (readonly [BuiltInRole, pulumi.Input<string>])[] = [
      ["Virtual Machine Contributor", network.group.id],
      ["Network Contributor", network.group.id],
      ["Managed Identity Operator", network.group.id],
      ["Compute Gallery Artifacts Publisher", data.images.gallery.id],
      ["Compute Gallery Sharing Admin", data.images.gallery.id],
      ["Reader", data.keys.diskEncryption.id],
    ];
    const granted = rights.map(([role, scope]) =>
      grant(
        `${name}-standby-${role.toLowerCase().replaceAll(" ", "-")}`,
        site,
        { scope, role, to: provider },
        // The gallery takes its rights with it; so does the group.
        child,
      ),
    );
    new StandbyVirtualMachinePool(
      name,
      {
        resourceGroupName: network.group.name,
        location: site.settings.region,
        tags: tags(),
        standbyVirtualMachinePoolName: site.names.standbyPool,
        attachedVirtualMachineScaleSetId: scaleSet.id,
        // An autoscaled set takes no other state. A deallocated node costs its disks alone, and no capacity is kept for it.
        virtualMachineState: "Deallocated",
        // Not a number of standby nodes but of all: Azure keeps as many as this minus those that run, and at least the least.
        elasticityProfile: { minReadyCapacity: standby, maxReadyCapacity: min + standby },
      },
      { ...child, dependsOn: granted, customTimeouts: { create: "60m", delete: "60m" } },
    );
  }
}

/** Azure takes grace periods from 10 to 90 minutes. */
const leastGraceMinutes = 10;

function isoMinutes(seconds: number, least: number): string {
  return `PT${Math.max(Math.ceil(seconds / 60), least)}M`;
}

/**
 * Azure's agent on the node asks whether it is ready: version 2 takes the state from the answer's body, and waits that long
 * for a first one. Upgrades and repairs go by it.
 */
function health(readyTimeoutSeconds: number) {
  return {
    name: "health",
    publisher: "Microsoft.ManagedServices",
    type: "ApplicationHealthLinux",
    typeHandlerVersion: "2.0",
    autoUpgradeMinorVersion: true,
    enableAutomaticUpgrade: false,
    settings: {
      protocol: "http",
      port: healthPort,
      requestPath: "/ready",
      intervalInSeconds: 5,
      numberOfProbes: 1,
      gracePeriod: Math.max(readyTimeoutSeconds, 60),
    },
  };
}
