import { type CostTable, hoursPerMonth, type InventoryItem, numberAt, perNode, priceOf, textAt } from "./cost.ts";

/**
 * US dollars an hour, on demand, Linux, eu-central-1. Estimates from list prices as remembered on the day of the table:
 * they say how large a bill is, not what it is. https://aws.amazon.com/ec2/pricing/on-demand/
 */
const hourly = {
  "t3.micro": 0.012,
  "t3.small": 0.024,
  "t4g.micro": 0.0096,
  "t4g.small": 0.0192,
  "c7i.2xlarge": 0.408,
  "c7a.2xlarge": 0.469,
  "c8i.2xlarge": 0.429,
  "c8a.2xlarge": 0.492,
  "m7i.2xlarge": 0.483,
  "m7a.2xlarge": 0.556,
  "c7g.2xlarge": 0.331,
  "c8g.2xlarge": 0.364,
  "m7g.2xlarge": 0.39,
};
/** A GiB of gp3 for a month. */
const gp3 = 0.095;
const publicAddress = 0.005 * hoursPerMonth;

function machine(item: InventoryItem): number {
  return priceOf(hourly, textAt(item, "instanceType"), "AWS instance types") * hoursPerMonth;
}

function disks(template: InventoryItem): number {
  return (
    (numberAt(template, "blockDeviceMappings.0.ebs.volumeSize") +
      numberAt(template, "blockDeviceMappings.1.ebs.volumeSize")) *
    gp3
  );
}

export const awsCosts: CostTable = {
  asOf: "2026-11-25",
  region: "eu-central-1",
  priced: {
    "aws:ec2/instance:Instance": (item) => {
      const disk = numberAt(item, "rootBlockDevice.volumeSize") * gp3;
      const type = textAt(item, "instanceType");
      // It runs for the minutes of a bake, then is off: its disk stays.
      if (item.name.endsWith("-builder")) return { usd: disk, basis: `${type}, off but for bakes; its disk` };
      return { usd: machine(item) + disk, basis: `${type} and its disk` };
    },
    "aws:autoscaling/group:Group": (_item, all) => {
      const template = all.find(({ type }) => type === "aws:ec2/launchTemplate:LaunchTemplate");
      if (template === undefined) throw new TypeError("There is no launch template beside the group");
      return perNode(
        all,
        machine(template) + disks(template),
        disks(template),
        `${textAt(template, "instanceType")} with its disks`,
      );
    },
    "aws:ebs/volume:Volume": (item) => ({
      usd: numberAt(item, "size") * gp3,
      basis: `${numberAt(item, "size")} GiB gp3`,
    }),
    "aws:ec2/amiFromInstance:AmiFromInstance": () => ({ usd: 12 * 0.054, basis: "snapshot, about 12 GiB" }),
    "aws:ec2/natGateway:NatGateway": () => ({
      usd: 0.052 * hoursPerMonth,
      basis: "the gateway; a GB through it is 0.052",
    }),
    "aws:ec2/eip:Eip": () => ({ usd: publicAddress, basis: "one public IPv4 address" }),
    "aws:ec2/vpcEndpoint:VpcEndpoint": (item) =>
      textAt(item, "vpcEndpointType") === "Gateway"
        ? { usd: 0, basis: "gateways to S3 are free" }
        : { usd: 0.012 * hoursPerMonth, basis: "private end in one zone" },
    "aws:kms/key:Key": () => ({ usd: 1, basis: "the key; a rotation adds one, twice at most" }),
    "aws:secretsmanager/secret:Secret": () => ({ usd: 0.4, basis: "one secret" }),
    "aws:s3/bucket:Bucket": (item) => ({ usd: 100 * 0.0245, basis: `100 GB of ${item.name}, standard class` }),
    "aws:cloudwatch/logGroup:LogGroup": () => ({ usd: 2 * 0.63, basis: "2 GB of logs" }),
    "aws:cloudwatch/metricAlarm:MetricAlarm": () => ({ usd: 0.1, basis: "one alarm" }),
    "aws:dlm/lifecyclePolicy:LifecyclePolicy": () => ({
      usd: 5 * 0.054,
      basis: "changes of a state disk, about 5 GiB",
    }),
    "aws:autoscaling/policy:Policy": () => ({ usd: 0.3, basis: "a metric of our own, or the like" }),
  },
  free: [
    "aws:autoscaling/notification:Notification",
    "aws:budgets/budget:Budget",
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
    "aws:ec2/eipAssociation:EipAssociation",
    "aws:ec2/flowLog:FlowLog",
    "aws:ec2/internetGateway:InternetGateway",
    "aws:ec2/launchTemplate:LaunchTemplate",
    "aws:ec2/route:Route",
    "aws:ec2/routeTable:RouteTable",
    "aws:ec2/routeTableAssociation:RouteTableAssociation",
    "aws:ec2/securityGroup:SecurityGroup",
    "aws:ec2/subnet:Subnet",
    "aws:ec2/volumeAttachment:VolumeAttachment",
    "aws:ec2/vpc:Vpc",
    "aws:ec2/vpcSecurityGroupRulesExclusive:VpcSecurityGroupRulesExclusive",
    "aws:ec2transitgateway/instanceConnectEndpoint:InstanceConnectEndpoint",
    "aws:ec2transitgateway/instanceState:InstanceState",
    "aws:iam/instanceProfile:InstanceProfile",
    "aws:iam/role:Role",
    "aws:iam/rolePolicy:RolePolicy",
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    "aws:iam/serviceLinkedRole:ServiceLinkedRole",
    "aws:kms/alias:Alias",
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    "aws:s3/bucketLogging:BucketLogging",
    "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
    "aws:s3/bucketPolicy:BucketPolicy",
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    "aws:s3/bucketVersioning:BucketVersioning",
    "aws:secretsmanager/secretVersion:SecretVersion",
    "aws:sns/topic:Topic",
    "aws:sns/topicPolicy:TopicPolicy",
    "aws:sns/topicSubscription:TopicSubscription",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
  ],
};
