import * as logging from "../../../policies/rules/logging/logging.ts";
import { at, type Cases, of, table, U } from "./kit.ts";

const vpc = of("aws:ec2/vpc:Vpc", {}, { name: "vpc" });
const flowLog = "aws:ec2/flowLog:FlowLog";
const azureFlowLog = "azure-native:network:FlowLog";
const azureNetwork = of("azure-native:network:VirtualNetwork", {}, { name: "net" });
const s3 = "aws:s3/bucket:Bucket";
const bucket = of(s3, {}, { name: "cache" });
const logBucket = of(s3, {}, { name: "sink" });
const s3Logging = "aws:s3/bucketLogging:BucketLogging";
const gcs = "gcp:storage/bucket:Bucket";
const trail = {
  isMultiRegionTrail: true,
  enableLogFileValidation: true,
  kmsKeyId: U,
  cloudWatchLogsGroupArn: U,
  eventSelectors: [{ dataResources: [{ type: "AWS::S3::Object" }] }],
};
const auditConfig = {
  service: "allServices",
  auditLogConfigs: ["ADMIN_READ", "DATA_READ", "DATA_WRITE"].map((logType) => ({ logType })),
};
const alarm = "aws:cloudwatch/metricAlarm:MetricAlarm";
const pool = of("aws:autoscaling/group:Group", {}, { name: "pool" });
const promised = ["rebuild-slow", "cpu-busy", "audit-sync"].map((name) => of(alarm, {}, { name }));

const subnet = "gcp:compute/subnetwork:Subnetwork";
const trailType = "aws:cloudtrail/trail:Trail";
const diagnostics = "azure-native:monitor:DiagnosticSetting";
const workspace = "azure-native:operationalinsights:Workspace";
const logStore = "gcp:logging/projectBucketConfig:ProjectBucketConfig";
const alert = "gcp:monitoring/alertPolicy:AlertPolicy";
const metricAlert = "azure-native:monitor:MetricAlert";
const queryRule = "azure-native:monitor:ScheduledQueryRule";
const template = "aws:ec2/launchTemplate:LaunchTemplate";
const configuration = "aws:ec2/launchConfiguration:LaunchConfiguration";
const instance = "aws:ec2/instance:Instance";
/** A bucket's logs, which go to another bucket. */
const loggedTo = (from: string | readonly string[], to: string | readonly string[]) =>
  of(
    s3Logging,
    { bucket: U, targetBucket: U },
    { name: "l", madeFrom: { bucket: [from].flat(), targetBucket: [to].flat() } },
  );
/** What has to stand before a bucket is named becomes a part of what its name is made from. */
const ready = of("aws:s3/bucketPolicy:BucketPolicy", {}, { name: "ready" });
const advanced = (...fieldSelectors: readonly object[]) => ({
  eventSelectors: undefined,
  advancedEventSelectors: [{ fieldSelectors: [{ field: "eventCategory", equals: ["Data"] }, ...fieldSelectors] }],
});
const objects = { field: "resources.type", equals: ["AWS::S3::Object"] };
const azureLogged = (more: object) =>
  of(azureFlowLog, { retentionPolicy: { enabled: true, days: 365 } }, { name: "log", ...more });

export const loggingCases: readonly Cases[] = [
  table(logging.flowLogs, of(flowLog, { trafficType: "ALL" }), {
    passes: [
      [vpc, of(flowLog, {}, { name: "log", madeFrom: { vpcId: ["vpc"] } })],
      of(subnet, { logConfig: { flowSampling: 1, filterExpr: "true" } }),
      of(subnet, { purpose: "PRIVATE", logConfig: { flowSampling: 0.5 } }),
      of(subnet, { logConfig: { metadata: "INCLUDE_ALL_METADATA" } }),
      of(subnet, { purpose: "REGIONAL_MANAGED_PROXY" }),
    ],
    fails: [
      at({ trafficType: "REJECT" }, "trafficType"),
      at({ trafficType: "ACCEPT" }, "trafficType"),
      at([vpc], "vpc"),
      at([vpc, of(flowLog, {}, { name: "log", madeFrom: { vpcId: ["other"] } })], "vpc"),
      at(of(subnet, { logConfig: { flowSampling: 0.49 } }), "logConfig.flowSampling"),
      at(
        of(subnet, { logConfig: { filterExpr: "inIpRange(connection.src_ip, '10.0.0.0/8')" } }),
        "logConfig.filterExpr",
      ),
    ],
    unknown: [at({ trafficType: U }, "trafficType"), at(of(subnet, { purpose: U }), "purpose")],
    omitted: [
      ["trafficType", "passes"],
      [at(of(subnet, {}), "logConfig"), "fails"],
    ],
    twins: [
      at([vpc, of(flowLog, {}, { name: "log", madeFrom: { subnetId: ["vpc"] } })], "vpc"),
      at(of(subnet, { purpose: "PRIVATE" }), "logConfig"),
    ],
  }),
  table(logging.azureFlowLogs, of(azureFlowLog, { enabled: true, retentionPolicy: { enabled: true, days: 90 } }), {
    passes: [
      [azureNetwork, azureLogged({ madeFrom: { targetResourceId: ["net"] } })],
      [of("azure-native:network:RouteTable", {}, { name: "net" })],
    ],
    fails: [
      at({ enabled: false }, "enabled"),
      at({ "retentionPolicy.days": 89 }, "retentionPolicy.days"),
      at({ "retentionPolicy.enabled": false }, "retentionPolicy.enabled"),
      at([azureNetwork], "net"),
      at([azureNetwork, azureLogged({ madeFrom: { targetResourceId: ["other"] } })], "net"),
      at([azureNetwork, azureLogged({ madeFrom: { storageId: ["net"] } })], "net"),
    ],
    unknown: [at({ "retentionPolicy.days": U }, "retentionPolicy.days")],
    omitted: [
      ["enabled", "passes"],
      [at("retentionPolicy", "retentionPolicy.enabled", "retentionPolicy.days"), "fails"],
    ],
    twins: [at(of("azure-native:network/v20240101:FlowLog", {}), "retentionPolicy.enabled", "retentionPolicy.days")],
  }),
  table(logging.bucketLogs, [bucket, logBucket, loggedTo("cache", "sink")], {
    passes: [
      of(gcs, { logging: { logBucket: U } }),
      of(gcs, { name: U, logging: { logBucket: "a" } }),
      of(gcs, { name: "a", logging: { logBucket: "b" } }),
      of(gcs, {}, { name: "access-logs" }),
      of(gcs, { labels: { "logos-logs": "true" } }),
      of(s3Logging, { bucket: "a", targetBucket: "b" }),
      [bucket, logBucket, ready, loggedTo("cache", ["ready", "sink"])],
      [of(s3, { logging: { targetBucket: "b" } })],
      [of("aws:s3/bucketV2:BucketV2", { loggings: [{ targetBucket: "b" }] })],
      // What the cloud fills in itself is not known while a resource of its own says it.
      [of(s3, { logging: U }, { name: "cache" }), logBucket, loggedTo("cache", "sink")],
    ],
    fails: [
      at([bucket], "cache"),
      at([bucket, of(s3, {}, { name: "other" }), logBucket, loggedTo("other", "sink")], "cache"),
      at(of(s3Logging, { bucket: "a", targetBucket: "a" }), "targetBucket"),
      at(of(gcs, { name: "a", logging: { logBucket: "a" } }), "logging.logBucket"),
      at(of(gcs, {}, { name: "logs-cache" }), "logging.logBucket"),
      at(of(gcs, { labels: { logs: "true" } }), "logging.logBucket"),
      at(of(gcs, { name: "a" }), "logging.logBucket"),
      at([bucket, loggedTo("cache", "cache")], "l: targetBucket"),
      at([bucket, ready, loggedTo(["ready", "cache"], "cache")], "l: targetBucket"),
      at([bucket, ready, loggedTo("cache", ["ready", "cache"])], "l: targetBucket"),
    ],
    unknown: [at([of(s3, { logging: U }, { name: "cache" })], "cache: logging")],
    later: [of(s3Logging, { bucket: U, targetBucket: "a" }), of(s3Logging, { bucket: "a", targetBucket: U })],
    omitted: [[at(of(gcs, {}), "logging.logBucket"), "fails"]],
    twins: [
      at([of("aws:s3/bucketV2:BucketV2", {}, { name: "cache" })], "cache"),
      at(of("aws:s3/bucketLoggingV2:BucketLoggingV2", { bucket: "a", targetBucket: "a" }), "targetBucket"),
    ],
  }),
  table(logging.trails, of(trailType, trail), {
    passes: [
      advanced(objects),
      { "eventSelectors[0].readWriteType": "All" },
      { eventSelectors: [{ readWriteType: "ReadOnly" }, ...trail.eventSelectors] },
    ],
    fails: [
      at({ enableLogging: false }, "enableLogging"),
      at({ isMultiRegionTrail: false }, "isMultiRegionTrail"),
      at({ enableLogFileValidation: false }, "enableLogFileValidation"),
      at({ includeGlobalServiceEvents: false }, "includeGlobalServiceEvents"),
      at({ eventSelectors: [] }, "eventSelectors"),
      at({ eventSelectors: U, kmsKeyId: undefined }, "kmsKeyId"),
      at({ "eventSelectors[0].dataResources": [{ type: "AWS::Lambda::Function" }] }, "eventSelectors"),
      // Who deletes, writes.
      at({ "eventSelectors[0].readWriteType": "ReadOnly" }, "eventSelectors"),
      at({ eventSelectors: undefined, advancedEventSelectors: [{}] }, "eventSelectors"),
      at(advanced({ field: "resources.type", equals: ["AWS::DynamoDB::Table"] }), "eventSelectors"),
      at(advanced({ field: "resources.ARN", equals: ["AWS::S3::Object"] }), "eventSelectors"),
      at(advanced(objects, { field: "readOnly", equals: ["true"] }), "eventSelectors"),
    ],
    unknown: [at({ isMultiRegionTrail: U }, "isMultiRegionTrail"), at({ eventSelectors: U }, "eventSelectors")],
    omitted: [
      [at("isMultiRegionTrail", "isMultiRegionTrail"), "fails"],
      [at("enableLogFileValidation", "enableLogFileValidation"), "fails"],
      [at("kmsKeyId", "kmsKeyId"), "fails"],
      [at("cloudWatchLogsGroupArn", "cloudWatchLogsGroupArn"), "fails"],
      [at("eventSelectors", "eventSelectors"), "fails"],
      ["enableLogging", "passes"],
    ],
    twins: "aws:cloudtrail/eventDataStore:EventDataStore is refused by G03, as no rule reads it.",
  }),
  table(logging.auditLogs, of("gcp:projects/iAMAuditConfig:IAMAuditConfig", auditConfig), {
    passes: [
      { "auditLogConfigs[0].exemptedMembers": [] },
      ...["workspaceId", "storageAccountId", "eventHubAuthorizationRuleId"].map((sink) =>
        of(diagnostics, { [sink]: U, logs: [{ enabled: true }] }),
      ),
    ],
    fails: [
      at({ service: "compute.googleapis.com" }, "service"),
      at({ "auditLogConfigs[0].exemptedMembers": ["user:x"] }, "auditLogConfigs[0].exemptedMembers"),
      ...[0, 1, 2].map((index) =>
        at({ auditLogConfigs: auditConfig.auditLogConfigs.toSpliced(index, 1) }, "auditLogConfigs"),
      ),
      at(of(diagnostics, { logs: [{ enabled: true }] }), ""),
      at(of(diagnostics, { workspaceId: U, logs: [{ enabled: true }, { enabled: false }] }), "logs[1].enabled"),
      at({ service: U, auditLogConfigs: [] }, "auditLogConfigs", "auditLogConfigs", "auditLogConfigs"),
    ],
    unknown: [at({ service: U }, "service"), at(of(diagnostics, { workspaceId: U, logs: U }), "logs")],
    omitted: [
      [at("auditLogConfigs", "auditLogConfigs", "auditLogConfigs", "auditLogConfigs"), "fails"],
      [at(of(diagnostics, { workspaceId: U }), "logs"), "fails"],
      [at(of(diagnostics, { workspaceId: U, logs: [{ category: "AuditEvent" }] }), "logs[0].enabled"), "fails"],
    ],
    twins: ["gcp:folder/iamAuditConfig:IamAuditConfig", "gcp:organizations/iamAuditConfig:IamAuditConfig"].map((type) =>
      at(of(type, { auditLogConfigs: auditConfig.auditLogConfigs }), "service"),
    ),
  }),
  table(logging.logRetention, of("aws:cloudwatch/logGroup:LogGroup", { retentionInDays: 365 }), {
    passes: [
      { retentionInDays: 0 },
      { retentionInDays: 3653 },
      of(workspace, { retentionInDays: 365 }),
      of(logStore, { retentionDays: 365 }),
    ],
    fails: [
      at({ retentionInDays: 30 }, "retentionInDays"),
      at({ retentionInDays: 364 }, "retentionInDays"),
      at(of(workspace, { retentionInDays: 364 }), "retentionInDays"),
    ],
    unknown: [at({ retentionInDays: U }, "retentionInDays")],
    omitted: [
      ["retentionInDays", "passes"],
      [at(of(logStore, {}), "retentionDays"), "fails"],
    ],
    twins: [at(of(workspace, {}), "retentionInDays"), at(of(logStore, { retentionDays: 364 }), "retentionDays")],
  }),
  table(logging.alarmsAct, of(alarm, { alarmActions: [U] }), {
    passes: [
      { actionsEnabled: true },
      of(template, { monitoring: { enabled: true } }),
      of(instance, { monitoring: true }),
      of(alert, { notificationChannels: [U] }),
      of(metricAlert, { actions: [{ actionGroupId: U }] }),
      of(queryRule, { actions: { actionGroups: [U] } }),
    ],
    fails: [
      at({ alarmActions: [] }, "alarmActions"),
      at({ actionsEnabled: false }, "actionsEnabled"),
      at({ alarmActions: U, actionsEnabled: false }, "actionsEnabled"),
      at(of(instance, { monitoring: false }), "monitoring"),
      at(of(alert, { enabled: false, notificationChannels: [U] }), "enabled"),
      at(of(metricAlert, { enabled: false, actions: [{}] }), "enabled"),
      at(of(queryRule, { enabled: false, actions: { actionGroups: [U] } }), "enabled"),
    ],
    unknown: [at({ actionsEnabled: U }, "actionsEnabled")],
    later: [{ alarmActions: U }, of(queryRule, { actions: U })],
    omitted: [
      [at("alarmActions", "alarmActions"), "fails"],
      [at(of(instance, {}), "monitoring"), "fails"],
      [at(of(template, {}), "monitoring.enabled"), "fails"],
      [of(configuration, {}), "passes"],
    ],
    twins: [
      at(of("aws:cloudwatch/compositeAlarm:CompositeAlarm", {}), "alarmActions"),
      at(of(alert, {}), "notificationChannels"),
      at(of(metricAlert, {}), "actions"),
      // Actions without a group tell nobody.
      at(of(queryRule, { actions: { customProperties: { a: "b" } } }), "actions.actionGroups"),
      at(of(configuration, { enableMonitoring: false }), "enableMonitoring"),
      at(of("aws:ec2/spotInstanceRequest:SpotInstanceRequest", {}), "monitoring"),
    ],
  }),
  table(logging.promisedAlarms, [pool, ...promised], {
    passes: [[of(alarm, {}, { name: "other" })]],
    fails: [
      at([pool], "pool", "pool", "pool"),
      ...[0, 1, 2].map((index) => at([pool, ...promised.toSpliced(index, 1)], "pool")),
    ],
    later: [[of("aws:autoscaling/group:Group", { maxSize: U }, { name: "pool" }), ...promised]],
    omitted: [[[pool], "fails"]],
    twins: [
      "gcp:compute/regionInstanceGroupManager:RegionInstanceGroupManager",
      "gcp:compute/instanceGroupManager:InstanceGroupManager",
      "azure-native:compute:VirtualMachineScaleSet",
    ].map((type) => at([of(type, {}, { name: "pool" })], "pool", "pool", "pool")),
  }),
];
