import { rules } from "../../../policies/rules/all.ts";
import * as operator from "../../../policies/rules/operator/operator.ts";
import { type Cases, of, table, U } from "./kit.ts";

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
const strict = { profile: "operator" };
const suspended = ["ReplaceUnhealthy", "AZRebalance", "InstanceRefresh"];
const typesReviewed = rules.find(({ id }) => id === "G03");
if (typesReviewed === undefined) throw new Error("G03 is no rule");

/** The families operator and waivers. */
export const operatorCases: readonly Cases[] = [
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
