import type { Row } from "../cloud/table.ts";
import { account, arn } from "./arn.ts";

const key = { to: "aws:kms/key:Key" };
const topic = { to: "aws:sns/topic:Topic" };
const group = { to: "aws:autoscaling/group:Group" };
const instance = { to: "aws:ec2/instance:Instance" };

/** What is around machines: rights, disks, alarms, the policies of the pool. */
export const operations: Readonly<Record<string, Row>> = {
  "aws:iam/rolePolicy:RolePolicy": {
    id: (made) => `${made.text("role")}:${made.name}`,
    name: { input: "name", pattern: /^[\w+=,.@-]+$/, what: "letters, digits and _+=,.@-", max: 128 },
    references: { role: { to: "aws:iam/role:Role" } },
    replaceOn: ["role", "name"],
    retries: true,
  },
  "aws:iam/serviceLinkedRole:ServiceLinkedRole": {
    id: (made) => roleArn(made.inputs),
    outputs: { arn: ({ id }) => id, name: ({ id }) => id.slice(id.lastIndexOf("/") + 1) },
    replaceOn: ["awsServiceName", "customSuffix"],
    // "Role names are limited to 64 characters": the suffix is what is left of them.
    check: ({ customSuffix }) =>
      typeof customSuffix === "string" && `AWSServiceRoleForAutoScaling_${customSuffix}`.length > 64
        ? "InvalidInput: the name of the role would be longer than 64 characters"
        : undefined,
    settlesAfter: 300,
  },
  "aws:kms/alias:Alias": {
    name: {
      input: "name",
      pattern: /^alias\/[A-Za-z0-9/_-]+$/,
      what: "alias/ and letters, digits and /_-",
      max: 256,
      unique: "cloud",
    },
    id: ({ name }) => name,
    outputs: { arn: ({ name }) => arn("kms", name) },
    references: { targetKeyId: key },
    replaceOn: ["name"],
  },
  "aws:ebs/volume:Volume": {
    exactlyOne: [["size", "snapshotId"]],
    id: (made) => made.fresh("vol-"),
    outputs: { arn: ({ id }) => arn("ec2", `volume/${id}`) },
    references: { kmsKeyId: key },
    replaceOn: ["availabilityZone", "encrypted", "kmsKeyId", "snapshotId"],
  },
  "aws:ec2/volumeAttachment:VolumeAttachment": {
    id: (made) => made.fresh("vai-"),
    references: { volumeId: { to: "aws:ebs/volume:Volume" }, instanceId: instance },
    replaceOn: ["deviceName", "instanceId", "volumeId"],
  },
  "aws:ec2transitgateway/instanceState:InstanceState": {
    id: (made) => made.text("instanceId"),
    references: { instanceId: instance },
    replaceOn: ["instanceId"],
    check: ({ state }) =>
      typeof state === "string" && state !== "stopped" && state !== "running"
        ? `expected state to be one of ["running" "stopped"], got ${state}`
        : undefined,
    onCreate({ inputs }, cloud) {
      const machine = cloud.find("aws:ec2/instance:Instance", String(inputs.instanceId));
      if (machine !== undefined) cloud.remember(machine, { ...machine.live, running: inputs.state === "running" });
    },
  },
  "aws:cloudwatch/logGroup:LogGroup": {
    name: {
      input: "name",
      pattern: /^[A-Za-z0-9_\-/.#]+$/,
      what: "letters, digits and _-/.#",
      max: 512,
      unique: "cloud",
    },
    id: ({ name }) => name,
    outputs: { arn: ({ name }) => arn("logs", `log-group:${name}`) },
    handles: ["arn"],
    references: { kmsKeyId: key },
    replaceOn: ["name"],
  },
  "aws:cloudwatch/metricAlarm:MetricAlarm": {
    required: ["metricName", "namespace", "period", "statistic", "threshold"],
    name: { input: "name", pattern: /^[^:]+$/, what: "without a colon", max: 255, unique: "cloud" },
    id: ({ name }) => name,
    outputs: { arn: ({ name }) => arn("cloudwatch", `alarm:${name}`) },
    references: { "alarmActions[]": topic, "okActions[]": topic },
    replaceOn: ["name"],
  },
  "aws:dlm/lifecyclePolicy:LifecyclePolicy": {
    id: (made) => made.fresh("policy-"),
    outputs: { arn: ({ id }) => arn("dlm", `policy/${id}`) },
    references: { executionRoleArn: { to: "aws:iam/role:Role" } },
    replaceOn: [],
    retries: true,
  },
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": {
    id: (made) => `${made.text("role")}-${made.fresh("", 12)}`,
    references: { role: { to: "aws:iam/role:Role" }, policyArn: { to: [], external: /^arn:aws:iam::aws:policy\// } },
    replaceOn: ["role", "policyArn"],
    // As rolePolicy: IAM itself knows what it has just made; it is the other services that do not.
    retries: true,
  },
  "aws:sns/topic:Topic": {
    name: { input: "name", pattern: /^[A-Za-z0-9_-]+$/, what: "letters, digits, _ and -", max: 256, unique: "cloud" },
    id: ({ name }) => arn("sns", name),
    outputs: { arn: ({ id }) => id },
    references: { kmsMasterKeyId: key },
    replaceOn: ["name"],
  },
  "aws:sns/topicPolicy:TopicPolicy": {
    id: (made) => made.text("arn"),
    references: { arn: topic },
    replaceOn: ["arn"],
  },
  "aws:sns/topicSubscription:TopicSubscription": {
    id: (made) => `${made.text("topic")}:${made.fresh("", 12)}`,
    outputs: { arn: ({ id }) => id },
    references: { topic },
    replaceOn: ["endpoint", "protocol", "topic"],
  },
  "aws:budgets/budget:Budget": {
    name: { input: "name", pattern: /^[^:\\]+$/, what: "without colon and backslash", max: 100, unique: "cloud" },
    id: ({ name }) => `${account}:${name}`,
    outputs: { arn: ({ name }) => arn("budgets", `budget/${name}`) },
    references: { "notifications[].subscriberSnsTopicArns[]": topic },
    replaceOn: ["name"],
  },
  "aws:autoscaling/policy:Policy": {
    required: ["policyType"],
    name: {
      input: "name",
      pattern: /^[^:]+$/,
      what: "without a colon",
      max: 255,
      unique: { within: ["autoscalingGroupName"] },
    },
    id: ({ name }) => name,
    outputs: { arn: (made) => arn("autoscaling", `scalingPolicy:${made.fresh("", 12)}`) },
    references: { autoscalingGroupName: group },
    replaceOn: ["name", "autoscalingGroupName"],
  },
  "aws:autoscaling/notification:Notification": {
    id: (made) => made.text("topicArn"),
    references: { "groupNames[]": group, topicArn: topic },
    replaceOn: ["topicArn"],
  },
};

function roleArn(inputs: Readonly<Record<string, unknown>>): string {
  return `arn:aws:iam::${account}:role/aws-service-role/${inputs.awsServiceName}/AWSServiceRoleForAutoScaling_${inputs.customSuffix}`;
}
