import { RegionInstanceTemplate } from "@pulumi/gcp/compute/regionInstanceTemplate.js";
import type * as pulumi from "@pulumi/pulumi";
import { renderUserData } from "../cloud/user-data.ts";
import type { NodePoolArgs } from "../contract.ts";
import type { GcpContext } from "./context.ts";
import { metricType } from "./demand.ts";
import { metadataOf, scopes, settingsOf, shielded } from "./machine.ts";
import type { GcpParts } from "./parts.ts";

const mibPerGib = 1024;
/** Seconds that a node which is to go may work on: after them its jobs are requeued. The most that the cloud takes. */
const drainSeconds = 3600;
/** The cache disk: the name that it is attached under, and the one that the machine gives it. */
const cacheDisk = { deviceName: "logos-cache", path: "/dev/logos-cache" } as const;

/** What a node is born from. A template never changes: another one is made beside it, then the group moves over. */
export function declareTemplate(
  name: string,
  args: NodePoolArgs<GcpParts>,
  parent: pulumi.Resource,
  context: GcpContext,
): RegionInstanceTemplate {
  const { network, data, node, credentials } = args;
  const { project, region, labels } = context;
  const disk = {
    type: "PERSISTENT",
    mode: "READ_WRITE",
    diskType: "pd-balanced",
    autoDelete: true,
    diskEncryptionKey: { kmsKeySelfLink: data.disks.id },
    labels,
  };
  const settings = {
    ...settingsOf("node", credentials.secrets, network, context),
    LOGOS_IMAGE: args.imageDigest,
    LOGOS_DISK: cacheDisk.path,
    LOGOS_METRIC: metricType("rebuild_running_seconds", context),
  };
  return new RegionInstanceTemplate(
    `${name}-node`,
    {
      project,
      region,
      namePrefix: context.templatePrefix,
      description: `LOGOS node of image ${args.imageDigest}`,
      machineType: context.settings.nodeType,
      disks: [
        {
          ...disk,
          boot: true,
          deviceName: "logos-root",
          sourceImage: args.imageId,
          diskSizeGb: node.diskMb / mibPerGib,
        },
        // The cache is disposable: the object store is the truth.
        { ...disk, boot: false, deviceName: cacheDisk.deviceName, diskSizeGb: node.cacheDiskMb / mibPerGib },
      ],
      // Without an access configuration there is no public address, and without the tag no route out.
      networkInterfaces: [{ subnetwork: network.subnets.nodes.id, stackType: "IPV4_ONLY" }],
      canIpForward: false,
      labels,
      metadata: metadataOf(renderUserData({ born: "captured", settings, files: [] })),
      serviceAccount: { email: credentials.email, scopes },
      shieldedInstanceConfig: shielded,
      scheduling: {
        automaticRestart: true,
        onHostMaintenance: "MIGRATE",
        provisioningModel: "STANDARD",
        gracefulShutdown: { enabled: true, maxDuration: { seconds: drainSeconds } },
      },
      keyRevocationActionType: "STOP",
    },
    { parent, dependsOn: [args.image, data.disks.usable] },
  );
}
