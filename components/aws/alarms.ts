import { MetricAlarm } from "@pulumi/aws/cloudwatch/metricAlarm.js";
import type * as pulumi from "@pulumi/pulumi";
import { demandMetric } from "../cloud/demand.ts";
import type { Account } from "./account.ts";

/** Seconds that a rebuild may take, minutes that CPUs may be busy (service levels of the expansion plan). */
const slowRebuildSeconds = 900;
const busyMinutes = 30;
const busyPercent = 90;

/** What the plan's service levels promise, each with somebody who hears when it is broken. */
export function promisedAlarms(parent: pulumi.Resource, name: string, topic: pulumi.Input<string>, account: Account) {
  const common = { alarmActions: [topic], okActions: [topic], comparisonOperator: "GreaterThanThreshold" };
  const own = { namespace: demandMetric.namespace, dimensions: { Pool: account.pool } };
  new MetricAlarm(
    `${name}-slow-rebuild`,
    {
      ...common,
      ...own,
      name: account.name("slow-rebuild"),
      alarmDescription: "A rebuild of the proofs takes longer than 15 minutes, whether it ends or hangs.",
      metricName: "rebuild_running_seconds",
      statistic: "Maximum",
      period: 60,
      evaluationPeriods: 1,
      threshold: slowRebuildSeconds,
      treatMissingData: "notBreaching",
      tags: account.tags("slow-rebuild"),
    },
    { parent },
  );
  new MetricAlarm(
    `${name}-busy-cpu`,
    {
      ...common,
      name: account.name("busy-cpu"),
      alarmDescription: "A node's CPUs have been busy for half an hour.",
      namespace: "AWS/EC2",
      metricName: "CPUUtilization",
      dimensions: { AutoScalingGroupName: account.pool },
      // The mean would hide one hot node among six.
      statistic: "Maximum",
      period: 300,
      evaluationPeriods: (busyMinutes * 60) / 300,
      threshold: busyPercent,
      treatMissingData: "notBreaching",
      tags: account.tags("busy-cpu"),
    },
    { parent },
  );
  new MetricAlarm(
    `${name}-audit-unsynced`,
    {
      ...common,
      ...own,
      name: account.name("audit-unsynced"),
      alarmDescription: "Audit entries did not reach the store twice in a row, or nobody says whether they did.",
      metricName: "audit_sync_failed",
      statistic: "Maximum",
      period: 300,
      evaluationPeriods: 2,
      threshold: 0,
      // Who ships the entries and is dead says nothing.
      treatMissingData: "breaching",
      tags: account.tags("audit-unsynced"),
    },
    { parent },
  );
}
