import type { VirtualMachineScaleSet } from "@pulumi/azure-native/compute/virtualMachineScaleSet.js";
import { AutoscaleSetting } from "@pulumi/azure-native/monitor/autoscaleSetting.js";
import type { monitor } from "@pulumi/azure-native/types/input.js";
import type * as pulumi from "@pulumi/pulumi";
import { demandMetric } from "../cloud/demand.ts";
import type { NodePoolArgs } from "../contract.ts";
import type { AzureParts } from "./parts.ts";
import { type AzureSite, inSite, tags } from "./site.ts";

type Trigger = monitor.MetricTriggerArgs;

/** Wanted nodes for each that there is: more than one means too few. */
const wantedForEach = {
  metricName: demandMetric.name,
  metricNamespace: demandMetric.namespace,
  dividePerInstance: true,
  statistic: "Max",
  timeAggregation: "Maximum",
  threshold: 1,
} as const;

const cpu = {
  metricName: "Percentage CPU",
  metricNamespace: "Microsoft.Compute/virtualMachineScaleSets",
  dividePerInstance: false,
  statistic: "Average",
  timeAggregation: "Average",
  threshold: 90,
} as const;

/**
 * The autoscaler owns the number of nodes between min and max. It steps until there are as many nodes as are wanted; CPU is
 * the second trigger, and only upwards. Azure adds when any rule says so, and takes away when all that could say so.
 */
export function autoscale(
  name: string,
  { min, max, network }: NodePoolArgs<AzureParts>,
  scaleSet: VirtualMachineScaleSet,
  site: AzureSite,
  parent: pulumi.Resource,
): AutoscaleSetting {
  const trigger = (window: string): Trigger => ({
    metricResourceUri: scaleSet.id,
    timeGrain: "PT1M",
    timeWindow: window,
    operator: "GreaterThan",
    ...wantedForEach,
  });
  const more = (metricTrigger: Trigger, cooldown: string): monitor.ScaleRuleArgs => ({
    metricTrigger,
    scaleAction: { direction: "Increase", type: "ChangeCount", value: "1", cooldown },
  });
  const fewer = (metricTrigger: Trigger, cooldown: string): monitor.ScaleRuleArgs => ({
    metricTrigger: { ...metricTrigger, operator: "LessThan" },
    scaleAction: { direction: "Decrease", type: "ChangeCount", value: "1", cooldown },
  });
  return new AutoscaleSetting(
    name,
    {
      resourceGroupName: network.group.name,
      location: site.settings.region,
      tags: tags(),
      autoscaleSettingName: site.names.pool,
      name: site.names.pool,
      enabled: true,
      targetResourceUri: scaleSet.id,
      profiles: [
        {
          name: "demand",
          // Azure takes numbers as text here.
          capacity: { minimum: `${min}`, maximum: `${max}`, default: `${min}` },
          rules: [
            more(trigger("PT5M"), "PT1M"),
            more({ ...trigger("PT15M"), ...cpu }, "PT5M"),
            fewer(trigger("PT10M"), "PT5M"),
          ],
        },
      ],
    },
    inSite(site, parent),
  );
}
