import { poolBounds } from "../../../policies/rules/sizing/pool-bounds.ts";
import * as pools from "../../../policies/rules/sizing/pools.ts";
import * as sizes from "../../../policies/rules/sizing/sizes.ts";
import { type Cases, of, table, U } from "./kit.ts";

const within = ["logos:substrate:Substrate", "logos:substrate:NodePool"];
const asg = "aws:autoscaling/group:Group";
const mig = "gcp:compute/regionInstanceGroupManager:RegionInstanceGroupManager";
const zonal = "gcp:compute/instanceGroupManager:InstanceGroupManager";
const vm = "azure-native:compute:VirtualMachine";
const vmss = "azure-native:compute:VirtualMachineScaleSet";
const template = "aws:ec2/launchTemplate:LaunchTemplate";
const instance = "aws:ec2/instance:Instance";
const gcpTemplate = "gcp:compute/regionInstanceTemplate:RegionInstanceTemplate";
const gcpInstance = "gcp:compute/instance:Instance";
const helper = ["logos:substrate:ControlPlane"];

export const sizingCases: readonly Cases[] = [
  table(poolBounds, of("logos:substrate:NodePool", { min: 3, max: 6, pilot: false }), {
    passes: [{ min: 1, max: 1, pilot: true }],
    fails: [{ max: 7 }, { min: 2 }, { min: 5, max: 4 }, { min: 0, pilot: true }],
    unknown: [{ min: U }, { pilot: U }],
    omitted: [
      ["min", "fails"],
      ["pilot", "fails"],
    ],
    twins: [of("lab:index:NodePool", { min: 3, max: 6 }), of("lab:index:NodePool", { min: 3, max: 7 }, { within })],
  }),
  table(pools.cloudPoolBounds, of(asg, { minSize: 3, maxSize: 6 }, { within }), {
    passes: [
      { desiredCapacity: 4, warmPool: { minSize: 1, maxGroupPreparedCapacity: 7 } },
      of("aws:autoscaling/schedule:Schedule", { minSize: -1, maxSize: -1, desiredCapacity: -1 }),
      of("azure-native:monitor:AutoscaleSetting", {
        profiles: [{ capacity: { minimum: "3", maximum: "6", default: "3" } }],
      }),
    ],
    fails: [
      { maxSize: 7 },
      { minSize: 0 },
      { minSize: 5, maxSize: 4 },
      { desiredCapacity: 9 },
      { "warmPool.minSize": 2 },
      [of(asg, { minSize: 3, maxSize: 6 }, { within, name: "a" }), of(vmss, {}, { within, name: "b" })],
    ],
    unknown: [{ maxSize: U }],
    omitted: [
      ["maxSize", "fails"],
      ["minSize", "fails"],
      ["desiredCapacity", "passes"],
    ],
    twins: [
      of(asg, { minSize: 3, maxSize: 6 }),
      of("aws:autoscaling/schedule:Schedule", { maxSize: 10 }),
      of("gcp:compute/regionAutoscaler:RegionAutoscaler", { autoscalingPolicy: { minReplicas: 3, maxReplicas: 10 } }),
      of("gcp:compute/autoscaler:Autoscaler", {}),
      of(mig, { targetSize: 9 }, { within }),
      of(vmss, { sku: { capacity: 9 } }, { within }),
      of("azure-native:monitor:AutoscaleSetting", {
        profiles: [{ capacity: { minimum: "1", maximum: "9", default: "1" } }],
      }),
      of("aws:ec2/spotFleetRequest:SpotFleetRequest", {}),
      of("aws:ec2/fleet:Fleet", {}),
      of("gcp:container/nodePool:NodePool", {}),
    ],
  }),
  table(sizes.nodesLargeEnough, of(template, { instanceType: "c7i.2xlarge" }), {
    passes: [
      of(template, { instanceType: "t3.small" }, { within: helper }),
      of(gcpTemplate, { machineType: "n2-custom-8-16384" }),
      of(vmss, { sku: { name: "Standard_D8ls_v5" } }),
    ],
    fails: [
      { instanceType: "c7i.xlarge" },
      { instanceType: "t3.2xlarge" },
      { instanceType: "x1.unknown" },
      of(gcpTemplate, { machineType: "e2-highcpu-8" }),
      of(gcpTemplate, { machineType: "custom-4-16384" }),
    ],
    unknown: [{ instanceType: U }],
    omitted: [
      ["instanceType", "passes"],
      [of(instance, {}), "fails"],
      [of(gcpInstance, {}), "fails"],
      [of(vm, {}), "fails"],
    ],
    twins: [
      of(instance, { instanceType: "c7i.xlarge" }),
      of("aws:ec2/launchConfiguration:LaunchConfiguration", { instanceType: "t3.micro" }),
      of(asg, { mixedInstancesPolicy: { launchTemplate: { overrides: [{ instanceType: "c7i.xlarge" }] } } }),
      of(asg, {
        mixedInstancesPolicy: { launchTemplate: { overrides: [{ instanceRequirements: { vcpuCount: { min: 1 } } }] } },
      }),
      of(template, { instanceRequirements: { memoryMib: { min: 1 } } }),
      of(mig, { instanceFlexibilityPolicy: { instanceSelections: [{ machineTypes: ["e2-micro"] }] } }),
      of(vmss, { sku: { name: "Standard_B1s" } }),
      of("aws:ec2/spotFleetRequest:SpotFleetRequest", { launchSpecifications: [{ instanceType: "t3.micro" }] }),
    ],
  }),
  table(
    sizes.nodeDisks,
    of(template, { blockDeviceMappings: [{ ebs: { volumeSize: 50 } }, { ebs: { volumeSize: 100 } }] }),
    {
      passes: [
        of(gcpTemplate, { disks: [{ boot: true, diskSizeGb: 60 }, { diskSizeGb: 200 }] }),
        of(template, {}, { within: helper }),
      ],
      fails: [
        { "blockDeviceMappings[0].ebs.volumeSize": 49 },
        { "blockDeviceMappings[1].ebs.volumeSize": 99 },
        { blockDeviceMappings: [{ ebs: { volumeSize: 200 } }] },
      ],
      unknown: [{ "blockDeviceMappings[1].ebs.volumeSize": U }],
      omitted: [
        ["blockDeviceMappings", "fails"],
        ["blockDeviceMappings[0].ebs.volumeSize", "fails"],
      ],
      twins: [
        of(gcpTemplate, { disks: [{ diskSizeGb: 60 }] }),
        of("gcp:compute/instanceTemplate:InstanceTemplate", {}),
        of(vmss, { virtualMachineProfile: { storageProfile: { osDisk: { diskSizeGB: 64 } } } }),
      ],
    },
  ),
  table(sizes.helperSizes, of(instance, { instanceType: "t3.small" }, { within: helper }), {
    passes: [
      of(instance, { instanceType: "c7i.2xlarge" }, { within: helper }),
      of(instance, { instanceType: "anything" }),
    ],
    fails: [{ instanceType: "x2iedn.32xlarge" }, { instanceType: "p5.48xlarge" }, { instanceType: "" }],
    unknown: [{ instanceType: U }],
    omitted: [["instanceType", "fails"]],
    twins: [
      of(gcpInstance, { machineType: "a3-highgpu-8g" }, { within: helper }),
      of(vm, { hardwareProfile: { vmSize: "Standard_M128s" } }, { within: helper }),
    ],
  }),
  table(
    pools.groupsWhole,
    of(asg, {
      launchTemplate: { id: U, version: "3" },
      vpcZoneIdentifiers: ["a", "b"],
      tags: [{ key: "k", propagateAtLaunch: true }],
    }),
    {
      passes: [of(mig, {}), of(vmss, { zones: ["1", "2"] })],
      fails: [
        { "launchTemplate.version": "$Latest" },
        { vpcZoneIdentifiers: ["a"] },
        { "tags[0].propagateAtLaunch": false },
        { launchConfiguration: "x" },
        of(zonal, {}),
      ],
      unknown: [{ "tags[0].propagateAtLaunch": U }],
      later: [{ "launchTemplate.version": U }],
      omitted: [
        ["launchTemplate", "fails"],
        ["launchTemplate.version", "fails"],
        ["vpcZoneIdentifiers", "fails"],
      ],
      twins: [
        of(asg, {
          mixedInstancesPolicy: { launchTemplate: { launchTemplateSpecification: { version: "$Default" } } },
          vpcZoneIdentifiers: ["a", "b"],
        }),
        of(mig, { distributionPolicyZones: ["a"] }),
        of(vmss, { zones: ["1"] }),
        of("aws:autoscaling/tag:Tag", { tag: { propagateAtLaunch: false } }),
      ],
    },
  ),
  table(pools.groupsHeal, of(asg, { suspendedProcesses: [] }), {
    passes: [{ suspendedProcesses: ["AZRebalance"] }],
    fails: [
      { suspendedProcesses: ["ReplaceUnhealthy"] },
      { suspendedProcesses: ["AZRebalance", "Launch"] },
      { suspendedProcesses: ["HealthCheck"] },
    ],
    unknown: [{ suspendedProcesses: [U] }],
    omitted: [
      ["suspendedProcesses", "passes"],
      [of(mig, {}), "passes"],
    ],
    twins: [
      of(mig, { instanceLifecyclePolicy: { defaultActionOnFailure: "DO_NOTHING" } }),
      of(zonal, { instanceLifecyclePolicy: { defaultActionOnFailure: "DO_NOTHING" } }),
    ],
  }),
];
