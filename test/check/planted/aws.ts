import type { Plant } from "./plant.ts";

const plant = (
  rule: string,
  what: string,
  type: string,
  ending: string,
  set: Plant["set"],
  options?: Plant["options"],
): Plant => ({
  stack: "aws",
  rule,
  what,
  type: `aws:${type}`,
  ending,
  ...(set === undefined ? {} : { set }),
  ...(options === undefined ? {} : { options }),
});

const ingressRule = "vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const template = "ec2/launchTemplate:LaunchTemplate";

export const aws: readonly Plant[] = [
  plant("N01", "SSH to the bastion from everywhere", ingressRule, "-to-bastion-22", { cidrIpv4: "0.0.0.0/0" }),
  plant("N02", "SSH to the bastion from half of the internet", ingressRule, "-to-bastion-22", {
    cidrIpv4: "128.0.0.0/1",
  }),
  plant("N02", "a source that updates leave alone", ingressRule, "-to-bastion-22", undefined, {
    ignoreChanges: ["cidrIpv4"],
  }),
  plant("N02", "everything to nodes, inside the group itself", "ec2/securityGroup:SecurityGroup", "firewall-node", {
    ingress: [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"], description: "all" }],
  }),
  plant("Q13", "SSH to nodes from a group that is not the bastion's", ingressRule, "from-bastion-to-node-22", {
    referencedSecurityGroupId: "sg-0a1b2c3d4e5f60718",
  }),
  plant(
    "N03",
    "a way out to everywhere",
    "vpc/securityGroupEgressRule:SecurityGroupEgressRule",
    "of-node-to-endpoints-443",
    {
      referencedSecurityGroupId: undefined,
      cidrIpv4: "0.0.0.0/0",
    },
  ),
  plant("N07", "nodes with public addresses", template, "pool", {
    networkInterfaces: [{ associatePublicIpAddress: "true" }],
  }),
  plant("N08", "a subnet that gives public addresses", "ec2/subnet:Subnet", "nodes-0", { mapPublicIpOnLaunch: true }),
  plant(
    "N24",
    "an audit bucket that a policy may open",
    "s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    "data-audit",
    {
      blockPublicPolicy: false,
    },
  ),
  plant("E02", "a node's disk in the clear", template, "pool", { "blockDeviceMappings.1.ebs.encrypted": "false" }),
  plant("E09", "a key that never changes", "kms/key:Key", "data", { enableKeyRotation: false }),
  plant("M01", "metadata without tokens", template, "pool", { "metadataOptions.httpTokens": "optional" }),
  plant("I04", "a role for everybody", "iam/role:Role", "data-operator", {
    assumeRolePolicy: JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { AWS: "*" }, Action: "sts:AssumeRole" }],
    }),
  }),
  plant("Q01a", "a group of twelve", "autoscaling/group:Group", "pool", { maxSize: 12 }),
  plant("Q02", "nodes of half the size", template, "pool", { instanceType: "c7i.xlarge" }),
  plant("Q08", "an audit bucket that can be emptied", "s3/bucket:Bucket", "data-audit", { forceDestroy: true }),
  plant("Q18", "an audit bucket without protection", "s3/bucket:Bucket", "data-audit", undefined, { protect: false }),
  {
    ...plant("Q08", "an audit bucket that nothing tells as one", "s3/bucket:Bucket", "data-audit", { tags: {} }),
    foundOn: "logos:substrate:Data",
  },
  plant(
    "W02",
    "a lock that a right lifts",
    "s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
    "data-audit",
    {
      "rule.defaultRetention.mode": "GOVERNANCE",
    },
  ),
  plant("L06", "flows forgotten after a month", "cloudwatch/logGroup:LogGroup", "network-flows", {
    retentionInDays: 30,
  }),
  plant("L07", "an alarm that nobody hears", "cloudwatch/metricAlarm:MetricAlarm", "pool-slow-rebuild", {
    alarmActions: [],
  }),
];
