import { rules } from "../../../policies/rules/all.ts";
import * as operator from "../../../policies/rules/operator/operator.ts";
import { at, type Cases, of, table, U } from "./kit.ts";
import { asg, gcpInstance, gcpTemplate, instance, mig, template, vm, vmss, zonal } from "./tokens.ts";

const command = "command:remote:Command";
const strict = { profile: "operator" };
const suspended = ["ReplaceUnhealthy", "AZRebalance", "InstanceRefresh"];
const alarm = "aws:cloudwatch/metricAlarm:MetricAlarm";
const patchMode = "osProfile.linuxConfiguration.patchSettings.patchMode";
const agentUpdates = "osProfile.linuxConfiguration.enableVMAgentPlatformUpdates";
const lifecycle = { defaultActionOnFailure: "DO_NOTHING" };
/** A regional group that leaves its machines as they are. */
const still = (change: object) => ({
  instanceLifecyclePolicy: lifecycle,
  updatePolicy: { instanceRedistributionType: "NONE" },
  ...change,
});
const typesReviewed = rules.find(({ id }) => id === "G03");
if (typesReviewed === undefined) throw new Error("G03 is no rule");

/** The families operator and waivers. */
export const operatorCases: readonly Cases[] = [
  table(operator.noOsUpdates, of(vm, {}), {
    passes: [
      { "osProfile.linuxConfiguration.patchSettings.patchMode": "ImageDefault" },
      of(vmss, { upgradePolicy: { automaticOSUpgradePolicy: { enableAutomaticOSUpgrade: false } } }),
      // Only scale sets know it.
      { upgradePolicy: { automaticOSUpgradePolicy: { enableAutomaticOSUpgrade: true } } },
    ],
    fails: [
      at({ [patchMode]: "AutomaticByPlatform" }, patchMode),
      at({ [agentUpdates]: true }, agentUpdates),
      at(
        of(vmss, { upgradePolicy: { automaticOSUpgradePolicy: { enableAutomaticOSUpgrade: true } } }),
        "upgradePolicy.automaticOSUpgradePolicy.enableAutomaticOSUpgrade",
      ),
    ],
    unknown: [at({ [patchMode]: U }, patchMode), at({ osProfile: U }, "osProfile")],
    omitted: [
      ["osProfile", "passes"],
      [of(vmss, {}), "passes"],
    ],
    twins: [
      at(
        of(vmss, {
          virtualMachineProfile: { osProfile: { linuxConfiguration: { enableVMAgentPlatformUpdates: true } } },
        }),
        `virtualMachineProfile.${agentUpdates}`,
      ),
      at(of("gcp:osconfig/patchDeployment:PatchDeployment"), ""),
      at(of("aws:ssm/maintenanceWindow:MaintenanceWindow"), ""),
      at(of("azure-native:maintenance:ConfigurationAssignment"), ""),
    ],
  }),
  table(operator.noRollouts, of(asg, {}), {
    config: strict,
    passes: [
      of(mig, { updatePolicy: { type: "OPPORTUNISTIC" } }),
      of(vmss, { upgradePolicy: { mode: "Manual" } }),
      of(asg, { maxInstanceLifetime: undefined, instanceRefresh: {} }),
    ],
    fails: [
      at({ instanceRefresh: { strategy: "Rolling" } }, "instanceRefresh"),
      at({ maxInstanceLifetime: 86_400 }, "maxInstanceLifetime"),
      at({ instanceRefresh: U }, "instanceRefresh"),
      at(of(mig, { updatePolicy: { type: "PROACTIVE" } }), "updatePolicy.type"),
    ],
    unknown: [at(of(mig, { updatePolicy: { type: U } }), "updatePolicy.type")],
    omitted: [
      ["instanceRefresh", "passes"],
      [at(of(mig, {}), "updatePolicy.type"), "fails"],
      [at(of(vmss, {}), "upgradePolicy.mode"), "fails"],
    ],
    twins: [
      at(of(vmss, { upgradePolicy: { mode: "Rolling" } }), "upgradePolicy.mode"),
      at(of(zonal, { updatePolicy: { type: "PROACTIVE" } }), "updatePolicy.type"),
    ],
  }),
  table(operator.noSelfHealing, of(asg, { suspendedProcesses: suspended }), {
    config: strict,
    passes: [
      { healthCheckType: "EC2", capacityRebalance: false },
      of(template, { maintenanceOptions: { autoRecovery: "disabled" } }),
      of(vmss, {}),
      of(mig, still({})),
      of(mig, still({ instanceLifecyclePolicy: { ...lifecycle, onFailedHealthCheck: "DO_NOTHING" } })),
      of(zonal, { instanceLifecyclePolicy: lifecycle }),
      of(gcpTemplate, { scheduling: { automaticRestart: false } }),
      of(vm, {}),
      of(vm, { evictionPolicy: "Deallocate" }),
      of(alarm, { alarmActions: ["arn:aws:sns:eu-central-1:123456789012:operators", U] }),
    ],
    fails: [
      at({ suspendedProcesses: ["ReplaceUnhealthy", "AZRebalance"] }, "suspendedProcesses"),
      at({ suspendedProcesses: ["AZRebalance", "InstanceRefresh"] }, "suspendedProcesses"),
      at({ suspendedProcesses: ["ReplaceUnhealthy", "InstanceRefresh"] }, "suspendedProcesses"),
      at({ healthCheckType: "ELB" }, "healthCheckType"),
      at({ suspendedProcesses: U, capacityRebalance: true }, "capacityRebalance"),
    ],
    unknown: [at({ healthCheckType: U }, "healthCheckType"), at({ suspendedProcesses: U }, "suspendedProcesses")],
    later: [of(alarm, { alarmActions: U })],
    omitted: [
      [at("suspendedProcesses", "suspendedProcesses"), "fails"],
      [at(of(template, {}), "maintenanceOptions.autoRecovery"), "fails"],
      [at(of(gcpInstance, {}), "scheduling.automaticRestart"), "fails"],
      [
        at(of(mig, {}), "instanceLifecyclePolicy.defaultActionOnFailure", "updatePolicy.instanceRedistributionType"),
        "fails",
      ],
    ],
    twins: [
      at(of(mig, still({ autoHealingPolicies: { initialDelaySec: 1 } })), "autoHealingPolicies"),
      at(
        of(zonal, { instanceLifecyclePolicy: { defaultActionOnFailure: "REPAIR" } }),
        "instanceLifecyclePolicy.defaultActionOnFailure",
      ),
      at(
        of(mig, still({ instanceLifecyclePolicy: { ...lifecycle, onFailedHealthCheck: "REPAIR" } })),
        "instanceLifecyclePolicy.onFailedHealthCheck",
      ),
      at(
        of(mig, still({ updatePolicy: { instanceRedistributionType: "PROACTIVE" } })),
        "updatePolicy.instanceRedistributionType",
      ),
      at(of(gcpTemplate, {}), "scheduling.automaticRestart"),
      at(of(vmss, { automaticRepairsPolicy: { enabled: true } }), "automaticRepairsPolicy.enabled"),
      at(
        of(vmss, { resiliencyPolicy: { automaticZoneRebalancingPolicy: { enabled: true } } }),
        "resiliencyPolicy.automaticZoneRebalancingPolicy.enabled",
      ),
      at(of(instance, { maintenanceOptions: { autoRecovery: "default" } }), "maintenanceOptions.autoRecovery"),
      at(of(vm, { evictionPolicy: "Delete" }), "evictionPolicy"),
      at(of(alarm, { alarmActions: [U, "arn:aws:automate:eu-central-1:ec2:recover"] }), "alarmActions[1]"),
      at(of(alarm, { okActions: ["arn:aws:automate:eu-central-1:ec2:reboot"] }), "okActions[0]"),
      at(
        of(alarm, {
          insufficientDataActions: [
            "arn:aws:swf:eu-central-1:123456789012:action/actions/AWS_EC2.InstanceId.Terminate/1.0",
          ],
        }),
        "insufficientDataActions[0]",
      ),
    ],
  }),
  table(operator.systemctlOnly, of(command, { create: "sudo systemctl start logos-rebuild.service" }), {
    config: strict,
    passes: [
      { create: "systemctl enable --now logos-agent.service" },
      ...["Image", "Bastion", "ControlPlane"].map((part) =>
        of(command, { create: "anything" }, { within: [`logos:substrate:${part}`] }),
      ),
    ],
    fails: [
      ...[
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
      ].map((create) => at({ create }, "create")),
      at({ create: U, update: "id" }, "update"),
      at(of(command, { create: "anything" }, { within: ["logos:substrate:NodePool"] }), "create"),
    ],
    unknown: [at({ create: U }, "create"), at({ delete: U }, "delete")],
    omitted: [
      ["create", "passes"],
      [at({ create: "systemctl start" }, "create"), "fails"],
    ],
    twins: [at({ update: "id" }, "update"), at({ delete: "rm -rf /" }, "delete")],
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
      of("not-logos:index:Machine"),
      // It grants, and no rule says what it may.
      of("aws:kms/grant:Grant"),
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
