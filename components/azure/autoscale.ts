import type { VirtualMachineScaleSet } from "@pulumi/azure-native/compute/virtualMachineScaleSet.js";
import { AutoscaleSetting } from "@pulumi/azure-native/monitor/autoscaleSetting.js";
import type * as pulumi from "@pulumi/pulumi";
import type { NodePoolArgs } from "../contract.ts";
import type { AzureParts } from "./parts.ts";
import { type AzureSite, inSite, tags } from "./site.ts";

/** The demand as the control plane publishes it, against the scale set. */
export const demandMetric = { namespace: "logos", name: "nodes_wanted" } as const;

/**
 * The autoscaler owns the number of nodes between min and max. It steps until there are as many nodes as are wanted; CPU is
 * the second trigger, and only upwards. Azure adds when any rule says so, and takes away when all that could say so.
 */
export function autoscale(
  name: string,
  { min, max, channels, network }: NodePoolArgs<AzureParts>,
  scaleSet: VirtualMachineScaleSet,
  site: AzureSite,
  parent: pulumi.Resource,
): AutoscaleSetting {
  // Wanted nodes for each that there is: more than one means too few.
  const wanted = {
    metricName: demandMetric.name,
    metricNamespace: demandMetric.namespace,
    dividePerInstance: true,
    statistic: "Max",
    timeAggregation: "Maximum",
    timeGrain: "PT1M",
    threshold: 1,
  } as const;
  const rule = (
    direction: "Increase" | "Decrease",
    trigger: Omit<typeof wanted, "metricNamespace" | "metricName" | "dividePerInstance" | "statistic" | "timeAggregation" | "threshold"> & {
      readonly metricName: string;
      readonly metricNamespace: string;
      readonly dividePerInstance: boolean;
      readonly statistic: "Max" | "Average";
      readonly timeAggregation: "Maximum" | "Average";
      readonly threshold: number;
      readonly timeWindow: string;
    },
    cooldown: string,
  ) => ({
    metricTrigger: {
      ...trigger,
      metricResourceUri: scaleSet.id,
      operator: direction === "Increase" ? ("GreaterThan" as const) : ("LessThan" as const),
    },
    scaleAction: { direction, type: "ChangeCount" as const, value: "1", cooldown },
  });
  const cpu = {
    metricName: "Percentage CPU",
    metricNamespace: "Microsoft.Compute/virtualMachineScaleSets",
    dividePerInstance: false,
    statistic: "Average",
    timeAggregation: "Average",
    timeGrain: "PT1M",
    timeWindow: "PT15M",
    threshold: 90,
  } as const;
  void channels;
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
            rule("Increase", { ...wanted, timeWindow: "PT5M" }, "PT1M"),
            rule("Increase", cpu, "PT5M"),
            rule("Decrease", { ...wanted, timeWindow: "PT10M" }, "PT5M"),
          ],
        },
      ],
    },
    inSite(site, parent),
  );
}
