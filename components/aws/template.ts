import { LaunchTemplate } from "@pulumi/aws/ec2/launchTemplate.js";
import type * as pulumi from "@pulumi/pulumi";
import { renderUserData } from "../cloud/user-data.ts";
import type { NodePoolArgs } from "../contract.ts";
import type { Account } from "./account.ts";
import { machineSettings, metadataOptions } from "./machine.ts";
import type { AwsParts } from "./parts.ts";

const mibPerGib = 1024;

/** What a node is born from. Switches of disks and interfaces are words here, not truth values. */
export function launchTemplate(
  name: string,
  { network, data, image, imageId, imageDigest, node, credentials }: NodePoolArgs<AwsParts>,
  account: Account,
  parent: pulumi.Resource,
): LaunchTemplate {
  const tags = account.tags("node");
  const disk = { encrypted: "true", kmsKeyId: data.keyArn, volumeType: "gp3", deleteOnTermination: "true" };
  return new LaunchTemplate(
    name,
    {
      name: account.name("node"),
      imageId,
      instanceType: account.settings.nodeType,
      ebsOptimized: "true",
      iamInstanceProfile: { name: credentials.profile },
      metadataOptions,
      // One value a minute, as the pool's policies need it.
      monitoring: { enabled: true },
      // A node that fails its gate or its hardware is replaced, never revived.
      maintenanceOptions: { autoRecovery: "disabled" },
      networkInterfaces: [
        {
          deviceIndex: 0,
          associatePublicIpAddress: "false",
          deleteOnTermination: "true",
          securityGroups: [...network.groups("node")],
        },
      ],
      blockDeviceMappings: [
        { deviceName: image.rootDevice, ebs: { ...disk, volumeSize: node.diskMb / mibPerGib } },
        // The cache is disposable: the object store is the truth.
        { deviceName: "/dev/sdf", ebs: { ...disk, volumeSize: node.cacheDiskMb / mibPerGib } },
      ],
      tagSpecifications: ["instance", "volume", "network-interface"].map((resourceType) => ({ resourceType, tags })),
      userData: Buffer.from(
        renderUserData({
          born: "captured",
          settings: {
            ...machineSettings("node", network, account),
            LOGOS_IMAGE: imageDigest,
            LOGOS_DISK: "/dev/logos-cache",
            LOGOS_GROUP: account.pool,
          },
          files: [],
        }),
      ).toString("base64"),
      updateDefaultVersion: true,
      tags: account.tags("template"),
    },
    { parent },
  );
}
