import { numberAt, textAt } from "../cloud/paths.ts";
import type { Reference, Row } from "../cloud/table.ts";
import type { CloudView, Standing } from "../cloud/view.ts";
import { arn } from "./arn.ts";

const subnet = { to: "aws:ec2/subnet:Subnet" };
const securityGroup = { to: "aws:ec2/securityGroup:SecurityGroup" };
const key = { to: "aws:kms/key:Key" };
const profile = { to: "aws:iam/instanceProfile:InstanceProfile" };
/** Images of the vendors stand without us: `ami-` and eight digits here, ours have seventeen. */
const ami: Reference = { to: "aws:ec2/amiFromInstance:AmiFromInstance", external: /^ami-[0-9a-f]{8}$/, holds: false };

export const compute: Readonly<Record<string, Row>> = {
  "aws:ec2/instance:Instance": {
    required: ["ami", "instanceType"],
    id: (made) => made.fresh("i-"),
    outputs: {
      arn: ({ id }) => arn("ec2", `instance/${id}`),
      privateIp: (made) => textAt(made.inputs, "privateIp") ?? addressIn("10.0.0", made.id),
      publicIp: ({ id, inputs }) => (inputs.associatePublicIpAddress === true ? addressIn("203.0.113", id) : ""),
    },
    references: {
      ami,
      subnetId: subnet,
      "vpcSecurityGroupIds[]": securityGroup,
      iamInstanceProfile: profile,
      "rootBlockDevice.kmsKeyId": key,
    },
    replaceOn: ["ami", "subnetId", "associatePublicIpAddress", "rootBlockDevice.encrypted", "rootBlockDevice.kmsKeyId"],
    retries: true,
    machine: {
      privateAddress: ({ outputs }) => textAt(outputs, "privateIp"),
      // An address of its own, or one that was bound to it.
      publicAddress: (machine, cloud) => textAt(machine.outputs, "publicIp") || boundAddress(machine, cloud),
    },
  },
  "aws:ec2/amiFromInstance:AmiFromInstance": {
    image: true,
    name: {
      input: "name",
      pattern: /^[A-Za-z0-9()[\] ./\-'@_]+$/,
      what: "letters, digits and ()[] ./-'@_",
      min: 3,
      max: 128,
      unique: "cloud",
    },
    id: (made) => made.fresh("ami-"),
    outputs: { arn: ({ id }) => arn("ec2", `image/${id}`), rootDeviceName: () => "/dev/sda1" },
    references: { sourceInstanceId: { to: "aws:ec2/instance:Instance", holds: false } },
    replaceOn: ["name", "sourceInstanceId", "snapshotWithoutReboot"],
  },
  "aws:ec2/launchTemplate:LaunchTemplate": {
    name: {
      input: "name",
      pattern: /^[A-Za-z0-9()./_-]+$/,
      what: "letters, digits and ().-/_",
      min: 3,
      max: 128,
      unique: "cloud",
    },
    id: (made) => made.fresh("lt-"),
    outputs: {
      arn: ({ id }) => arn("ec2", `launch-template/${id}`),
      latestVersion: ({ cloud, id }) => {
        const before = cloud.find("aws:ec2/launchTemplate:LaunchTemplate", id);
        return (before === undefined ? 0 : (numberAt(before.outputs, "latestVersion") ?? 0)) + 1;
      },
    },
    renewed: ["latestVersion"],
    references: {
      imageId: ami,
      "vpcSecurityGroupIds[]": securityGroup,
      "networkInterfaces[].securityGroups[]": securityGroup,
      "iamInstanceProfile.name": profile,
      "iamInstanceProfile.arn": profile,
      "blockDeviceMappings[].ebs.kmsKeyId": key,
    },
    replaceOn: ["name"],
  },
  "aws:autoscaling/group:Group": {
    name: { input: "name", pattern: /^[^:]+$/, what: "without a colon", max: 255, unique: "cloud" },
    id: ({ name }) => name,
    outputs: { arn: ({ name }) => arn("autoscaling", `autoScalingGroup:*:autoScalingGroupName/${name}`) },
    references: {
      serviceLinkedRoleArn: { to: "aws:iam/serviceLinkedRole:ServiceLinkedRole" },
      "launchTemplate.id": { to: "aws:ec2/launchTemplate:LaunchTemplate" },
      "vpcZoneIdentifiers[]": subnet,
    },
    replaceOn: ["name"],
    group: {
      current: "desiredCapacity",
      limits: ({ inputs }) => ({ min: numberAt(inputs, "minSize") ?? 0, max: numberAt(inputs, "maxSize") ?? 0 }),
      template: ({ inputs }) =>
        `${textAt(inputs, "launchTemplate.id")} version ${numberAt(inputs, "launchTemplate.version") ?? textAt(inputs, "launchTemplate.version")}`,
      rolling: ({ inputs }) => (inputs.instanceRefresh === undefined ? undefined : { surge: 1, unavailable: 0 }),
    },
  },
};

function boundAddress(machine: Standing, cloud: CloudView): string | undefined {
  const bound = cloud.referrers(machine).find(({ type }) => type === "aws:ec2/eipAssociation:EipAssociation");
  const address = bound && cloud.referred(bound).find(({ type }) => type === "aws:ec2/eip:Eip");
  return address && textAt(address.outputs, "publicIp");
}

/** An address of a machine in this /24, told from its id: 10 to 249. */
function addressIn(prefix: string, id: string): string {
  return `${prefix}.${10 + (Number.parseInt(id.slice(-4), 16) % 240)}`;
}
