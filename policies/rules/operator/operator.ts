import { plainCommand } from "../../../core/guard/shell.ts";
import { requireFalse, requireOneOf } from "../../require.ts";
import { attempt, each, type Outcome, type Rule } from "../../rule.ts";
import type { View } from "../../view.ts";
import {
  azureMachineTypes,
  azureProfile,
  gcpInstances,
  gcpTemplates,
  given,
  launchTemplate,
  scaleSet,
  virtualMachine,
} from "../machines.ts";
import { autoscalingGroup, gcpGroups, regionGroup } from "../sizing/pools.ts";
import { harmlessOptions, unitsAsked, verbs } from "../units/systemctl.ts";

export const noOsUpdates: Rule = {
  id: "P01",
  name: "no-os-updates",
  title: "No machine updates its operating system by itself, or is updated from the side.",
  family: "operator",
  severity: "high",
  reason:
    "Others recommend it; here a machine that changes is no longer the image that was proven, and fails its manifest. Updates come as a new image.",
  remediation:
    'patchSettings: { patchMode: "ImageDefault", assessmentMode: "ImageDefault" }, and bake a new image to update',
  upstream: [
    "CKV_AZURE_95",
    "CKV_AZURE_177",
    "CKV2_AZURE_10",
    "update-management-compliance",
    "SSM.2",
    "CIS-AZ-9.1.10",
  ],
  checks: {
    ...each(azureMachineTypes, function* (subject) {
      const linux = azureProfile(subject).at("osProfile", "linuxConfiguration");
      yield* requireOneOf(linux.at("patchSettings", "patchMode"), ["ImageDefault"], "ImageDefault");
      yield* requireFalse(linux.at("enableVMAgentPlatformUpdates"));
      if (subject.type === scaleSet)
        yield* requireFalse(subject.props.at("upgradePolicy", "automaticOSUpgradePolicy", "enableAutomaticOSUpgrade"));
    }),
    ...each(
      [
        "gcp:osconfig/patchDeployment:PatchDeployment",
        "gcp:osconfig/v2PolicyOrchestrator:V2PolicyOrchestrator",
        "aws:ssm/patchBaseline:PatchBaseline",
        "aws:ssm/patchGroup:PatchGroup",
        "aws:ssm/maintenanceWindow:MaintenanceWindow",
        "azure-native:maintenance:MaintenanceConfiguration",
        "azure-native:maintenance:ConfigurationAssignment",
      ],
      () => [{ found: "patches machines that were proven" }],
    ),
  },
};

export const noRollouts: Rule = {
  id: "Q09",
  name: "no-rollouts",
  title: "In the operator profile no group replaces nodes because its template changed.",
  family: "operator",
  severity: "high",
  reason: "The operator replaces nodes one by one and looks at each (node operations runbook: never auto-update).",
  remediation:
    'updatePolicy: { type: "OPPORTUNISTIC", minimalAction: "NONE" }, upgradePolicy: { mode: "Manual" }; leave out instanceRefresh',
  upstream: [],
  profiles: ["operator"],
  checks: {
    [autoscalingGroup]: function* ({ props }) {
      yield* attempt(function* () {
        if (given(props.at("instanceRefresh"))) yield { at: "instanceRefresh", found: "replaces nodes by itself" };
        if (given(props.at("maxInstanceLifetime"))) yield { at: "maxInstanceLifetime", found: "replaces nodes by age" };
      });
    },
    ...each(gcpGroups, ({ props }) => requireOneOf(props.at("updatePolicy", "type"), ["OPPORTUNISTIC"])),
    [scaleSet]: ({ props }) => requireOneOf(props.at("upgradePolicy", "mode"), ["Manual"]),
  },
};

/** What an Auto Scaling group does to nodes without being asked. */
const selfHealing = ["ReplaceUnhealthy", "AZRebalance", "InstanceRefresh"];

export const noSelfHealing: Rule = {
  id: "Q10",
  name: "no-self-healing",
  title: "In the operator profile nothing repairs, replaces or restarts a node by itself.",
  family: "operator",
  severity: "high",
  reason:
    "Others recommend it; the node operations runbook forbids it: a node that fails is evidence, and the operator decides (never self-heal).",
  remediation: 'suspendedProcesses: ["ReplaceUnhealthy", "AZRebalance", "InstanceRefresh"], healthCheckType: "EC2"',
  upstream: [],
  profiles: ["operator"],
  checks: {
    [autoscalingGroup]: function* ({ props }) {
      yield* attempt(function* () {
        const suspended = props.items("suspendedProcesses").map((one) => one.string());
        const missing = selfHealing.filter((process) => !suspended.includes(process));
        if (missing.length > 0) yield { at: "suspendedProcesses", found: `leaves out ${missing.join(", ")}` };
      });
      yield* requireOneOf(props.at("healthCheckType"), ["EC2"], "EC2");
      yield* requireFalse(props.at("capacityRebalance"));
    },
    ...each([launchTemplate, "aws:ec2/instance:Instance"], ({ props }) =>
      requireOneOf(props.at("maintenanceOptions", "autoRecovery"), ["disabled"], "default"),
    ),
    ...each(gcpGroups, function* ({ type, props }) {
      yield* attempt(function* () {
        if (given(props.at("autoHealingPolicies")))
          yield { at: "autoHealingPolicies", found: "repairs nodes by itself" };
      });
      const policy = props.at("instanceLifecyclePolicy");
      yield* requireOneOf(policy.at("defaultActionOnFailure"), ["DO_NOTHING"], "REPAIR");
      yield* requireOneOf(policy.at("onFailedHealthCheck"), ["DO_NOTHING", "DEFAULT_ACTION"], "DEFAULT_ACTION");
      // To spread them again over the zones, it deletes machines and makes others.
      if (type === regionGroup)
        yield* requireOneOf(props.at("updatePolicy", "instanceRedistributionType"), ["NONE"], "PROACTIVE");
    }),
    ...each([...gcpInstances, ...gcpTemplates], ({ props }) =>
      requireFalse(props.at("scheduling", "automaticRestart"), true),
    ),
    [scaleSet]: function* ({ props }) {
      yield* requireFalse(props.at("automaticRepairsPolicy", "enabled"));
      yield* requireFalse(props.at("resiliencyPolicy", "automaticZoneRebalancingPolicy", "enabled"));
    },
    "aws:cloudwatch/metricAlarm:MetricAlarm": function* ({ props }) {
      for (const key of ["alarmActions", "okActions", "insufficientDataActions"])
        for (const action of props.items(key)) yield* refuseMachineAction(action);
    },
    [virtualMachine]: ({ props }) => requireOneOf(props.at("evictionPolicy"), ["Deallocate"], "Deallocate"),
  },
  // Topics come to be in the same update.
  knownAtUpdate: ["alarmActions", "okActions", "insufficientDataActions"],
};

/** An alarm may tell somebody, and not recover, restart, stop or end the machine that it watches. */
function* refuseMachineAction(action: View): Generator<Outcome> {
  yield* attempt(function* () {
    if (/:(automate|swf):/.test(action.string() ?? "")) yield { at: action, found: "acts on a machine by itself" };
  });
}

export const systemctlOnly: Rule = {
  id: "Q12",
  name: "systemctl-verbs-only",
  title:
    "In the operator profile commands on machines are one systemctl start, stop, enable, disable or status of a known unit.",
  family: "operator",
  severity: "critical",
  reason: "The node operations runbook permits these five; everything else comes with the image.",
  remediation: 'create: "sudo systemctl start logos-rebuild.service"',
  upstream: [],
  profiles: ["operator"],
  checks: {
    "command:remote:Command": function* ({ types, props, config }) {
      // The bake makes the image; the runbook is for nodes that stand.
      const isBake = ["logos:substrate:Image", "logos:substrate:Bastion", "logos:substrate:ControlPlane"].some((type) =>
        types.includes(type),
      );
      if (isBake) return;
      for (const key of ["create", "update", "delete"]) yield* attempt(() => checkVerb(props.at(key), config.units));
    },
  },
};

function* checkVerb(text: View, units: readonly string[]): Generator<Outcome> {
  const value = text.string();
  if (value === undefined) return;
  const read = plainCommand(value);
  if ("problem" in read) {
    yield { at: text, found: read.problem, expected: "one systemctl command" };
    return;
  }
  const named = unitsAsked(read.words);
  if (named === undefined) {
    yield {
      at: text,
      found: `is "${value}"`,
      expected: `systemctl ${verbs.join("|")} [${harmlessOptions.join("] [")}] <unit>`,
    };
    return;
  }
  const strange = named.find((unit) => !units.includes(unit));
  if (named.length !== 1 || strange !== undefined)
    yield { at: text, found: `is for "${named.join(" ")}"`, expected: `one of ${units.join(", ")}` };
}
