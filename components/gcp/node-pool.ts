import { HealthCheck } from "@pulumi/gcp/compute/healthCheck.js";
import { RegionAutoscaler } from "@pulumi/gcp/compute/regionAutoscaler.js";
import { RegionInstanceGroupManager } from "@pulumi/gcp/compute/regionInstanceGroupManager.js";
import { MetricDescriptor } from "@pulumi/gcp/monitoring/metricDescriptor.js";
import type * as pulumi from "@pulumi/pulumi";
import { slurmPorts } from "../../core/slurm/ports.ts";
import { NodePool, type NodePoolArgs } from "../contract.ts";
import type { GcpContext } from "./context.ts";
import { demandMetric, demandResource } from "./demand.ts";
import type { GcpParts } from "./parts.ts";
import { declareTemplate } from "./template.ts";

/** Seconds between a node's readiness and the next step of a replacement: the health check asks three times in them. */
const settledSeconds = 30;
/** CPU beyond which the pool grows though the scheduler does not ask for it. */
const busyShare = 0.9;

/** The group's autoscaler owns the number of nodes; this program its bounds, its image and what a node must answer. */
export class GcpNodePool extends NodePool {
  constructor(name: string, args: NodePoolArgs<GcpParts>, opts: pulumi.ComponentResourceOptions, context: GcpContext) {
    super(name, args, opts);
    const { project, region } = context;
    const { zones } = context.settings;
    const child = { parent: this };
    const template = declareTemplate(name, args, this, context);

    // slurmd requires the gate: a node on which nothing listens there has not passed it.
    const health = new HealthCheck(
      context.logical(name, "health"),
      {
        project,
        tcpHealthCheck: { port: slurmPorts.node },
        checkIntervalSec: 10,
        timeoutSec: 5,
        healthyThreshold: 1,
        unhealthyThreshold: 6,
        logConfig: { enable: true },
      },
      child,
    );
    const group = new RegionInstanceGroupManager(
      context.logical(name),
      {
        project,
        region,
        baseInstanceName: `${context.prefix}-node`,
        description: `LOGOS nodes of stack ${context.stack}`,
        distributionPolicyZones: [...zones],
        // No targetSize: each `up` would put the autoscaler's number back.
        versions: [{ instanceTemplate: template.selfLink, name: args.imageDigest.slice(0, 12) }],
        autoHealingPolicies: { healthCheck: health.selfLink, initialDelaySec: args.readyTimeoutSeconds },
        updatePolicy: {
          type: "PROACTIVE",
          minimalAction: "REPLACE",
          mostDisruptiveAllowedAction: "REPLACE",
          replacementMethod: "SUBSTITUTE",
          // Never fewer proven nodes than before; a group of a region takes no surge below its number of zones.
          maxUnavailableFixed: 0,
          maxSurgeFixed: zones.length,
          minReadySec: settledSeconds,
          // A node at work is not moved for the sake of evenness.
          instanceRedistributionType: "NONE",
        },
        standbyPolicy: {
          // The default mode would never use what stands by.
          mode: args.standby > 0 ? "SCALE_OUT_POOL" : "MANUAL",
          // A node is stopped only after it had the time to pass its gate.
          initialDelaySec: args.readyTimeoutSeconds,
        },
        targetStoppedSize: args.standby,
        waitForInstances: true,
        waitForInstancesStatus: "UPDATED",
      },
      {
        ...child,
        // No node starts before its image is captured, the scheduler answers, and its credentials can be read.
        dependsOn: [args.image, args.controlPlane, args.credentials, ...args.network.ways],
        ignoreChanges: ["targetSize"],
        customTimeouts: { create: "70m", update: "130m", delete: "70m" },
      },
    );
    const metric = demandMetric(context);
    const descriptor = new MetricDescriptor(
      `${name}-demand`,
      {
        project,
        type: metric,
        metricKind: "GAUGE",
        valueType: "INT64",
        unit: "1",
        displayName: `LOGOS ${context.stack}: nodes wanted`,
        description: "Nodes that the scheduler's queue asks for, published by the control plane",
      },
      child,
    );
    new RegionAutoscaler(
      context.logical(name, "autoscaler"),
      {
        project,
        region,
        target: group.id,
        autoscalingPolicy: {
          minReplicas: args.min,
          maxReplicas: args.max,
          mode: "ON",
          cooldownPeriod: args.readyTimeoutSeconds,
          // Of two answers the autoscaler takes the larger.
          cpuUtilization: { target: busyShare, predictiveMethod: "NONE" },
          metrics: [{ name: metric, filter: `resource.type = "${demandResource}"`, singleInstanceAssignment: 1 }],
          // One node at a time, so that the scheduler sees each go.
          scaleInControl: { maxScaledInReplicas: { fixed: 1 }, timeWindowSec: 600 },
        },
      },
      // A metric that nobody described cannot be scaled by.
      { ...child, dependsOn: [descriptor] },
    );
    this.registerOutputs({ min: args.min, max: args.max, imageDigest: args.imageDigest });
  }
}
