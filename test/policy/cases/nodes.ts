import { galleryVersion } from "../../../core/digest.ts";
import { rules } from "../../../policies/rules/all.ts";
import * as image from "../../../policies/rules/image/clouds.ts";
import { imageGated } from "../../../policies/rules/image/image-gated.ts";
import * as operator from "../../../policies/rules/operator/operator.ts";
import { bastionOnly } from "../../../policies/rules/remote/bastion-only.ts";
import { noCloudCli } from "../../../policies/rules/remote/cloud-cli.ts";
import { poolBounds } from "../../../policies/rules/sizing/pool-bounds.ts";
import * as pools from "../../../policies/rules/sizing/pools.ts";
import * as sizes from "../../../policies/rules/sizing/sizes.ts";
import { gateWhole } from "../../../policies/rules/units/bake.ts";
import { programsFromRepository } from "../../../policies/rules/units/programs-from-repository.ts";
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
const command = "command:remote:Command";
const helper = ["logos:substrate:ControlPlane"];
const digest = "ab".repeat(32);
const recipe = of("logos:substrate:Image", { digest }, { name: "recipe" });
const gallery = of("azure-native:compute:Gallery", { galleryName: "gallery" }, { name: "gallery" });
/** A scale set of the gallery's image of a number. */
const ofGallery = (name: string, version: string) => {
  const id = `/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/galleries/${name}/images/node/versions/${version}`;
  return of(vmss, { virtualMachineProfile: { storageProfile: { imageReference: { id } } } });
};
const hostKey = `ssh-ed25519 ${"A".repeat(68)}`;
const hop = { host: "10.83.0.2", user: "operator", privateKey: "x", hostKey };
const smoke = of(
  command,
  { create: "sudo /usr/lib/logos/step bake -- /usr/bin/logos-agent gate --bake" },
  { name: "smoke" },
);
const ami = of("aws:ec2/amiFromInstance:AmiFromInstance", {}, { name: "image", dependsOn: ["smoke"] });
const gated = (tag: string) => ({ resourceType: tag, tags: { "logos-proof-gated": "true" } });
const strict = { profile: "operator" };
const suspended = ["ReplaceUnhealthy", "AZRebalance", "InstanceRefresh"];
const stage = "stage/0123456789ab";
const typesReviewed = rules.find(({ id }) => id === "G03");
if (typesReviewed === undefined) throw new Error("G03 is no rule");

export const nodeCases: readonly Cases[] = [
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
  table(image.imagesPinned, of(template, { imageId: "ami-0123456789abcdef0" }), {
    passes: [
      of(gcpInstance, {
        bootDisk: { initializeParams: { image: "projects/debian-cloud/global/images/debian-13-v20260101" } },
      }),
      of(vm, { storageProfile: { imageReference: { publisher: "Canonical", version: "24.04.202601010" } } }),
      { imageId: U },
    ],
    fails: [
      { imageId: "resolve:ssm:/aws/service/ami" },
      of(gcpInstance, { bootDisk: { initializeParams: { image: "debian-cloud/debian-13" } } }),
      of(gcpTemplate, { disks: [{ boot: true, sourceImage: "projects/p/global/images/family/logos" }] }),
      of(vm, { storageProfile: { imageReference: { publisher: "Canonical", version: "latest" } } }),
    ],
    later: [of(vm, { storageProfile: { imageReference: { id: U } } })],
    omitted: [
      ["imageId", "passes"],
      [of(vm, { storageProfile: { imageReference: { publisher: "Canonical" } } }), "fails"],
    ],
    twins: [
      of(instance, { ami: "resolve:ssm:/x" }),
      of("aws:ec2/launchConfiguration:LaunchConfiguration", { imageId: "resolve:ssm:/x" }),
      of(vmss, {
        virtualMachineProfile: {
          storageProfile: {
            imageReference: { id: "/subscriptions/s/providers/Microsoft.Compute/galleries/g/images/logos" },
          },
        },
      }),
      of(vm, { storageProfile: { imageReference: { communityGalleryImageId: "/x" } } }),
    ],
  }),
  table(imageGated, of("logos:substrate:NodePool", { imageDigest: digest }), {
    passes: [of("lab:index:Machine", { group: "bastion", imageId: `base:${digest}` })],
    fails: [
      { imageDigest: "latest" },
      { imageDigest: digest.toUpperCase() },
      [of("lab:index:NodePool", { imageId: `image:${digest}` })],
    ],
    unknown: [{ imageDigest: U }],
    omitted: [["imageDigest", "fails"]],
    twins: [
      of("lab:index:NodePool", { imageId: `base:${digest}` }),
      of("lab:index:Machine", { group: "node", imageId: `base:${digest}` }),
      of("lab:index:Snapshot", { digest: "x" }),
    ],
  }),
  table(image.nodesGated, [of(template, { imageId: U }, { name: "t", madeFrom: { imageId: ["image"] } }), ami, smoke], {
    config: { profile: "standard", images: ["ami-1"] },
    passes: [
      [of(template, { imageId: "ami-1" })],
      [of(template, { imageId: "ami-2" }, { within: helper })],
      [ofGallery("gallery", galleryVersion(digest)), gallery, recipe],
    ],
    fails: [
      [of(template, { imageId: "ami-2" })],
      [of(template, { imageId: U })],
      [ofGallery("gallery", "1.2.3"), gallery, recipe],
      [ofGallery("another", galleryVersion(digest)), gallery, recipe],
      [ofGallery("gallery", galleryVersion(digest)), gallery],
      [of("aws:ec2/amiFromInstance:AmiFromInstance", {}, { name: "image" }), smoke],
    ],
    later: [[of(template, { imageId: U, tags: U }, { name: "t", madeFrom: { imageId: ["image"] } }), ami, smoke]],
    omitted: [[[of(template, {})], "fails"]],
    twins: [
      [of(gcpTemplate, { disks: [{ boot: true, sourceImage: "x" }] })],
      [of(vmss, { virtualMachineProfile: { storageProfile: { imageReference: { id: "x" } } } })],
      [of("gcp:compute/image:Image", {}, { name: "i" })],
      [of("azure-native:compute:GalleryImageVersion", {}, { name: "i" })],
    ],
  }),
  table(image.gatedTagEverywhere, of(template, { tagSpecifications: [gated("instance"), gated("volume")] }), {
    passes: [of(template, {}, { within: helper }), of(gcpTemplate, { labels: { "logos-proof-gated": "true" } })],
    fails: [
      { tagSpecifications: [gated("instance")] },
      { tagSpecifications: [gated("volume")] },
      of(gcpTemplate, { labels: { "logos-proof-gated": "false" } }),
    ],
    unknown: [{ tagSpecifications: U }],
    omitted: [["tagSpecifications", "fails"]],
    twins: [
      of(gcpTemplate, {}),
      of(vmss, {}),
      of("aws:ec2/amiFromInstance:AmiFromInstance", {}),
      of("azure-native:compute:GalleryImageVersion", { tags: {} }),
    ],
  }),
  table(image.taggedAsOurs, of(template, { tags: { "logos-stack": "dev" } }), {
    passes: [of("gcp:storage/bucket:Bucket", { labels: { "logos-stack": "dev" } })],
    fails: [{ tags: {} }, { tags: { other: "x" } }, { tags: { "logos-stack": "" } }],
    later: [{ tags: U }],
    omitted: [["tags", "fails"]],
    twins: [
      of("aws:s3/bucketV2:BucketV2", {}),
      of("gcp:compute/disk:Disk", {}),
      of("azure-native:storage/v20240101:StorageAccount", {}),
    ],
  }),
  table(image.workloadPinned, of("logos:substrate:Image", { workload: { commit: "a".repeat(40) } }), {
    passes: [
      of("logos:substrate:BaseImage", { pinned: "ami-0123456789abcdef0" }),
      of("logos:substrate:BaseImage", { suite: "trixie" }),
    ],
    fails: [
      { "workload.commit": "main" },
      { "workload.commit": "abc123" },
      of("logos:substrate:BaseImage", { pinned: "projects/p/global/images/family/debian-13" }),
    ],
    unknown: [{ "workload.commit": U }],
    omitted: [["workload", "fails"]],
    twins: [of("logos:substrate:BaseImage", { pinned: "resolve:ssm:/aws/service/debian" })],
  }),
  table(operator.noOsUpdates, of(vm, {}), {
    passes: [{ "osProfile.linuxConfiguration.patchSettings.patchMode": "ImageDefault" }],
    fails: [
      { "osProfile.linuxConfiguration.patchSettings.patchMode": "AutomaticByPlatform" },
      { "osProfile.linuxConfiguration.enableVMAgentPlatformUpdates": true },
      of(vmss, { upgradePolicy: { automaticOSUpgradePolicy: { enableAutomaticOSUpgrade: true } } }),
    ],
    unknown: [{ "osProfile.linuxConfiguration.patchSettings.patchMode": U }],
    omitted: [
      ["osProfile", "passes"],
      [of(vmss, {}), "passes"],
    ],
    twins: [
      of("gcp:osconfig/patchDeployment:PatchDeployment"),
      of("aws:ssm/maintenanceWindow:MaintenanceWindow"),
      of("azure-native:maintenance:ConfigurationAssignment"),
    ],
  }),
  table(operator.noRollouts, of(asg, {}), {
    config: strict,
    passes: [of(mig, { updatePolicy: { type: "OPPORTUNISTIC" } })],
    fails: [
      { instanceRefresh: { strategy: "Rolling" } },
      { maxInstanceLifetime: 86_400 },
      of(mig, { updatePolicy: { type: "PROACTIVE" } }),
    ],
    unknown: [of(mig, { updatePolicy: { type: U } })],
    omitted: [
      ["instanceRefresh", "passes"],
      [of(mig, {}), "fails"],
    ],
    twins: [of(vmss, { upgradePolicy: { mode: "Rolling" } }), of(zonal, { updatePolicy: { type: "PROACTIVE" } })],
  }),
  table(operator.noSelfHealing, of(asg, { suspendedProcesses: suspended }), {
    config: strict,
    passes: [of(template, { maintenanceOptions: { autoRecovery: "disabled" } }), of(vmss, {})],
    fails: [{ suspendedProcesses: ["ReplaceUnhealthy"] }, { healthCheckType: "ELB" }, { capacityRebalance: true }],
    unknown: [{ healthCheckType: U }],
    omitted: [
      ["suspendedProcesses", "fails"],
      [of(template, {}), "fails"],
      [of(gcpInstance, {}), "fails"],
    ],
    twins: [
      of(mig, {
        autoHealingPolicies: { initialDelaySec: 1 },
        instanceLifecyclePolicy: { defaultActionOnFailure: "DO_NOTHING" },
      }),
      of(mig, {}),
      of(gcpTemplate, {}),
      of(vmss, { automaticRepairsPolicy: { enabled: true } }),
      of(instance, { maintenanceOptions: { autoRecovery: "default" } }),
      of(vm, { evictionPolicy: "Delete" }),
    ],
  }),
  table(operator.systemctlOnly, of(command, { create: "sudo systemctl start logos-rebuild.service" }), {
    config: strict,
    passes: [
      { create: "systemctl enable --now logos-agent.service" },
      of(command, { create: "anything" }, { within: ["logos:substrate:Image"] }),
    ],
    fails: [
      "systemctl start logos-rebuild.service; id",
      "systemctl start logos-rebuild.service && id",
      "systemctl restart logos-rebuild.service",
      "systemctl edit logos-rebuild.service",
      "systemctl start other.service",
      "systemctl start logos-rebuild.service logos-agent.service",
      "systemctl -H host start logos-rebuild.service",
      "systemctl start $(id)",
      "A=1 systemctl start logos-rebuild.service",
      "systemctl start logos-rebuild.service > /x",
      "systemctl --root=/x enable logos-agent.service",
      "systemctl start --job-mode=isolate logos-rebuild.service",
      "id",
    ].map((create) => ({ create })),
    unknown: [{ create: U }],
    omitted: [
      ["create", "passes"],
      [{ create: "systemctl start" }, "fails"],
    ],
    twins: [of(command, { update: "id" }), of(command, { delete: "rm -rf /" })],
  }),
  table(bastionOnly, of(command, { connection: { ...hop, host: "10.83.0.3", proxy: hop } }), {
    passes: [of(command, { connection: hop }, { within: ["logos:substrate:Bastion"] })],
    fails: [
      { "connection.hostKey": "" },
      { "connection.proxy": undefined },
      { "connection.password": "x" },
      { "connection.proxy.user": "root" },
    ],
    later: [{ connection: U }, { "connection.hostKey": U }],
    omitted: [
      ["connection", "fails"],
      ["connection.user", "fails"],
    ],
    twins: [
      of("command:remote:CopyToRemote", {}),
      of("command:remote:CopyFile", {}),
      of("command:local:Command", {}),
      of("pulumi-nodejs:dynamic:Resource", {}),
    ],
  }),
  table(noCloudCli, of(command, { create: "sudo -n true" }), {
    passes: [{ create: "echo aws" }],
    fails: [
      { create: "aws ec2 authorize-security-group-ingress --cidr 0.0.0.0/0" },
      { create: "sudo sh -c 'gcloud compute firewall-rules create x'" },
      { create: "nft flush ruleset" },
      { create: "true && az network nsg rule create" },
      { create: "echo $(kubectl get x)" },
    ],
    unknown: [{ create: U }],
    omitted: [["create", "passes"]],
    twins: [
      of("command:local:Command", { create: "aws s3 ls" }),
      of(command, { delete: "/usr/bin/aws s3 rb x" }),
      of("azure-native:resources:AzureCliScript"),
      of("aws:cloudformation/stack:Stack"),
    ],
  }),
  table(gateWhole, smoke, {
    passes: [{ create: "sudo /usr/bin/logos-agent manifest write --digest x" }],
    fails: ["--pins", "--skip-coqchk", "--no-axioms"].map((option) => ({
      create: `sudo /usr/bin/logos-agent gate ${option}`,
    })),
    unknown: [{ create: U }],
    omitted: [["create", "passes"]],
    twins: [of(command, { update: "sudo /usr/lib/logos/step x -- /usr/bin/logos-agent gate --only commit" })],
  }),
  table(programsFromRepository, of(command, { create: "sudo /usr/lib/logos/activate" }), {
    passes: [
      of("command:remote:CopyToRemote", { remotePath: stage, source: { path: "x" } }),
      { create: "sudo systemctl start logos-smoke.service" },
    ],
    fails: [
      { create: "id" },
      { create: "sudo /usr/lib/logos/activate | sh" },
      { create: "sudo systemctl restart logos-smoke.service" },
      { create: "sudo systemctl start sshd.service" },
      { create: "sudo systemctl start --root=/x logos-smoke.service" },
      { create: "sudo systemctl start" },
      of("command:remote:CopyToRemote", { remotePath: "/etc/x", source: { path: "x" } }),
    ],
    unknown: [{ create: U }],
    omitted: [
      ["create", "passes"],
      [of("command:remote:CopyToRemote", {}), "fails"],
    ],
    twins: [
      of("command:remote:CopyFile", {}),
      of(command, { delete: "rm -rf /" }),
      of("command:remote:CopyToRemote", { remotePath: stage, source: { uri: "https://x" } }),
    ],
  }),
  table(typesReviewed, of("aws:ec2/vpc:Vpc", {}), {
    passes: [
      of("azure-native:network/v20240101:NetworkSecurityGroup", {}),
      of("logos:substrate:Anything", {}),
      of("pulumi:pulumi:Stack", {}),
    ],
    fails: [
      of("aws:lightsail/instance:Instance"),
      of("azure:network/networkSecurityRule:NetworkSecurityRule"),
      of("aws-native:ec2:SecurityGroup"),
    ],
    later: [of("aws:ec2/vpc:Vpc", { cidrBlock: U })],
    omitted: [[of("kubernetes:core/v1:Pod"), "fails"]],
    twins: [
      of("gcp:notebooks/instance:Instance"),
      of("azure-native:containerinstance:ContainerGroup"),
      of("docker:index/container:Container"),
    ],
  }),
];
