import { Group } from "@pulumi/aws/autoscaling/group.js";
import { Notification } from "@pulumi/aws/autoscaling/notification.js";
import { Policy } from "@pulumi/aws/autoscaling/policy.js";
import type * as pulumi from "@pulumi/pulumi";
import { demandMetric } from "../cloud/demand.ts";
import { NodePool, type NodePoolArgs } from "../contract.ts";
import type { Account } from "./account.ts";
import { promisedAlarms } from "./alarms.ts";
import type { AwsParts } from "./parts.ts";
import { launchTemplate } from "./template.ts";

/** Seconds that a node which is to go may work on: after them its jobs are requeued. The most that a hook takes. */
const drainSeconds = 7200;

/** CPU beyond which the pool grows though the scheduler does not ask for it. Only the demand makes it smaller. */
const busyPercent = 90;

/** The group owns the number of nodes; this program its bounds, its image and what a node must answer. */
export class AwsNodePool extends NodePool {
  constructor(name: string, args: NodePoolArgs<AwsParts>, account: Account, opts: pulumi.ComponentResourceOptions) {
    super(name, args, opts);
    const { network, data, channels, controlPlane, credentials } = args;
    const template = launchTemplate(name, args, account, this);
    const groupName = account.pool;
    const group = new Group(
      name,
      {
        name: groupName,
        minSize: args.min,
        maxSize: args.max,
        // No desiredCapacity: each `up` would put the number back.
        vpcZoneIdentifiers: network.nodes.map(({ id }) => id),
        // A number, never "$Latest": that one starts no replacement.
        launchTemplate: { id: template.id, version: template.latestVersion.apply(String) },
        serviceLinkedRoleArn: data.scalingRole,
        healthCheckType: "EC2",
        healthCheckGracePeriod: args.readyTimeoutSeconds,
        defaultInstanceWarmup: args.readyTimeoutSeconds,
        // A new node first, then an old one goes; with all of the pool at work there must be room for that.
        instanceMaintenancePolicy: { minHealthyPercentage: 100, maxHealthyPercentage: 134 },
        instanceRefresh: {
          strategy: "Rolling",
          preferences: { minHealthyPercentage: 100, maxHealthyPercentage: 134, skipMatching: true },
        },
        initialLifecycleHooks: [
          {
            name: "gate",
            lifecycleTransition: "autoscaling:EC2_INSTANCE_LAUNCHING",
            heartbeatTimeout: args.readyTimeoutSeconds,
            // A node that does not say that it passed is replaced.
            defaultResult: "ABANDON",
          },
          {
            name: "drain",
            lifecycleTransition: "autoscaling:EC2_INSTANCE_TERMINATING",
            heartbeatTimeout: drainSeconds,
            defaultResult: "CONTINUE",
          },
        ],
        ...(args.standby === 0
          ? {}
          : {
              warmPool: {
                poolState: "Stopped",
                minSize: args.standby,
                // What is prepared beyond the group's number: without it, as many as the pool may ever have.
                maxGroupPreparedCapacity: args.min + args.standby,
                instanceReusePolicy: { reuseOnScaleIn: false },
              },
            }),
        enabledMetrics: ["GroupInServiceInstances", "GroupDesiredCapacity", "GroupTotalInstances"],
        metricsGranularity: "1Minute",
        // The oldest template goes first: what is replaced is what is out of date.
        terminationPolicies: ["OldestLaunchTemplate", "OldestInstance"],
        // Every one of the first nodes has to pass its gate; the provider would give up after ten minutes.
        waitForCapacityTimeout: "60m",
        tags: Object.entries(account.tags("node")).map(([key, value]) => ({ key, value, propagateAtLaunch: true })),
      },
      {
        parent: this,
        // No node starts before its image is captured, the scheduler answers, and its credentials can be read.
        dependsOn: [args.image, controlPlane, ...network.endpoints, ...credentials.ready],
        customTimeouts: { create: "70m", update: "70m", delete: "130m" },
      },
    );
    scaleByDemand(this, name, group, groupName, account);
    promisedAlarms(this, name, channels.alarmId, account);
    new Policy(
      `${name}-busy`,
      {
        name: account.name("busy"),
        autoscalingGroupName: group.name,
        policyType: "TargetTrackingScaling",
        targetTrackingConfiguration: {
          predefinedMetricSpecification: { predefinedMetricType: "ASGAverageCPUUtilization" },
          targetValue: busyPercent,
          disableScaleIn: true,
        },
      },
      { parent: this },
    );
    new Notification(
      name,
      {
        groupNames: [group.name],
        topicArn: channels.alarmId,
        notifications: ["autoscaling:EC2_INSTANCE_LAUNCH_ERROR", "autoscaling:EC2_INSTANCE_TERMINATE_ERROR"],
      },
      { parent: this },
    );
    this.registerOutputs({ min: args.min, max: args.max, imageDigest: args.imageDigest });
  }
}

/** Nodes wanted for each node in service, kept at one: so many nodes as are wanted. */
function scaleByDemand(parent: NodePool, name: string, group: Group, groupName: string, account: Account): void {
  new Policy(
    `${name}-demand`,
    {
      name: account.name("demand"),
      autoscalingGroupName: group.name,
      policyType: "TargetTrackingScaling",
      targetTrackingConfiguration: {
        targetValue: 1,
        customizedMetricSpecification: {
          metrics: [
            {
              id: "wanted",
              returnData: false,
              metricStat: {
                stat: "Maximum",
                metric: {
                  namespace: demandMetric.namespace,
                  metricName: demandMetric.name,
                  dimensions: [{ name: "Pool", value: groupName }],
                },
              },
            },
            {
              id: "serving",
              returnData: false,
              metricStat: {
                stat: "Average",
                metric: {
                  namespace: "AWS/AutoScaling",
                  metricName: "GroupInServiceInstances",
                  dimensions: [{ name: "AutoScalingGroupName", value: groupName }],
                },
              },
            },
            { id: "load", label: "Nodes wanted for each in service", expression: "wanted / serving", returnData: true },
          ],
        },
      },
    },
    { parent },
  );
}
