import { poolBounds } from "../../../policies/rules/sizing/pool-bounds.ts";
import * as pools from "../../../policies/rules/sizing/pools.ts";
import * as sizes from "../../../policies/rules/sizing/sizes.ts";
import { at, type Cases, of, table, U } from "./kit.ts";
import { asg, gcpInstance, gcpTemplate, instance, mig, template, vm, vmss, zonal } from "./tokens.ts";

const within = ["logos:substrate:Substrate", "logos:substrate:NodePool"];
const helper = ["logos:substrate:ControlPlane"];
const config = "aws:ec2/launchConfiguration:LaunchConfiguration";
const labPool = "lab:index:NodePool";
const schedule = "aws:autoscaling/schedule:Schedule";
const autoscaler = "gcp:compute/regionAutoscaler:RegionAutoscaler";
const setting = "azure-native:monitor:AutoscaleSetting";
const standby = "azure-native:standbypool:StandbyVirtualMachinePool";
const scheduled = (change: object) => of(schedule, { minSize: -1, maxSize: -1, desiredCapacity: -1, ...change });
const scaled = (change: object) => of(autoscaler, { autoscalingPolicy: { minReplicas: 3, maxReplicas: 6, ...change } });
const azureScaled = (change: object) =>
  of(setting, { profiles: [{ capacity: { minimum: "3", maximum: "6", default: "3", ...change } }] });
const mixed = (launchTemplate: object) => ({ mixedInstancesPolicy: { launchTemplate } });
const flexible = (type: unknown) =>
  of(mig, { instanceFlexibilityPolicy: { instanceSelections: [{ machineTypes: ["n2-custom-8-16384", type] }] } });
/** Mappings of a launch template: device and size in GB. */
const mapped = (...disks: readonly (readonly [unknown, unknown])[]) => ({
  blockDeviceMappings: disks.map(([deviceName, volumeSize]) => ({ deviceName, ebs: { volumeSize } })),
});
const azureDisks = (root: unknown, ...others: readonly unknown[]) =>
  of(vmss, {
    virtualMachineProfile: {
      storageProfile: { osDisk: { diskSizeGB: root }, dataDisks: others.map((diskSizeGB) => ({ diskSizeGB })) },
    },
  });
const azureStorage = "virtualMachineProfile.storageProfile";

export const sizingCases: readonly Cases[] = [
  table(poolBounds, of("logos:substrate:NodePool", { min: 3, max: 6, pilot: false }), {
    passes: [
      { min: 6 },
      { max: 3 },
      { min: 1, max: 1, pilot: true },
      of(labPool, { min: 1, max: 6 }, { within }),
      of("lab:index:Machine", { min: 0, max: 99 }),
    ],
    fails: [
      at({ max: 7 }, "max"),
      at({ min: 2 }, "min"),
      at({ min: 5, max: 4 }, "max"),
      at({ min: 0, pilot: true }, "min"),
      at({ max: 7, pilot: true }, "max"),
      at({ min: Number.NaN }, "min"),
      at({ pilot: "false" }, "pilot"),
      // A pilot or not, these are wrong.
      at({ pilot: U, max: 7 }, "max"),
      at({ pilot: U, min: 0 }, "min"),
      at({ min: U, max: 7 }, "max"),
      at({ min: 0, max: U }, "min"),
    ],
    unknown: [
      at({ min: U }, "min"),
      at({ max: U }, "max"),
      at({ pilot: U }, "pilot"),
      at({ pilot: U, min: 1 }, "pilot"),
    ],
    omitted: [
      [at("min", "min"), "fails"],
      [at("max", "max"), "fails"],
      [at("pilot", "pilot"), "fails"],
    ],
    twins: [
      at(of(labPool, { min: 3, max: 6 }), ""),
      at(of(labPool, { min: 3, max: 7 }, { within }), "max"),
      at(of(labPool, { min: 0, max: 3 }, { within }), "min"),
    ],
  }),
  table(pools.cloudPoolBounds, of(asg, { minSize: 3, maxSize: 6 }, { within }), {
    passes: [
      { minSize: 1, maxSize: 1 },
      { desiredCapacity: 6, warmPool: { minSize: 1, maxGroupPreparedCapacity: 7 } },
      { warmPool: { minSize: 0, maxGroupPreparedCapacity: -1 } },
      scheduled({}),
      scheduled({ minSize: 1, maxSize: 6, desiredCapacity: 6 }),
      of("aws:autoscaling/policy:Policy", { targetTrackingConfiguration: { targetValue: 1 } }),
      scaled({ scalingSchedules: [{ minRequiredReplicas: 6 }] }),
      azureScaled({}),
      azureScaled({ default: "6" }),
      of(mig, { targetSize: 6, targetStoppedSize: 1, targetSuspendedSize: 0 }, { within }),
      of(vmss, { sku: { capacity: 6 } }, { within }),
      of(standby, { elasticityProfile: { maxReadyCapacity: 7 } }),
      [of(asg, { minSize: 3, maxSize: 6 }, { within, name: "a" }), scheduled({})],
    ],
    fails: [
      at({ maxSize: 7 }, "maxSize"),
      at({ minSize: 0 }, "minSize"),
      at({ minSize: 5, maxSize: 4 }, "maxSize"),
      at({ minSize: U, maxSize: 7 }, "maxSize"),
      at({ desiredCapacity: 7 }, "desiredCapacity"),
      at({ "warmPool.minSize": 2 }, "warmPool.minSize"),
      at({ "warmPool.maxGroupPreparedCapacity": 8 }, "warmPool.maxGroupPreparedCapacity"),
      at(
        [
          of(asg, { minSize: 3, maxSize: 6 }, { within, name: "a" }),
          of(vmss, {}, { within, name: "b" }),
          scheduled({}),
        ],
        "a",
        "b",
      ),
      at([of(mig, {}, { within, name: "a" }), of(zonal, {}, { within, name: "b" })], "a", "b"),
      at(scheduled({ minSize: 0 }), "minSize"),
      at(scheduled({ minSize: 7 }), "minSize"),
      at(scheduled({ maxSize: 7 }), "maxSize"),
      at(scheduled({ desiredCapacity: 7 }), "desiredCapacity"),
    ],
    unknown: [
      at({ maxSize: U }, "maxSize"),
      at({ desiredCapacity: U }, "desiredCapacity"),
      at(scheduled({ minSize: U }), "minSize"),
    ],
    omitted: [
      [at("maxSize", "maxSize"), "fails"],
      [at("minSize", "minSize"), "fails"],
      ["desiredCapacity", "passes"],
      // The provider's default is 0: the hour would end the pool.
      [at(of(schedule, {}), "desiredCapacity", "maxSize", "minSize"), "fails"],
      [at(of(setting, {}), "profiles"), "fails"],
    ],
    twins: [
      at(of(asg, { minSize: 3, maxSize: 6 }), ""),
      at(
        of("aws:autoscaling/policy:Policy", {
          predictiveScalingConfiguration: { maxCapacityBreachBehavior: "IncreaseMaxCapacity", maxCapacityBuffer: 50 },
        }),
        "predictiveScalingConfiguration.maxCapacityBreachBehavior",
      ),
      at(scaled({ maxReplicas: 7 }), "autoscalingPolicy.maxReplicas"),
      at(scaled({ minReplicas: 0 }), "autoscalingPolicy.minReplicas"),
      at(
        scaled({ scalingSchedules: [{ minRequiredReplicas: 3 }, { minRequiredReplicas: 7 }] }),
        "autoscalingPolicy.scalingSchedules[1].minRequiredReplicas",
      ),
      at(of("gcp:compute/autoscaler:Autoscaler", {}), "autoscalingPolicy.maxReplicas", "autoscalingPolicy.minReplicas"),
      at(of(mig, { targetSize: 7 }, { within }), "targetSize"),
      at(of(mig, { targetStoppedSize: 2 }, { within }), "targetStoppedSize"),
      at(of(zonal, { targetSuspendedSize: 2 }, { within }), "targetSuspendedSize"),
      at(of(mig, { targetSize: 3 }), ""),
      at(of(vmss, { sku: { capacity: 7 } }, { within }), "sku.capacity"),
      at(of(vmss, {}), ""),
      at(azureScaled({ minimum: "0" }), "profiles[0].capacity.minimum"),
      at(azureScaled({ maximum: "7" }), "profiles[0].capacity.maximum"),
      at(azureScaled({ default: "7" }), "profiles[0].capacity.default"),
      at(of(standby, { elasticityProfile: { maxReadyCapacity: 8 } }), "elasticityProfile.maxReadyCapacity"),
      at(of("aws:ec2/spotFleetRequest:SpotFleetRequest", {}), ""),
      at(of("aws:ec2/fleet:Fleet", {}), ""),
      at(of("gcp:container/nodePool:NodePool", {}), ""),
    ],
  }),
  table(sizes.nodesLargeEnough, of(template, { instanceType: "c7i.2xlarge" }), {
    passes: [
      of(template, { instanceType: "t3.small" }, { within: helper }),
      of(gcpTemplate, { machineType: "n2-custom-8-16384" }),
      of(gcpInstance, { machineType: "e2-small" }, { within: helper }),
      of("gcp:compute/instanceFromTemplate:InstanceFromTemplate", { sourceInstanceTemplate: "t" }),
      of(asg, mixed({ overrides: [{ instanceType: "c7i.2xlarge" }, { weightedCapacity: "1" }] })),
      flexible("c3-highcpu-8"),
      of(vm, { hardwareProfile: { vmSize: "Standard_D8ls_v5" } }),
      of(vm, { hardwareProfile: { vmSize: "Standard_B1s" } }, { within: helper }),
      of(vmss, { sku: { name: "Standard_D8ls_v5" }, skuProfile: { vmSizes: [{ name: "Standard_D8s_v5" }] } }),
      of(vmss, { sku: { name: "Standard_B1s" } }, { within: helper }),
    ],
    fails: [
      at({ instanceType: "c7i.xlarge" }, "instanceType"),
      at({ instanceType: "t3.2xlarge" }, "instanceType"),
      at({ instanceType: "x1.unknown" }, "instanceType"),
      at(of(gcpTemplate, { machineType: "e2-highcpu-8" }), "machineType"),
      at(of(gcpTemplate, { machineType: "custom-4-16384" }), "machineType"),
      at(of(gcpTemplate, { machineType: "n2-custom-8-16128" }), "machineType"),
    ],
    unknown: [
      at({ instanceType: U }, "instanceType"),
      at(
        of(asg, mixed({ overrides: [{ instanceType: U }] })),
        "mixedInstancesPolicy.launchTemplate.overrides[0].instanceType",
      ),
      at(of(vm, { hardwareProfile: U }), "hardwareProfile"),
    ],
    omitted: [
      ["instanceType", "passes"],
      [at(of(instance, {}), "instanceType"), "fails"],
      [at(of(gcpInstance, {}), "machineType"), "fails"],
      [at(of(vm, {}), "hardwareProfile.vmSize"), "fails"],
      [at(of(vmss, {}), "sku.name"), "fails"],
    ],
    twins: [
      at(of(instance, { instanceType: "c7i.xlarge" }), "instanceType"),
      at(of(config, { instanceType: "t3.micro" }), "instanceType"),
      at(
        of(asg, mixed({ overrides: [{ instanceType: "c7i.2xlarge" }, { instanceType: "c7i.xlarge" }] })),
        "mixedInstancesPolicy.launchTemplate.overrides[1].instanceType",
      ),
      at(
        of(asg, mixed({ overrides: [{ instanceRequirements: { vcpuCount: { min: 1 } } }] })),
        "mixedInstancesPolicy.launchTemplate.overrides[0].instanceRequirements",
      ),
      at(of(template, { instanceRequirements: { memoryMib: { min: 1 } } }), "instanceRequirements"),
      at(of("gcp:compute/instanceFromTemplate:InstanceFromTemplate", { machineType: "e2-micro" }), "machineType"),
      at(flexible("e2-micro"), "instanceFlexibilityPolicy.instanceSelections[0].machineTypes[1]"),
      at(of(vmss, { sku: { name: "Standard_B1s" } }), "sku.name"),
      at(
        of(vmss, { sku: { name: "Standard_D8ls_v5" }, skuProfile: { vmSizes: [{ name: "Standard_B1s" }] } }),
        "skuProfile.vmSizes[0].name",
      ),
      at(
        of("aws:ec2/spotFleetRequest:SpotFleetRequest", { launchSpecifications: [{ instanceType: "t3.micro" }] }),
        "launchSpecifications[0].instanceType",
      ),
    ],
  }),
  table(sizes.nodeDisks, of(template, mapped(["/dev/xvda", 50], ["/dev/sdf", 100])), {
    passes: [
      mapped(["/dev/sdf", 100], ["/dev/sda1", 50]),
      mapped([U, 50], ["/dev/sdf", 100]),
      mapped(["/dev/xvda", 50], ["/dev/sdg", 20], ["/dev/sdf", 100]),
      of(gcpTemplate, { disks: [{ boot: true, diskSizeGb: 50 }, { diskSizeGb: 100 }] }),
      of(gcpTemplate, { disks: [{ diskSizeGb: 100 }, { boot: true, diskSizeGb: 50 }] }),
      azureDisks(50, 100),
      of(config, { rootBlockDevice: { volumeSize: 50 }, ebsBlockDevices: [{ volumeSize: 100 }] }),
      of(template, {}, { within: helper }),
    ],
    fails: [
      at(mapped(["/dev/xvda", 49], ["/dev/sdf", 100]), "blockDeviceMappings[0].ebs.volumeSize"),
      at(mapped(["/dev/xvda", 50], ["/dev/sdf", 99]), "blockDeviceMappings"),
      at(mapped(["/dev/xvda", 200]), "blockDeviceMappings"),
      // The image's own root disk may be of any size.
      at(mapped(["/dev/sdf", 100], ["/dev/sdg", 100]), "blockDeviceMappings"),
      at(mapped(["/dev/xvda", 49], ["/dev/sdf", U]), "blockDeviceMappings[0].ebs.volumeSize"),
      at(mapped(["/dev/xvda", U], ["/dev/sdf", 99]), "blockDeviceMappings"),
    ],
    unknown: [
      at(mapped(["/dev/xvda", 50], ["/dev/sdf", U]), "blockDeviceMappings[1].ebs.volumeSize"),
      at(mapped(["/dev/xvda", U], ["/dev/sdf", 100]), "blockDeviceMappings[0].ebs.volumeSize"),
      at({ blockDeviceMappings: U }, "blockDeviceMappings"),
    ],
    omitted: [
      [at("blockDeviceMappings", "blockDeviceMappings", "blockDeviceMappings"), "fails"],
      [at("blockDeviceMappings[0].ebs.volumeSize", "blockDeviceMappings[0].ebs.volumeSize"), "fails"],
      [at("blockDeviceMappings[1].ebs.volumeSize", "blockDeviceMappings"), "fails"],
      [at("blockDeviceMappings[0].deviceName", "blockDeviceMappings"), "fails"],
    ],
    twins: [
      at(of(gcpTemplate, { disks: [{ diskSizeGb: 60 }] }), "disks"),
      at(of(gcpTemplate, { disks: [{ diskSizeGb: 49 }, { diskSizeGb: 100 }] }), "disks[0].diskSizeGb"),
      at(
        of(gcpTemplate, { disks: [{ diskSizeGb: 200 }, { diskSizeGb: 200 }, { boot: true, diskSizeGb: 10 }] }),
        "disks[2].diskSizeGb",
      ),
      at(of("gcp:compute/instanceTemplate:InstanceTemplate", {}), "disks", "disks"),
      at(azureDisks(50), `${azureStorage}.dataDisks`),
      at(azureDisks(50, 99), `${azureStorage}.dataDisks`),
      at(azureDisks(49, 100), `${azureStorage}.osDisk.diskSizeGB`),
      at(of(config, { ebsBlockDevices: [{ volumeSize: 100 }] }), "rootBlockDevice.volumeSize"),
      at(of(config, { rootBlockDevice: { volumeSize: 50 } }), "ebsBlockDevices"),
    ],
  }),
  table(sizes.helperSizes, of(instance, { instanceType: "t3.small" }, { within: helper }), {
    passes: [
      { instanceType: "c7i.2xlarge" },
      of(instance, { instanceType: "anything" }),
      ...["t3a.large", "t4g.micro", "c7i.large", "m7g.xlarge", "c7g.medium"].map((instanceType) => ({ instanceType })),
      ...["e2-micro", "e2-standard-2", "e2-standard-4", "n4-highcpu-4", "c3-standard-2"].map((machineType) =>
        of(gcpInstance, { machineType }, { within: helper }),
      ),
      of(vm, { hardwareProfile: { vmSize: "Standard_B2s" } }, { within: helper }),
      of(vmss, { sku: { name: "Standard_D2s_v5" } }, { within: helper }),
    ],
    fails: [
      at({ instanceType: "x2iedn.32xlarge" }, "instanceType"),
      at({ instanceType: "p5.48xlarge" }, "instanceType"),
      at({ instanceType: "" }, "instanceType"),
      at({ instanceType: "t3.xlarge" }, "instanceType"),
      at({ instanceType: "c7i.12xlarge" }, "instanceType"),
    ],
    unknown: [at({ instanceType: U }, "instanceType")],
    omitted: [[at("instanceType", "instanceType"), "fails"]],
    twins: [
      at(of(gcpInstance, { machineType: "a3-highgpu-8g" }, { within: helper }), "machineType"),
      at(of(gcpInstance, { machineType: "e2-standard-16" }, { within: helper }), "machineType"),
      at(of(vm, { hardwareProfile: { vmSize: "Standard_M128s" } }, { within: helper }), "hardwareProfile.vmSize"),
      at(of(vm, { hardwareProfile: { vmSize: "Standard_D2s_v5x" } }, { within: helper }), "hardwareProfile.vmSize"),
      at(of(vmss, { sku: { name: "Standard_M128s" } }, { within: ["logos:substrate:Bastion"] }), "sku.name"),
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
      passes: [
        of(mig, {}),
        of(mig, { distributionPolicyZones: ["a", "b"] }),
        of(vmss, { zones: ["1", "2"] }),
        { vpcZoneIdentifiers: undefined, availabilityZones: ["a", "b"] },
        {
          launchTemplate: undefined,
          ...mixed({
            launchTemplateSpecification: { launchTemplateId: U, version: "3" },
            overrides: [{ instanceType: "x" }, { launchTemplateSpecification: { launchTemplateId: U, version: "4" } }],
          }),
        },
        of("aws:autoscaling/tag:Tag", { tag: { propagateAtLaunch: true } }),
      ],
      fails: [
        at({ "launchTemplate.version": "$Latest" }, "launchTemplate.version"),
        at({ "launchTemplate.version": "" }, "launchTemplate.version"),
        at({ vpcZoneIdentifiers: ["a"] }, "vpcZoneIdentifiers"),
        at({ "tags[0].propagateAtLaunch": false }, "tags[0].propagateAtLaunch"),
        at({ launchConfiguration: "x" }, "launchConfiguration"),
        at({ "launchTemplate.version": U, launchConfiguration: "x" }, "launchConfiguration"),
        at({ launchTemplate: undefined, launchConfiguration: "x" }, "launchTemplate", "launchConfiguration"),
        at(of(zonal, {}), ""),
      ],
      unknown: [at({ "tags[0].propagateAtLaunch": U }, "tags[0].propagateAtLaunch")],
      later: [{ "launchTemplate.version": U }, { vpcZoneIdentifiers: U }, { mixedInstancesPolicy: U }],
      omitted: [
        [at("launchTemplate", "launchTemplate"), "fails"],
        [at("launchTemplate.version", "launchTemplate.version"), "fails"],
        [at("vpcZoneIdentifiers", "vpcZoneIdentifiers"), "fails"],
        [at(of(vmss, {}), "zones"), "fails"],
      ],
      twins: [
        at(
          {
            launchTemplate: undefined,
            ...mixed({ launchTemplateSpecification: { launchTemplateId: U, version: "$Default" } }),
          },
          "mixedInstancesPolicy.launchTemplate.launchTemplateSpecification.version",
        ),
        at(
          mixed({
            launchTemplateSpecification: { launchTemplateId: U, version: "3" },
            overrides: [{ launchTemplateSpecification: { launchTemplateId: U, version: "$Latest" } }],
          }),
          "mixedInstancesPolicy.launchTemplate.overrides[0].launchTemplateSpecification.version",
        ),
        at(of(mig, { distributionPolicyZones: ["a"] }), "distributionPolicyZones"),
        at(of(vmss, { zones: ["1"] }), "zones"),
        at(of("aws:autoscaling/tag:Tag", { tag: { propagateAtLaunch: false } }), "tag.propagateAtLaunch"),
      ],
    },
  ),
  table(pools.groupsHeal, of(asg, { suspendedProcesses: [] }), {
    passes: [
      { suspendedProcesses: ["AZRebalance"] },
      of(mig, { instanceLifecyclePolicy: { defaultActionOnFailure: "REPAIR", onFailedHealthCheck: "REPAIR" } }),
      of(vmss, { automaticRepairsPolicy: { enabled: true } }),
    ],
    fails: [
      at({ suspendedProcesses: ["ReplaceUnhealthy"] }, "suspendedProcesses[0]"),
      at({ suspendedProcesses: ["AZRebalance", "Launch"] }, "suspendedProcesses[1]"),
      at({ suspendedProcesses: ["HealthCheck", "Terminate"] }, "suspendedProcesses[0]", "suspendedProcesses[1]"),
      at({ suspendedProcesses: [U, "Launch"] }, "suspendedProcesses[1]"),
    ],
    unknown: [at({ suspendedProcesses: [U] }, "suspendedProcesses[0]")],
    omitted: [
      ["suspendedProcesses", "passes"],
      [of(mig, {}), "passes"],
      [of(gcpTemplate, {}), "passes"],
      [at(of(vmss, {}), "automaticRepairsPolicy.enabled"), "fails"],
    ],
    twins: [
      ...[mig, zonal].map((type) =>
        at(
          of(type, { instanceLifecyclePolicy: { defaultActionOnFailure: "DO_NOTHING" } }),
          "instanceLifecyclePolicy.defaultActionOnFailure",
        ),
      ),
      at(
        of(mig, { instanceLifecyclePolicy: { onFailedHealthCheck: "DO_NOTHING" } }),
        "instanceLifecyclePolicy.onFailedHealthCheck",
      ),
      at(of(gcpTemplate, { scheduling: { automaticRestart: false } }), "scheduling.automaticRestart"),
    ],
  }),
];
