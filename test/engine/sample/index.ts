/**
 * What every target has, as small as it can be: a network, data that is kept, a builder with a smoke rebuild, a captured image, a
 * group of machines. It is on the simulated AWS because the scenarios need some cloud.
 */
import { Group } from "@pulumi/aws/autoscaling/group.js";
import { AmiFromInstance } from "@pulumi/aws/ec2/amiFromInstance.js";
import { Instance } from "@pulumi/aws/ec2/instance.js";
import { LaunchTemplate } from "@pulumi/aws/ec2/launchTemplate.js";
import { SecurityGroup } from "@pulumi/aws/ec2/securityGroup.js";
import { Subnet } from "@pulumi/aws/ec2/subnet.js";
import { Vpc } from "@pulumi/aws/ec2/vpc.js";
import { InstanceProfile } from "@pulumi/aws/iam/instanceProfile.js";
import { Role } from "@pulumi/aws/iam/role.js";
import { Key } from "@pulumi/aws/kms/key.js";
import { Bucket } from "@pulumi/aws/s3/bucket.js";
import { Command } from "@pulumi/command/remote/command.js";
import * as pulumi from "@pulumi/pulumi";
import { SshKey } from "../../../components/lab/sdk.ts";
import { pinnedConnection } from "../../../components/remote/connection.ts";
import type { Mistake } from "./subject.ts";

const config = new pulumi.Config();
const pool = config.requireObject<{ min: number; max: number }>("pool");
const recipe = config.require("recipe");
/** One of the mistakes of `subject.ts`, which the scenarios have to find. */
const makes = (mistake: Mistake) => config.get("mistake") === mistake;
const isProtected = !makes("protects nothing");

const vpc = new Vpc("vpc", { cidrBlock: "10.0.0.0/16", tags: { at: makes("drifts") ? String(Date.now()) : "" } });
const subnet = new Subnet("subnet", { vpcId: vpc.id, cidrBlock: "10.0.1.0/24", availabilityZone: "eu-central-1a" });
const group = new SecurityGroup("nodes", { vpcId: vpc.id, description: "nodes" });

const key = new Key("data", { enableKeyRotation: true }, { protect: isProtected });
const audit = new Bucket("audit", { objectLockEnabled: true }, { protect: isProtected });

const role = new Role("node", { assumeRolePolicy: '{ "Version": "2012-10-17", "Statement": [] }' });
const profile = new InstanceProfile("node", { role: role.name });

const operatorKey = new SshKey("operator", { comment: "operator" }, {});
const hostKey = new SshKey("host", { comment: "host" }, {});
const machine = {
  ami: "ami-0000abcd",
  instanceType: "c7i.2xlarge",
  subnetId: subnet.id,
  vpcSecurityGroupIds: [group.id],
  iamInstanceProfile: profile.name,
};
const bastion = new Instance("bastion", { ...machine, associatePublicIpAddress: true });
const hop = { address: bastion.publicIp, hostKey: hostKey.publicKey };
const bastionReady = new Command(
  "bastion-ready",
  {
    connection: pinnedConnection(hop, operatorKey.privateKey, undefined),
    create: "true",
    triggers: [bastion.id],
    addPreviousOutputInEnv: false,
  },
  { deletedWith: bastion },
);

const builder = new Instance(`builder-${recipe}`, {
  ...machine,
  rootBlockDevice: { encrypted: true, kmsKeyId: key.arn },
});
const connection = pinnedConnection(
  { address: builder.privateIp, hostKey: hostKey.publicKey },
  operatorKey.privateKey,
  hop,
);
const smoke = new Command(
  `image-${recipe}-smoke`,
  { connection, create: "true", triggers: [builder.id], addPreviousOutputInEnv: false },
  { deletedWith: builder, dependsOn: [bastionReady] },
);
const image = new AmiFromInstance(
  `image-${recipe}`,
  { sourceInstanceId: builder.id },
  // Old images stay for rollback. None has a name of ours: a stack that comes up again would meet its own.
  { dependsOn: makes("captures before the smoke") ? [] : [smoke], retainOnDelete: !makes("lets old images go") },
);

const template = new LaunchTemplate("node", {
  imageId: image.id,
  instanceType: "c7i.2xlarge",
  vpcSecurityGroupIds: [group.id],
  iamInstanceProfile: { arn: profile.arn },
  updateDefaultVersion: true,
});
new Group("pool", {
  minSize: pool.min,
  maxSize: pool.max,
  vpcZoneIdentifiers: [subnet.id],
  launchTemplate: { id: template.id, version: pulumi.interpolate`${template.latestVersion}` },
  ...(makes("fixes the number") ? { desiredCapacity: pool.min } : {}),
  ...(makes("leaves machines as they are") ? {} : { instanceRefresh: { strategy: "Rolling" } }),
});

export const bucket = audit.bucket;
export const network = vpc.id;
