import type { VirtualMachineScaleSet } from "@pulumi/azure-native/compute/virtualMachineScaleSet.js";
import { MetricAlert } from "@pulumi/azure-native/monitor/metricAlert.js";
import type * as pulumi from "@pulumi/pulumi";
import { demandMetric } from "../cloud/demand.ts";
import type { NodePoolArgs } from "../contract.ts";
import type { AzureParts } from "./parts.ts";
import { type AzureSite, inSite, tags } from "./site.ts";

/** Seconds that a rebuild may take, and how busy CPUs may be for half an hour (service levels of the expansion plan). */
const slowRebuildSeconds = 900;
const busyPercent = 90;

/** What the plan's service levels promise, each with somebody who hears when it is broken. */
export function promisedAlarms(
  name: string,
  { network, channels }: NodePoolArgs<AzureParts>,
  scaleSet: VirtualMachineScaleSet,
  site: AzureSite,
  parent: pulumi.Resource,
): void {
  const own = { metricNamespace: demandMetric.namespace, skipMetricValidation: true };
  const alarm = (
    what: string,
    description: string,
    windowSize: string,
    measure: {
      readonly metricName: string;
      readonly metricNamespace: string;
      readonly threshold: number;
      readonly timeAggregation: "Maximum" | "Average";
      readonly skipMetricValidation?: boolean;
    },
  ) =>
    new MetricAlert(
      `${name}-${what}`,
      {
        resourceGroupName: network.group.name,
        location: "global",
        tags: tags(),
        ruleName: site.names.of(what),
        description,
        enabled: true,
        autoMitigate: true,
        severity: 1,
        scopes: [scaleSet.id],
        evaluationFrequency: "PT1M",
        windowSize,
        criteria: {
          odataType: "Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria",
          allOf: [{ criterionType: "StaticThresholdCriterion", name: what, operator: "GreaterThan", ...measure }],
        },
        actions: [{ actionGroupId: channels.alarmId }],
      },
      inSite(site, parent),
    );
  alarm("slow-rebuild", "A rebuild of the proofs takes longer than 15 minutes, whether it ends or hangs.", "PT5M", {
    ...own,
    metricName: "rebuild_running_seconds",
    threshold: slowRebuildSeconds,
    timeAggregation: "Maximum",
  });
  alarm("busy-cpu", "The nodes' CPUs have been busy for half an hour.", "PT30M", {
    metricName: "Percentage CPU",
    metricNamespace: "Microsoft.Compute/virtualMachineScaleSets",
    threshold: busyPercent,
    timeAggregation: "Average",
  });
  alarm("audit-unsynced", "Audit entries did not reach the store twice in a row.", "PT15M", {
    ...own,
    metricName: "audit_sync_failed",
    threshold: 0,
    timeAggregation: "Maximum",
  });
}
