import { requireOneOf, requirePresent, requireTrue, requireWithin } from "../../require.ts";
import { attempt, each, type Outcome, type Rule, type StackSubject } from "../../rule.ts";
import type { View } from "../../view.ts";
import { awsInstances, given, launchConfiguration, launchTemplate, pointingAt } from "../machines.ts";
import { poolTypes } from "../sizing/pools.ts";
import { gcsBucket, s3Buckets, s3Logging } from "../stores.ts";

const flowLog = "aws:ec2/flowLog:FlowLog";
const azureFlowLog = "azure-native:network:FlowLog";
const vpc = "aws:ec2/vpc:Vpc";
const diagnostics = "azure-native:monitor:DiagnosticSetting";

/** How long logs are kept, in days: a year, as audit entries are (guardrail Q08). */
const keptDays = 365;

export const flowLogs: Rule = {
  id: "L01",
  name: "flow-logs",
  title: "Each VPC and subnetwork logs its flows, all of them.",
  family: "logging",
  severity: "medium",
  reason: "After an incident it is the only record of who spoke with whom.",
  remediation: 'new aws.ec2.FlowLog(name, { vpcId: vpc.id, trafficType: "ALL", … }), logConfig: { flowSampling: 1 }',
  upstream: [
    "CKV2_AWS_11",
    "CKV_GCP_26",
    "AWS-0178",
    "GCP-0029",
    "GCP-0076",
    "vpc-flow-logs-enabled",
    "EC2.6",
    "CIS-AWS-4.7",
    "CIS-GCP-3.8",
  ],
  checks: {
    [flowLog]: ({ props }) => requireOneOf(props.at("trafficType"), ["ALL"], "ALL"),
    "gcp:compute/subnetwork:Subnetwork": function* ({ props }) {
      yield* attempt(function* () {
        if ((props.string("purpose") ?? "PRIVATE") !== "PRIVATE") return;
        const config = props.at("logConfig");
        if (!given(config)) yield { at: config, found: "is left out, so no flow is logged" };
        else yield* requireWithin(config.at("flowSampling"), 0.5, 1, 0.5);
        yield* requireOneOf(config.at("filterExpr"), ["true"], "true");
      });
    },
  },
  stack: function* (resource, stack) {
    if (resource.type !== vpc || pointingAt(stack, resource, [flowLog], "vpcId").length > 0) return;
    yield { found: "has no flow log" };
  },
};

export const azureFlowLogs: Rule = {
  id: "L02",
  name: "azure-flow-logs",
  title: "Each virtual network has a flow log that is on and kept for at least 90 days.",
  family: "logging",
  severity: "medium",
  reason: "After an incident it is the only record of who spoke with whom.",
  remediation:
    "new azure.network.FlowLog(name, { targetResourceId: network.id, enabled: true, retentionPolicy: { days: 90, enabled: true }, … })",
  upstream: ["CKV_AZURE_12", "AZU-0049", "AZU-0073", "CIS-AZ-8.5", "CIS-AZ-8.8", "CIS-AZ-7.1.1.5"],
  checks: {
    [azureFlowLog]: function* ({ props }) {
      yield* requireTrue(props.at("enabled"), true);
      yield* requireTrue(props.at("retentionPolicy", "enabled"));
      yield* requireWithin(props.at("retentionPolicy", "days"), 90, Number.POSITIVE_INFINITY, 0);
    },
  },
  stack: function* (resource, stack) {
    if (resource.type !== "azure-native:network:VirtualNetwork") return;
    if (pointingAt(stack, resource, [azureFlowLog], "targetResourceId").length === 0)
      yield { found: "has no flow log" };
  },
};

export const bucketLogs: Rule = {
  id: "L03",
  name: "bucket-access-logs",
  title: "Each bucket logs who reads it, into another one.",
  family: "logging",
  severity: "medium",
  reason: "Without it nobody can tell who took a copy of the cache.",
  remediation:
    "new aws.s3.BucketLogging(name, { bucket: bucket.id, targetBucket: logs.id, targetPrefix }), logging: { logBucket: logs.name }",
  upstream: [
    "CKV_AWS_18",
    "CKV_GCP_62",
    "CKV_GCP_63",
    "AWS-0089",
    "GCP-0077",
    "s3-bucket-logging-enabled",
    "bucket-access-logging",
    "S3.9",
    "CIS-AWS-4.4",
  ],
  checks: {
    [gcsBucket]: function* ({ props, name }) {
      yield* attempt(function* () {
        // Where the logs of all others go, they would be logged for ever.
        if (given(props.at("labels", logsTag)) || name.endsWith(logsSuffix)) return;
        const target = props.at("logging", "logBucket");
        if (!given(target)) yield { at: target, found: "is left out" };
        else if (isSame(target, props.at("name"))) yield { at: target, found: "is the bucket itself" };
      });
    },
    ...each(s3Logging, function* ({ props }) {
      const target = props.at("targetBucket");
      if (isSame(target, props.at("bucket"))) yield { at: target, found: "is the bucket itself" };
    }),
  },
  stack: function* (resource, stack) {
    const targets = resource.madeFrom("targetBucket");
    if (resource.madeFrom("bucket").some(({ urn }) => targets.some((target) => target.urn === urn)))
      yield { at: "targetBucket", found: "is the bucket itself" };
    if (!s3Buckets.some((type) => type === resource.type) || isLogBucket(resource, stack.ofType(...s3Logging))) return;
    // A resource of its own says it; else the bucket itself has to, which a preview may not know.
    if (pointingAt(stack, resource, s3Logging, "bucket").length > 0) return;
    if (["logging", "loggings"].every((key) => resource.props.keys(key).length === 0))
      yield { found: "logs nobody's access" };
  },
};

/** Known, and the same. What is not known yet is compared by what it is made from. */
function isSame(one: View, other: View): boolean {
  return !one.unknown && !other.unknown && one.text() === other.text();
}

/** The bucket for logs is known by its name or label: logging it would log the logging. */
const logsTag = "logos-logs";
const logsSuffix = "logs";

function isLogBucket(bucket: StackSubject, loggings: readonly StackSubject[]): boolean {
  return loggings.some((one) => one.madeFrom("targetBucket").some(({ urn }) => urn === bucket.urn));
}

export const trails: Rule = {
  id: "L04",
  name: "trails-complete",
  title:
    "Each trail is on in all regions, validated, encrypted, sent to a log group, and has the data events of buckets.",
  family: "logging",
  severity: "high",
  reason: "An audit store whose reads and deletions nobody records proves nothing.",
  remediation:
    'isMultiRegionTrail: true, enableLogFileValidation: true, kmsKeyId, cloudWatchLogsGroupArn, eventSelectors: [{ dataResources: [{ type: "AWS::S3::Object", values }] }]',
  upstream: [
    "CKV_AWS_35",
    "CKV_AWS_36",
    "CKV_AWS_67",
    "CKV_AWS_251",
    "CKV_AWS_252",
    "CKV2_AWS_10",
    "AWS-0014",
    "AWS-0015",
    "AWS-0016",
    "AWS-0161",
    "AWS-0162",
    "AWS-0163",
    "AWS-0171",
    "AWS-0172",
    "cloudtrail-enabled",
    "cloudtrail-s3-dataevents-enabled",
    "CloudTrail.1",
    "CloudTrail.2",
    "CloudTrail.4",
    "CloudTrail.5",
    "CloudTrail.7",
    "CIS-AWS-4.1",
    "CIS-AWS-4.2",
    "CIS-AWS-4.8",
    "CIS-AWS-4.9",
  ],
  checks: {
    "aws:cloudtrail/trail:Trail": function* ({ props }) {
      yield* requireTrue(props.at("enableLogging"), true);
      yield* requireTrue(props.at("isMultiRegionTrail"));
      yield* requireTrue(props.at("includeGlobalServiceEvents"), true);
      yield* requireTrue(props.at("enableLogFileValidation"));
      for (const key of ["kmsKeyId", "cloudWatchLogsGroupArn"]) {
        if (!given(props.at(key))) yield { at: key, found: "is left out" };
      }
      yield* attempt(function* () {
        const selectors = [...props.items("eventSelectors"), ...props.items("advancedEventSelectors")];
        if (!selectors.some(hasBucketEvents)) yield { at: "eventSelectors", found: "has no data events of buckets" };
      });
    },
  },
};

/** Reads, writes and deletions of what is in buckets, all of them; selectors come in two shapes. */
function hasBucketEvents(selector: View): boolean {
  const fields = selector.items("fieldSelectors");
  const types = [
    ...selector.items("dataResources").map((one) => one.at("type")),
    ...fields.filter((one) => one.text("field") === "resources.type").flatMap((one) => one.items("equals")),
  ];
  const isHalf =
    (selector.text("readWriteType") ?? "All") !== "All" || fields.some((one) => one.text("field") === "readOnly");
  return !isHalf && types.some((type) => type.text() === "AWS::S3::Object");
}

export const auditLogs: Rule = {
  id: "L05",
  name: "audit-logs",
  title: "GCP's audit configuration exempts nobody and leaves nothing out; Azure's diagnostics send somewhere.",
  family: "logging",
  severity: "high",
  reason: "Who is exempt can do what nobody will know.",
  remediation:
    'service: "allServices", auditLogConfigs: [{ logType: "ADMIN_READ" }, { logType: "DATA_READ" }, { logType: "DATA_WRITE" }]',
  upstream: [
    "CKV2_GCP_5",
    "CKV_AZURE_37",
    "CKV_AZURE_38",
    "GCP-0079",
    "AZU-0031",
    "AZU-0032",
    "AZU-0033",
    "cloud-audit-logs-enabled",
    "diagnostic-setting-configuration",
    "CIS-GCP-2.1",
    "CIS-GCP-2.2",
    "CIS-AZ-7.1",
  ],
  checks: {
    ...each(
      [
        "gcp:projects/iAMAuditConfig:IAMAuditConfig",
        "gcp:folder/iamAuditConfig:IamAuditConfig",
        "gcp:organizations/iamAuditConfig:IamAuditConfig",
      ],
      function* ({ props }) {
        yield* requireOneOf(props.at("service"), ["allServices"]);
        yield* attempt(function* () {
          const configs = props.items("auditLogConfigs");
          const kinds = configs.map((one) => one.string("logType"));
          for (const kind of ["ADMIN_READ", "DATA_READ", "DATA_WRITE"]) {
            if (!kinds.includes(kind)) yield { at: "auditLogConfigs", found: `leaves out ${kind}` };
          }
          for (const one of configs)
            if (one.count("exemptedMembers") > 0) yield { at: one.at("exemptedMembers"), found: "exempts somebody" };
        });
      },
    ),
    [diagnostics]: function* ({ props }) {
      yield* attempt(function* () {
        const sinks = ["workspaceId", "storageAccountId", "eventHubAuthorizationRuleId"].some((key) =>
          given(props.at(key)),
        );
        if (!sinks) yield { found: "sends its logs nowhere" };
        if (props.count("logs") === 0) yield { at: "logs", found: "is left out, so nothing is logged" };
        for (const one of props.items("logs")) yield* requireTrue(one.at("enabled"));
      });
    },
  },
};

export const logRetention: Rule = {
  id: "L06",
  name: "logs-kept",
  title: "Logs are kept for a year.",
  family: "logging",
  severity: "medium",
  reason: "What happened is asked for after months.",
  remediation: "retentionInDays: 365",
  upstream: [
    "CKV_AWS_66",
    "CKV_AWS_338",
    "cloudwatch-log-group-retention-period-365",
    "cloud-logging-retention-period-365",
  ],
  checks: {
    "aws:cloudwatch/logGroup:LogGroup": function* ({ props }) {
      yield* attempt(function* () {
        // Left out or 0 is for ever.
        const days = props.at("retentionInDays");
        if ((days.text() ?? "0") !== "0") yield* requireWithin(days, keptDays, Number.POSITIVE_INFINITY);
      });
    },
    "gcp:logging/projectBucketConfig:ProjectBucketConfig": ({ props }) =>
      requireWithin(props.at("retentionDays"), keptDays, Number.POSITIVE_INFINITY, 30),
    "azure-native:operationalinsights:Workspace": ({ props }) =>
      requireWithin(props.at("retentionInDays"), keptDays, Number.POSITIVE_INFINITY, 30),
  },
};

const alarms = ["aws:cloudwatch/metricAlarm:MetricAlarm", "aws:cloudwatch/compositeAlarm:CompositeAlarm"] as const;

export const alarmsAct: Rule = {
  id: "L07",
  name: "alarms-act",
  title: "Machines are watched in detail, and each alarm tells somebody.",
  family: "logging",
  severity: "medium",
  reason: "An alarm without an action is one that nobody hears.",
  remediation: "alarmActions: [topic.arn], monitoring: { enabled: true }",
  upstream: [
    "CKV_AWS_126",
    "CKV_AWS_319",
    "AWS-0147",
    "AWS-0148",
    "AWS-0149",
    "AWS-0150",
    "AWS-0151",
    "AWS-0152",
    "AWS-0153",
    "AWS-0154",
    "AWS-0155",
    "AWS-0156",
    "AWS-0157",
    "AWS-0158",
    "AWS-0159",
    "AWS-0160",
    "AWS-0174",
    "ec2-instance-detailed-monitoring-enabled",
    "CIS-AWS-5.1",
    "CIS-AWS-5.15",
  ],
  checks: {
    ...each(alarms, function* ({ props }) {
      yield* requireTrue(props.at("actionsEnabled"), true);
      yield* requireActions(props.at("alarmActions"));
    }),
    "gcp:monitoring/alertPolicy:AlertPolicy": function* ({ props }) {
      yield* requireTrue(props.at("enabled"), true);
      yield* requireActions(props.at("notificationChannels"));
    },
    "azure-native:monitor:MetricAlert": function* ({ props }) {
      yield* requireTrue(props.at("enabled"), true);
      yield* requireActions(props.at("actions"));
    },
    "azure-native:monitor:ScheduledQueryRule": function* ({ props }) {
      yield* requireTrue(props.at("enabled"), true);
      yield* requireActions(props.at("actions", "actionGroups"));
    },
    ...each(awsInstances, ({ props }) => requireTrue(props.at("monitoring"))),
    [launchTemplate]: ({ props }) => requireTrue(props.at("monitoring", "enabled")),
    [launchConfiguration]: ({ props }) => requireTrue(props.at("enableMonitoring"), true),
  },
  // Topics and channels of this stack come to be in the same update; that they are named is known.
  knownAtUpdate: ["alarmActions", "notificationChannels", "actions"],
};

function requireActions(actions: View): Iterable<Outcome> {
  return requirePresent(actions, "at least one");
}

/** The alarms that the plan's service levels ask for, by a word of their name, and whether the stack has one of each. */
const promised = [
  ["rebuild", /rebuild/i],
  ["CPU", /cpu/i],
  ["audit sync", /audit/i],
] as const;
const alarmTypes = [
  ...alarms,
  "gcp:monitoring/alertPolicy:AlertPolicy",
  "azure-native:monitor:MetricAlert",
  "azure-native:monitor:ScheduledQueryRule",
];

export const promisedAlarms: Rule = {
  id: "Q17",
  name: "promised-alarms",
  title: "A stack with a pool on a cloud has alarms for slow rebuilds, busy CPUs and failed audit syncs.",
  family: "logging",
  severity: "high",
  reason: "The service levels are promises only as long as somebody hears when they are broken.",
  remediation: "Declare an alarm of that name with an action.",
  upstream: [],
  stack: function* (resource, stack) {
    if (!poolTypes.some((type) => type === resource.type)) return;
    for (const [what, pattern] of promised) {
      if (!stack.ofType(...alarmTypes).some(({ name }) => pattern.test(name)))
        yield { found: `has no alarm for ${what} in its stack` };
    }
  },
};
