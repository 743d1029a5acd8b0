import * as logging from "../../../policies/rules/logging/logging.ts";
import { type Cases, of, type Scene, table, U } from "./kit.ts";

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

export const loggingCases: readonly Cases[] = [
  table(logging.flowLogs, of(flowLog, { trafficType: "ALL" }), {
    passes: [
      [vpc, of(flowLog, {}, { name: "log", madeFrom: { vpcId: ["vpc"] } })],
      of("gcp:compute/subnetwork:Subnetwork", { logConfig: { flowSampling: 1 } }),
    ],
    fails: [
      { trafficType: "REJECT" },
      { trafficType: "ACCEPT" },
      [vpc],
      of("gcp:compute/subnetwork:Subnetwork", { logConfig: { flowSampling: 0.1 } }),
    ],
    unknown: [{ trafficType: U }],
    omitted: [
      ["trafficType", "passes"],
      [of("gcp:compute/subnetwork:Subnetwork", {}), "fails"],
    ],
    twins: [
      [vpc, of(flowLog, {}, { name: "log", madeFrom: { subnetId: ["vpc"] } })],
      of("gcp:compute/subnetwork:Subnetwork", { purpose: "PRIVATE" }),
    ],
  }),
  table(logging.azureFlowLogs, of(azureFlowLog, { enabled: true, retentionPolicy: { enabled: true, days: 90 } }), {
    passes: [
      [
        azureNetwork,
        of(
          azureFlowLog,
          { retentionPolicy: { enabled: true, days: 365 } },
          { name: "log", madeFrom: { targetResourceId: ["net"] } },
        ),
      ],
    ],
    fails: [{ enabled: false }, { "retentionPolicy.days": 30 }, { "retentionPolicy.enabled": false }, [azureNetwork]],
    unknown: [{ "retentionPolicy.days": U }],
    omitted: [
      ["enabled", "passes"],
      ["retentionPolicy", "fails"],
    ],
    twins: [of("azure-native:network/v20240101:FlowLog", {})],
  }),
  table(
    logging.bucketLogs,
    [
      bucket,
      logBucket,
      of(
        s3Logging,
        { bucket: U, targetBucket: U },
        { name: "l", madeFrom: { bucket: ["cache"], targetBucket: ["sink"] } },
      ),
    ],
    {
      passes: [of(gcs, { logging: { logBucket: U } }), of(gcs, {}, { name: "logs" })],
      fails: [
        [bucket],
        of(s3Logging, { bucket: "a", targetBucket: "a" }),
        of(gcs, { name: "a", logging: { logBucket: "a" } }),
        [
          bucket,
          of(
            s3Logging,
            { bucket: U, targetBucket: U },
            { name: "l", madeFrom: { bucket: ["cache"], targetBucket: ["cache"] } },
          ),
        ],
      ],
      later: [of(s3Logging, { bucket: U, targetBucket: "a" })],
      omitted: [[of(gcs, {}), "fails"]],
      twins: [
        [of("aws:s3/bucketV2:BucketV2", {})],
        of("aws:s3/bucketLoggingV2:BucketLoggingV2", { bucket: "a", targetBucket: "a" }),
      ],
    },
  ),
  table(logging.trails, of("aws:cloudtrail/trail:Trail", trail), {
    passes: [{ eventSelectors: undefined, advancedEventSelectors: [{}] }],
    fails: [
      { enableLogging: false },
      { isMultiRegionTrail: false },
      { enableLogFileValidation: false },
      { includeGlobalServiceEvents: false },
      { eventSelectors: [] },
    ],
    unknown: [{ isMultiRegionTrail: U }],
    omitted: [
      ["isMultiRegionTrail", "fails"],
      ["kmsKeyId", "fails"],
      ["cloudWatchLogsGroupArn", "fails"],
      ["enableLogging", "passes"],
    ],
    twins: "aws:cloudtrail/eventDataStore:EventDataStore is refused by G03, as no rule reads it.",
  }),
  table(logging.auditLogs, of("gcp:projects/iAMAuditConfig:IAMAuditConfig", auditConfig), {
    passes: [of("azure-native:monitor:DiagnosticSetting", { workspaceId: U, logs: [{ enabled: true }] })],
    fails: [
      { service: "compute.googleapis.com" },
      { "auditLogConfigs[0].exemptedMembers": ["user:x"] },
      { auditLogConfigs: [{ logType: "DATA_READ" }] },
      of("azure-native:monitor:DiagnosticSetting", { logs: [{ enabled: true }] }),
    ],
    unknown: [{ service: U }],
    omitted: [
      ["auditLogConfigs", "fails"],
      [of("azure-native:monitor:DiagnosticSetting", { workspaceId: U }), "fails"],
    ],
    twins: [
      of("gcp:folder/iamAuditConfig:IamAuditConfig", {}),
      of("gcp:organizations/iamAuditConfig:IamAuditConfig", {}),
    ],
  }),
  table(logging.logRetention, of("aws:cloudwatch/logGroup:LogGroup", { retentionInDays: 365 }), {
    passes: [{ retentionInDays: 0 }, { retentionInDays: 3653 }],
    fails: [
      { retentionInDays: 30 },
      { retentionInDays: 364 },
      of("azure-native:operationalinsights:Workspace", { retentionInDays: 90 }),
    ],
    unknown: [{ retentionInDays: U }],
    omitted: [
      ["retentionInDays", "passes"],
      [of("gcp:logging/projectBucketConfig:ProjectBucketConfig", {}), "fails"],
    ],
    twins: [
      of("azure-native:operationalinsights:Workspace", {}),
      of("gcp:logging/projectBucketConfig:ProjectBucketConfig", { retentionDays: 30 }),
    ],
  }),
  table(logging.alarmsAct, of(alarm, { alarmActions: [U] }), {
    passes: [of("aws:ec2/launchTemplate:LaunchTemplate", { monitoring: { enabled: true } })],
    fails: [{ alarmActions: [] }, { actionsEnabled: false }, of("aws:ec2/instance:Instance", { monitoring: false })],
    unknown: [{ actionsEnabled: U }],
    later: [{ alarmActions: U }],
    omitted: [
      ["alarmActions", "fails"],
      [of("aws:ec2/instance:Instance", {}), "fails"],
      [of("aws:ec2/launchConfiguration:LaunchConfiguration", {}), "passes"],
    ],
    twins: [
      of("aws:cloudwatch/compositeAlarm:CompositeAlarm", {}),
      of("gcp:monitoring/alertPolicy:AlertPolicy", {}),
      of("azure-native:monitor:MetricAlert", {}),
      of("aws:ec2/launchConfiguration:LaunchConfiguration", { enableMonitoring: false }),
    ],
  }),
  table(logging.promisedAlarms, [pool, ...promised], {
    passes: [[of(alarm, {}, { name: "other" })]],
    fails: [[pool], [pool, ...promised.slice(1)], [pool, ...promised.slice(0, 2)]],
    later: [[of("aws:autoscaling/group:Group", { maxSize: U }, { name: "pool" }), ...promised]],
    omitted: [[[pool], "fails"]],
    twins: (
      [
        "gcp:compute/regionInstanceGroupManager:RegionInstanceGroupManager",
        "azure-native:compute:VirtualMachineScaleSet",
      ] as const
    ).map((type): Scene => [of(type, {})]),
  }),
];
