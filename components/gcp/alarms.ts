import { AlertPolicy } from "@pulumi/gcp/monitoring/alertPolicy.js";
import { MetricDescriptor } from "@pulumi/gcp/monitoring/metricDescriptor.js";
import type * as pulumi from "@pulumi/pulumi";
import type { GcpContext } from "./context.ts";
import { demandResource, metricType } from "./demand.ts";

/** Seconds that a rebuild may take, seconds that CPUs may be busy (service levels of the expansion plan). */
const slowRebuildSeconds = 900;
const busySeconds = 1800;
const busyShare = 0.9;

/** What the plan's service levels promise, each with somebody who hears when it is broken. */
export function declareAlarms(
  name: string,
  channels: readonly pulumi.Input<string>[],
  parent: pulumi.Resource,
  context: GcpContext,
): void {
  const { project, stack, labels } = context;
  const own = (metric: string, unit: string, description: string, tellApart: { key: string }[] = []) =>
    // An alarm on a metric that nobody described cannot be made.
    new MetricDescriptor(
      `${name}-${metric.replaceAll("_", "-")}`,
      {
        project,
        type: metricType(metric, context),
        metricKind: "GAUGE",
        valueType: "INT64",
        unit,
        labels: tellApart,
        displayName: `LOGOS ${stack}: ${metric.replaceAll("_", " ")}`,
        description,
      },
      { parent },
    );
  const alarm = (
    what: string,
    text: string,
    condition: { filter: string; threshold: number; duration: string; missing: string },
    after: readonly pulumi.Resource[],
  ) =>
    new AlertPolicy(
      `${name}-${what}`,
      {
        project,
        displayName: `LOGOS ${stack}: ${what}`,
        combiner: "OR",
        documentation: { content: text, mimeType: "text/markdown" },
        conditions: [
          {
            displayName: what,
            conditionThreshold: {
              filter: condition.filter,
              comparison: "COMPARISON_GT",
              thresholdValue: condition.threshold,
              duration: condition.duration,
              evaluationMissingData: condition.missing,
              // Each machine by itself: the mean would hide one among six.
              aggregations: [{ alignmentPeriod: "60s", perSeriesAligner: "ALIGN_MAX" }],
              trigger: { count: 1 },
            },
          },
        ],
        notificationChannels: [...channels],
        userLabels: labels,
      },
      { parent, dependsOn: [...after] },
    );
  const ownFilter = (metric: string) =>
    `metric.type = "${metricType(metric, context)}" AND resource.type = "${demandResource}"`;

  alarm(
    "slow-rebuild",
    "A rebuild of the proofs takes longer than 15 minutes, whether it ends or hangs.",
    {
      filter: ownFilter("rebuild_running_seconds"),
      threshold: slowRebuildSeconds,
      duration: "0s",
      missing: "EVALUATION_MISSING_DATA_INACTIVE",
    },
    [own("rebuild_running_seconds", "s", "How long a rebuild has been running on a node", [{ key: "node" }])],
  );
  alarm(
    "busy-cpu",
    "A node's CPUs have been busy for half an hour.",
    {
      filter: `metric.type = "compute.googleapis.com/instance/cpu/utilization" AND resource.type = "gce_instance" AND metadata.user_labels.logos-stack = "${labels["logos-stack"]}"`,
      threshold: busyShare,
      duration: `${busySeconds}s`,
      missing: "EVALUATION_MISSING_DATA_INACTIVE",
    },
    [],
  );
  alarm(
    "audit-unsynced",
    "Audit entries did not reach the store twice in a row, or nobody says whether they did.",
    {
      filter: ownFilter("audit_sync_failed"),
      threshold: 0,
      // Two rounds of five minutes.
      duration: "600s",
      // Who ships the entries and is dead says nothing.
      missing: "EVALUATION_MISSING_DATA_ACTIVE",
    },
    [own("audit_sync_failed", "1", "Rounds in a row in which audit entries did not reach the store")],
  );
}
