import { Budget } from "@pulumi/gcp/billing/budget.js";
import { ProjectBucketConfig } from "@pulumi/gcp/logging/projectBucketConfig.js";
import { ProjectSink } from "@pulumi/gcp/logging/projectSink.js";
import { NotificationChannel } from "@pulumi/gcp/monitoring/notificationChannel.js";
import { Topic } from "@pulumi/gcp/pubsub/topic.js";
import { TopicIAMMember } from "@pulumi/gcp/pubsub/topicIAMMember.js";
import type * as pulumi from "@pulumi/pulumi";
import { Channels, type ChannelsArgs } from "../contract.ts";
import { declareAlarms } from "./alarms.ts";
import type { GcpContext } from "./context.ts";
import type { GcpParts } from "./parts.ts";

/** How long logs of machines and flows are kept where they can be searched. The audit log has a store of its own. */
const logDays = 365;

/** Where alarms and logs go: a topic for programs, mail for people, a log bucket, and the budget's alarm. */
export class GcpChannels extends Channels {
  readonly alarmId: pulumi.Output<string>;
  readonly logId: pulumi.Output<string>;
  /** Every channel that an alarm speaks through. */
  readonly all: readonly pulumi.Output<string>[];

  constructor(name: string, args: ChannelsArgs<GcpParts>, opts: pulumi.ComponentResourceOptions, context: GcpContext) {
    super(name, args, opts);
    const { project, labels } = context;
    const child = { parent: this };
    const topic = new Topic(context.logical(name, "alarms"), { project, labels }, child);
    const spoken = new TopicIAMMember(
      `${name}-alarms`,
      {
        project,
        topic: topic.name,
        role: "roles/pubsub.publisher",
        member: context.agent("gcp-sa-monitoring-notification"),
      },
      child,
    );
    const channel = (how: string, type: string, address: Record<string, pulumi.Input<string>>) =>
      new NotificationChannel(
        `${name}-${how}`,
        { project, displayName: `LOGOS ${context.stack}: ${how}`, type, labels: address, userLabels: labels },
        { ...child, dependsOn: [spoken] },
      );
    const programs = channel("topic", "pubsub", { topic: topic.id });
    const people = args.email === "" ? [] : [channel("email", "email", { email_address: args.email })];
    this.all = [programs, ...people].map(({ id }) => id);
    this.alarmId = programs.id;

    this.logId = keepLogs(name, args.data, this, context);
    declareBudget(name, args, this.all, this, context);
    declareAlarms(name, this.all, this, context);
    this.registerOutputs({ alarmId: this.alarmId, logId: this.logId });
  }
}

/**
 * Logs of this stack's machines and of what flowed in its network. A log bucket that was deleted keeps its name for a week:
 * it borrows one that lasts as long as the data.
 */
function keepLogs(
  name: string,
  data: GcpParts["data"],
  parent: pulumi.Resource,
  context: GcpContext,
): pulumi.Output<string> {
  const { project, region, prefix } = context;
  const bucket = new ProjectBucketConfig(
    `${name}-logs`,
    {
      project,
      location: region,
      bucketId: data.lasting,
      retentionDays: logDays,
      // As the audit log: nobody can ever unlock it.
      locked: data.lock === "compliance",
      description: `LOGOS stack ${context.stack}`,
    },
    { parent, protect: data.keep },
  );
  const ours = [
    `resource.labels.subnetwork_name =~ "^${prefix}-"`,
    `labels."compute.googleapis.com/resource_name" =~ "^${prefix}-"`,
  ];
  const sink = new ProjectSink(
    context.logical(name, "logs"),
    {
      project,
      // The bucket's id is its whole name: `projects/…/locations/…/buckets/…`.
      destination: bucket.id.apply((id) => `logging.googleapis.com/${id}`),
      filter: ours.join(" OR "),
      uniqueWriterIdentity: true,
    },
    { parent },
  );
  return sink.destination.apply((destination) => destination.replace(/^logging\.googleapis\.com\//, ""));
}

function declareBudget(
  name: string,
  args: ChannelsArgs<GcpParts>,
  channels: readonly pulumi.Output<string>[],
  parent: pulumi.Resource,
  { settings, stack, labels }: GcpContext,
): void {
  new Budget(
    `${name}-budget`,
    {
      billingAccount: settings.billingAccount,
      displayName: `LOGOS ${stack}`,
      budgetFilter: {
        projects: [`projects/${settings.projectNumber}`],
        // One label is all that a budget takes.
        labels: { "logos-stack": labels["logos-stack"] ?? "" },
        creditTypesTreatment: "INCLUDE_ALL_CREDITS",
      },
      amount: { specifiedAmount: { currencyCode: "USD", units: `${args.monthlyBudgetUsd}` } },
      thresholdRules: ["CURRENT_SPEND", "FORECASTED_SPEND"].map((spendBasis) => ({ thresholdPercent: 1, spendBasis })),
      allUpdatesRule: { monitoringNotificationChannels: [...channels] },
    },
    { parent },
  );
}
