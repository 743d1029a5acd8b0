import { poolBounds as bounds, pilotMin } from "../../../core/guardrails.ts";
import { requireOneOf, requireTrue, requireWithin } from "../../require.ts";
import { attempt, each, type Outcome, type Rule } from "../../rule.ts";
import type { View } from "../../view.ts";
import { fleet, gcpTemplates, given, scaleSet, spotFleet } from "../machines.ts";
import { requireBounds, requireInPool } from "./pool-bounds.ts";

export const autoscalingGroup = "aws:autoscaling/group:Group";
export const regionGroup = "gcp:compute/regionInstanceGroupManager:RegionInstanceGroupManager";
export const zoneGroup = "gcp:compute/instanceGroupManager:InstanceGroupManager";
export const gcpGroups = [regionGroup, zoneGroup] as const;
const autoscalers = ["gcp:compute/autoscaler:Autoscaler", "gcp:compute/regionAutoscaler:RegionAutoscaler"] as const;
export const poolTypes = [autoscalingGroup, ...gcpGroups, scaleSet] as const;

/** Nodes beside the working ones that may stand ready (expansion plan: one). */
const mostStandby = 1;

export const cloudPoolBounds: Rule = {
  id: "Q01a",
  name: "cloud-pool-bounds",
  title: `Groups, autoscalers and scheduled actions keep to ${bounds.max} nodes and ${mostStandby} on standby, inside a NodePool.`,
  family: "sizing",
  severity: "high",
  reason: "A schedule or a fleet beside the pool spends what nobody granted.",
  remediation: "Set logos:pool.min and logos:pool.max within that.",
  upstream: [],
  checks: {
    [autoscalingGroup]: function* (subject) {
      const { props } = subject;
      yield* requireInPool(subject);
      yield* requireBounds(props.at("minSize"), props.at("maxSize"), pilotMin);
      yield* requireUpTo(props.at("desiredCapacity"), bounds.max);
      yield* requireUpTo(props.at("warmPool", "maxGroupPreparedCapacity"), bounds.max + mostStandby);
      yield* requireUpTo(props.at("warmPool", "minSize"), mostStandby);
    },
    // A forecast may be let past the group's own bounds.
    "aws:autoscaling/policy:Policy": ({ props }) =>
      requireOneOf(
        props.at("predictiveScalingConfiguration", "maxCapacityBreachBehavior"),
        ["HonorMaxCapacity"],
        "HonorMaxCapacity",
      ),
    "aws:autoscaling/schedule:Schedule": function* ({ props }) {
      for (const key of ["minSize", "maxSize", "desiredCapacity"]) yield* requireScheduled(props.at(key));
    },
    ...each(gcpGroups, function* (subject) {
      yield* requireInPool(subject);
      yield* requireUpTo(subject.props.at("targetSize"), bounds.max);
      for (const key of ["targetStoppedSize", "targetSuspendedSize"])
        yield* requireUpTo(subject.props.at(key), mostStandby);
    }),
    ...each(autoscalers, function* ({ props }) {
      const policy = props.at("autoscalingPolicy");
      yield* requireBounds(policy.at("minReplicas"), policy.at("maxReplicas"), pilotMin);
      for (const schedule of policy.items("scalingSchedules"))
        yield* requireUpTo(schedule.at("minRequiredReplicas"), bounds.max);
    }),
    [scaleSet]: function* (subject) {
      yield* requireInPool(subject);
      yield* requireUpTo(subject.props.at("sku", "capacity"), bounds.max);
    },
    "azure-native:monitor:AutoscaleSetting": function* ({ props }) {
      const profiles = props.items("profiles");
      if (profiles.length === 0) yield { at: "profiles", found: "is left out" };
      for (const capacity of profiles.map((profile) => profile.at("capacity"))) {
        yield* requireBounds(capacity.at("minimum"), capacity.at("maximum"), pilotMin);
        yield* requireUpTo(capacity.at("default"), bounds.max);
      }
    },
    "azure-native:standbypool:StandbyVirtualMachinePool": ({ props }) =>
      requireUpTo(props.at("elasticityProfile", "maxReadyCapacity"), bounds.max + mostStandby),
    ...each(
      [
        fleet,
        spotFleet,
        "azure-native:azurefleet:Fleet",
        "aws:autoscalingplans/scalingPlan:ScalingPlan",
        "aws:batch/computeEnvironment:ComputeEnvironment",
        "aws:eks/nodeGroup:NodeGroup",
        "gcp:container/nodePool:NodePool",
        "gcp:compute/regionResizeRequest:RegionResizeRequest",
        "gcp:compute/resizeRequest:ResizeRequest",
      ],
      () => [{ found: "makes machines that no pool counts", mend: "Use the NodePool component." }],
    ),
  },
  stack: function* (resource, { ofType }) {
    if (!poolTypes.some((type) => type === resource.type)) return;
    const all = ofType(...poolTypes);
    if (all.length > 1)
      yield { found: `is one of ${all.length} groups of machines`, expected: "one, whose bounds are the pool's" };
  },
  // The pool's own autoscaler owns the current number; an update never changes it.
  mayIgnore: ["desiredCapacity", "targetSize", "targetStoppedSize", "targetSuspendedSize", "sku.capacity", "sku"],
};

/** -1 leaves the group's own number; left out it is none, so that the pool would end at that hour. */
function* requireScheduled(view: View): Generator<Outcome> {
  yield* attempt(function* () {
    if (view.text() !== "-1") yield* requireWithin(view, pilotMin, bounds.max, 0);
  });
}

/** Left out, another property or the autoscaler says how many. */
function* requireUpTo(view: View, most: number): Generator<Outcome> {
  yield* attempt(function* () {
    if (view.present) yield* requireWithin(view, -1, most);
  });
}

export const groupsWhole: Rule = {
  id: "S01",
  name: "groups-whole",
  title: "Groups use a launch template at a fixed version, put tags on machines and span zones.",
  family: "sizing",
  severity: "medium",
  reason: "One zone's failure would take the pool, and `$Latest` changes nodes without a review.",
  remediation: "launchTemplate: { id: template.id, version: template.latestVersion.apply(String) }",
  upstream: [
    "CKV_AWS_153",
    "CKV_AWS_315",
    "AutoScaling.2",
    "AutoScaling.9",
    "prowler-autoscaling_group_multiple_az",
    "prowler-compute_instance_group_multiple_zones",
  ],
  checks: {
    [autoscalingGroup]: function* ({ props }) {
      yield* attempt(function* () {
        const mixed = props.at("mixedInstancesPolicy", "launchTemplate");
        const templates = [props.at("launchTemplate"), mixed.at("launchTemplateSpecification")].filter(given);
        if (templates.length === 0) yield { at: "launchTemplate", found: "is left out" };
        const overrides = mixed.items("overrides").map((one) => one.at("launchTemplateSpecification"));
        for (const template of [...templates, ...overrides.filter(given)]) {
          yield* attempt(function* () {
            // Not given, or as an empty text, it is the cloud's "$Default".
            const version = template.text("version") || "$Default";
            if (version.startsWith("$"))
              yield { at: template.at("version"), found: `is "${version}"`, expected: "a number" };
          });
        }
        if (given(props.at("launchConfiguration")))
          yield { at: "launchConfiguration", found: "is given", expected: "launchTemplate" };
      });
      yield* attempt(function* () {
        const zones = Math.max(props.count("vpcZoneIdentifiers"), props.count("availabilityZones"));
        if (zones < 2) yield { at: "vpcZoneIdentifiers", found: `spans ${zones} zone`, expected: "two or more" };
      });
      for (const tag of props.items("tags")) yield* requireTrue(tag.at("propagateAtLaunch"));
    },
    [regionGroup]: function* ({ props }) {
      yield* attempt(function* () {
        const zones = props.list("distributionPolicyZones");
        if (zones !== undefined && zones.length < 2)
          yield { at: "distributionPolicyZones", found: "spans one zone", expected: "two or more" };
      });
    },
    [zoneGroup]: () => [{ found: "spans one zone", mend: "Use RegionInstanceGroupManager." }],
    [scaleSet]: function* ({ props }) {
      yield* attempt(function* () {
        if (props.count("zones") < 2) yield { at: "zones", found: "spans less than two zones" };
      });
    },
    "aws:autoscaling/tag:Tag": ({ props }) => requireTrue(props.at("tag", "propagateAtLaunch")),
  },
  // The version of a template that is changed in the same update.
  knownAtUpdate: ["launchTemplate.version", "mixedInstancesPolicy", "vpcZoneIdentifiers"],
};

export const groupsHeal: Rule = {
  id: "S02",
  name: "groups-heal",
  title: "In the standard profile the group replaces nodes that fail.",
  family: "sizing",
  severity: "medium",
  reason: "A pool that loses nodes and does not get them back stops proving.",
  remediation: 'Leave out suspendedProcesses and defaultActionOnFailure: "DO_NOTHING".',
  upstream: [
    "CKV2_AWS_15",
    "managed-instance-group-load-balancer-healthcheck-required",
    "AutoScaling.1",
    "prowler-compute_instance_group_autohealing_enabled",
  ],
  profiles: ["standard"],
  checks: {
    [autoscalingGroup]: function* ({ props }) {
      for (const process of props.items("suspendedProcesses")) {
        yield* attempt(function* () {
          const name = process.string();
          if (["Launch", "Terminate", "HealthCheck", "ReplaceUnhealthy"].some((one) => one === name))
            yield { at: process, found: `suspends ${name}` };
        });
      }
    },
    ...each(gcpGroups, function* ({ props }) {
      const policy = props.at("instanceLifecyclePolicy");
      yield* requireOneOf(policy.at("defaultActionOnFailure"), ["REPAIR"], "REPAIR");
      yield* requireOneOf(policy.at("onFailedHealthCheck"), ["REPAIR", "DEFAULT_ACTION"], "DEFAULT_ACTION");
    }),
    ...each(gcpTemplates, ({ props }) => requireTrue(props.at("scheduling", "automaticRestart"), true)),
    [scaleSet]: ({ props }) => requireTrue(props.at("automaticRepairsPolicy", "enabled")),
  },
};
