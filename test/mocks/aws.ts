import { defaults, type SubstrateConfig } from "../../core/config/schema.ts";
import type { MockSettings } from "./engine.ts";
import { labOutputs } from "./lab.ts";

const arn = (kind: string) => (_inputs: unknown, name: string) => ({ arn: `arn:aws:mock:::${kind}/${name}` });
const nothing = () => ({});

/** What AWS would answer, for every type that the program may declare. */
export const awsOutputs: MockSettings["outputs"] = {
  ...labOutputs,
  "pulumi:providers:aws": nothing,
  "aws:autoscaling/group:Group": arn("group"),
  "aws:autoscaling/notification:Notification": nothing,
  "aws:autoscaling/policy:Policy": arn("policy"),
  "aws:budgets/budget:Budget": arn("budget"),
  "aws:cloudwatch/logGroup:LogGroup": arn("log-group"),
  "aws:ebs/volume:Volume": arn("volume"),
  "aws:ec2/amiFromInstance:AmiFromInstance": () => ({ rootDeviceName: "/dev/sda1" }),
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": nothing,
  "aws:ec2/eip:Eip": (_inputs, name) => ({
    allocationId: `eipalloc-${name}`,
    publicIp: name === "bastion" ? "198.51.100.7" : "198.51.100.8",
  }),
  "aws:ec2/eipAssociation:EipAssociation": nothing,
  "aws:ec2/flowLog:FlowLog": nothing,
  "aws:ec2/instance:Instance": (inputs) => ({ privateIp: inputs.privateIp ?? "10.83.0.21" }),
  "aws:ec2/internetGateway:InternetGateway": nothing,
  "aws:ec2/launchTemplate:LaunchTemplate": () => ({ latestVersion: 7 }),
  "aws:ec2/natGateway:NatGateway": nothing,
  "aws:ec2/route:Route": nothing,
  "aws:ec2/routeTable:RouteTable": nothing,
  "aws:ec2/routeTableAssociation:RouteTableAssociation": nothing,
  "aws:ec2/securityGroup:SecurityGroup": nothing,
  "aws:ec2/subnet:Subnet": nothing,
  "aws:ec2/volumeAttachment:VolumeAttachment": nothing,
  "aws:ec2/vpc:Vpc": nothing,
  "aws:ec2/vpcEndpoint:VpcEndpoint": () => ({ prefixListId: "pl-6ea54007" }),
  "aws:ec2transitgateway/instanceConnectEndpoint:InstanceConnectEndpoint": nothing,
  "aws:ec2transitgateway/instanceState:InstanceState": nothing,
  "aws:iam/instanceProfile:InstanceProfile": nothing,
  "aws:iam/role:Role": arn("role"),
  "aws:iam/rolePolicy:RolePolicy": nothing,
  "aws:iam/serviceLinkedRole:ServiceLinkedRole": arn("role"),
  "aws:kms/alias:Alias": nothing,
  "aws:kms/key:Key": (_inputs, name) => ({ keyId: `key-${name}`, arn: `arn:aws:kms:::key/${name}` }),
  "aws:s3/bucket:Bucket": nothing,
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": nothing,
  "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": nothing,
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": nothing,
  "aws:s3/bucketPolicy:BucketPolicy": nothing,
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": nothing,
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": nothing,
  "aws:s3/bucketVersioning:BucketVersioning": nothing,
  "aws:secretsmanager/secret:Secret": arn("secret"),
  "aws:secretsmanager/secretVersion:SecretVersion": nothing,
  "aws:sns/topic:Topic": arn("topic"),
  "aws:sns/topicPolicy:TopicPolicy": nothing,
  "aws:sns/topicSubscription:TopicSubscription": nothing,
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": nothing,
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": nothing,
};

export const awsConfig: SubstrateConfig = {
  ...defaults,
  place: {
    target: "aws",
    aws: {
      region: "eu-central-1",
      account: "123456789012",
      zones: "abc",
      baseImage: "ami-0123456789abcdef0",
      nodeType: "c7i.2xlarge",
    },
  },
  node: { cpus: 8, memoryMb: 15_360, diskGb: 50, cacheGb: 100 },
  network: { ...defaults.network, packageRanges: ["91.189.88.0/21"] },
  access: { ...defaults.access, ranges: ["203.0.113.0/29"] },
  alerts: { ...defaults.alerts, email: "operators@example.org" },
};
