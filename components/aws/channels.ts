import { Budget } from "@pulumi/aws/budgets/budget.js";
import { LogGroup } from "@pulumi/aws/cloudwatch/logGroup.js";
import { Topic } from "@pulumi/aws/sns/topic.js";
import { TopicPolicy } from "@pulumi/aws/sns/topicPolicy.js";
import { TopicSubscription } from "@pulumi/aws/sns/topicSubscription.js";
import type * as pulumi from "@pulumi/pulumi";
import { gatedFeature } from "../../core/slurm/names.ts";
import { Channels, type ChannelsArgs } from "../contract.ts";
import type { Account } from "./account.ts";
import type { AwsParts } from "./parts.ts";
import { policyDocument } from "./policy.ts";

/** Days that what machines wrote is kept. The audit log is no part of it. */
const logDays = 365;

export class AwsChannels extends Channels {
  readonly alarmId: pulumi.Output<string>;
  readonly logId: pulumi.Output<string>;

  constructor(name: string, args: ChannelsArgs<AwsParts>, account: Account, opts: pulumi.ComponentResourceOptions) {
    super(name, args, opts);
    const topic = new Topic(
      name,
      { name: account.name("alarms"), kmsMasterKeyId: args.data.keyArn, tags: account.tags("alarms") },
      { parent: this },
    );
    const policy = new TopicPolicy(
      name,
      {
        arn: topic.arn,
        policy: policyDocument([
          {
            Sid: "AlarmsSpeak",
            Effect: "Allow",
            Principal: { Service: ["cloudwatch.amazonaws.com", "budgets.amazonaws.com"] },
            Action: "sns:Publish",
            Resource: topic.arn,
            Condition: { StringEquals: { "aws:SourceAccount": account.settings.account } },
          },
          {
            Sid: "PoolSpeaks",
            Effect: "Allow",
            Principal: { AWS: args.data.scalingRole },
            Action: "sns:Publish",
            Resource: topic.arn,
          },
          {
            Sid: "NoPlainText",
            Effect: "Deny",
            Principal: "*",
            Action: "sns:Publish",
            Resource: topic.arn,
            Condition: { Bool: { "aws:SecureTransport": "false" } },
          },
        ]),
      },
      { parent: this },
    );
    if (args.email !== "") {
      new TopicSubscription(
        `${name}-email`,
        { topic: topic.arn, protocol: "email", endpoint: args.email },
        { parent: this },
      );
    }
    const logs = new LogGroup(
      name,
      {
        name: `${account.logGroup}/machines`,
        retentionInDays: logDays,
        kmsKeyId: args.data.keyArn,
        tags: account.tags("logs"),
      },
      { parent: this },
    );
    const speaks = {
      comparisonOperator: "GREATER_THAN",
      threshold: 100,
      thresholdType: "PERCENTAGE",
      subscriberSnsTopicArns: [topic.arn],
    };
    new Budget(
      name,
      {
        name: account.name("budget"),
        budgetType: "COST",
        timeUnit: "MONTHLY",
        limitAmount: String(args.monthlyBudgetUsd),
        limitUnit: "USD",
        // Sees nothing until the tag is made a cost allocation tag of the account, which no resource of it can do.
        costFilters: [{ name: "TagKeyValue", values: [`user:${gatedFeature}$true`] }],
        notifications: [
          { ...speaks, notificationType: "ACTUAL" },
          { ...speaks, notificationType: "FORECASTED" },
        ],
        tags: account.tags("budget"),
      },
      // A budget whose topic does not let it speak is refused.
      { parent: this, dependsOn: [policy] },
    );
    this.alarmId = topic.arn;
    this.logId = logs.arn;
    this.registerOutputs({ alarmId: this.alarmId, logId: this.logId });
  }
}
