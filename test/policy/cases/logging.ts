import * as logging from "../../../policies/rules/logging/logging.ts";
import * as retention from "../../../policies/rules/retention/stores.ts";
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
const container = "azure-native:storage:BlobContainer";
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
const versioning = "aws:s3/bucketVersioning:BucketVersioning";
const lock = "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration";
const locked = { rule: { defaultRetention: { mode: "COMPLIANCE", days: 365 } } };
const lifecycle = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration";
const blobService = "azure-native:storage:BlobServiceProperties";
const soft = {
  deleteRetentionPolicy: { enabled: true, days: 7 },
  containerDeleteRetentionPolicy: { enabled: true, days: 7 },
};
const year = 365 * 86_400;
const config = { profile: "standard", audit: { stores: ["audit"], tag: "logos-audit", retentionDays: 365 } };
const audit = of(s3, { objectLockEnabled: true }, { name: "audit", protect: true });
/** The data of a stack with one bucket in it. */
const dataWith = (labels: object, more: object = {}) => [
  of("logos:substrate:Data", { lock: "compliance", keep: true, retentionDays: 365 }, { name: "data" }),
  of(gcs, { labels, ...more }, { within: ["logos:substrate:Data"] }),
];
const gcsAudit = (more: object) =>
  of(gcs, { retentionPolicy: { isLocked: true, retentionPeriod: year }, ...more }, { name: "audit", protect: true });
const denial = {
  Statement: [
    {
      Effect: "Deny",
      Principal: "*",
      Action: [
        "s3:DeleteObject*",
        "s3:PutObjectRetention",
        "s3:BypassGovernanceRetention",
        "s3:PutBucketPolicy",
        "s3:PutLifecycleConfiguration",
      ],
      Resource: "*",
    },
  ],
};
const auditStack = (rest: { lifecycle?: object; policy?: object; lock?: boolean }) => [
  audit,
  ...(rest.lock === false ? [] : [of(lock, locked, { name: "lock", madeFrom: { bucket: ["audit"] } })]),
  of(
    "aws:s3/bucketPolicy:BucketPolicy",
    { policy: rest.policy ?? denial },
    { name: "policy", madeFrom: { bucket: ["audit"] } },
  ),
  ...(rest.lifecycle === undefined
    ? []
    : [of(lifecycle, { rules: [rest.lifecycle] }, { name: "rules", madeFrom: { bucket: ["audit"] } })]),
];
const pool = of("aws:autoscaling/group:Group", {}, { name: "pool" });
const promised = ["rebuild-slow", "cpu-busy", "audit-sync"].map((name) => of(alarm, {}, { name }));
const disk = of("gcp:compute/disk:Disk", {}, { name: "control" });

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
  table(retention.versioned, of(versioning, { versioningConfiguration: { status: "Enabled" } }), {
    passes: [
      of(gcs, { versioning: { enabled: true } }),
      of(gcs, { retentionPolicy: { retentionPeriod: 1 } }),
      [
        bucket,
        of(
          versioning,
          { versioningConfiguration: { status: "Enabled" } },
          { name: "v", madeFrom: { bucket: ["cache"] } },
        ),
      ],
    ],
    fails: [{ "versioningConfiguration.status": "Suspended" }, of(gcs, { versioning: { enabled: false } }), [bucket]],
    unknown: [{ "versioningConfiguration.status": U }],
    omitted: [
      ["versioningConfiguration", "fails"],
      [of(gcs, {}), "fails"],
    ],
    twins: [
      of("aws:s3/bucketVersioningV2:BucketVersioningV2", { versioningConfiguration: { status: "Disabled" } }),
      of(blobService, {}),
      [of("aws:s3/bucketV2:BucketV2", {})],
    ],
  }),
  table(retention.objectLock, of(lock, locked), {
    passes: [{ "rule.defaultRetention": { mode: "COMPLIANCE", years: 1 } }],
    fails: [{ "rule.defaultRetention.mode": "GOVERNANCE" }, { "rule.defaultRetention.days": 364 }, { rule: {} }],
    unknown: [{ "rule.defaultRetention.mode": U }],
    omitted: [
      ["rule", "fails"],
      ["rule.defaultRetention.days", "fails"],
    ],
    twins: [
      of("aws:s3/bucketObjectLockConfigurationV2:BucketObjectLockConfigurationV2", {}),
      of(s3, { objectLockConfiguration: { rule: { defaultRetention: { mode: "GOVERNANCE", days: 365 } } } }),
    ],
  }),
  table(retention.logsLocked, gcsAudit({}), {
    config,
    passes: [
      of(gcs, {}, { name: "cache" }),
      of("gcp:logging/projectBucketConfig:ProjectBucketConfig", { locked: true }),
    ],
    fails: [
      { "retentionPolicy.isLocked": false },
      { "retentionPolicy.retentionPeriod": 86_400 },
      of("gcp:logging/projectBucketConfig:ProjectBucketConfig", { locked: false }),
    ],
    unknown: [{ "retentionPolicy.isLocked": U }],
    omitted: [
      ["retentionPolicy", "fails"],
      [of("gcp:logging/projectBucketConfig:ProjectBucketConfig", {}), "fails"],
    ],
    twins: [of(gcs, { labels: { "logos-audit": "true" } })],
  }),
  table(retention.undeletable, of(blobService, soft), {
    config,
    passes: [gcsAudit({}), of(lifecycle, { rules: [{ abortIncompleteMultipartUpload: { daysAfterInitiation: 1 } }] })],
    fails: [
      { "deleteRetentionPolicy.enabled": false },
      { "containerDeleteRetentionPolicy.days": 1 },
      of(lifecycle, { rules: [{}] }),
    ],
    unknown: [{ "deleteRetentionPolicy.days": U }],
    omitted: [["deleteRetentionPolicy", "fails"]],
    twins: [
      gcsAudit({ softDeletePolicy: { retentionDurationSeconds: 0 } }),
      of("aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2", { rules: [{}] }),
    ],
  }),
  table(retention.disksBackedUp, [of("gcp:compute/disk:Disk", {}, { name: "cache-0" })], {
    passes: [
      [disk, of("gcp:compute/diskResourcePolicyAttachment:DiskResourcePolicyAttachment", {}, { name: "p" })],
      [of("gcp:compute/disk:Disk", { resourcePolicies: [U] }, { name: "control" })],
    ],
    fails: [
      [disk],
      [of("aws:ebs/volume:Volume", {}, { name: "control" })],
      [of("azure-native:compute:Disk", {}, { name: "control" })],
    ],
    later: [[of("gcp:compute/disk:Disk", { resourcePolicies: U }, { name: "control" })]],
    omitted: [[[disk], "fails"]],
    twins: [
      [of("gcp:compute/regionDisk:RegionDisk", {}, { name: "control" })],
      [of("aws:efs/fileSystem:FileSystem", {}, { name: "shared" })],
    ],
  }),
  table(retention.auditAppendOnly, audit, {
    config,
    passes: [
      auditStack({}),
      auditStack({ lifecycle: { expiration: { days: 400 } } }),
      gcsAudit({}),
      of(s3, { forceDestroy: true }, { name: "cache" }),
      dataWith({ "logos-audit": "true" }, { retentionPolicy: { retentionPeriod: 365 * 86_400, isLocked: true } }),
      of("logos:substrate:Data", { lock: "compliance", keep: true, retentionDays: 365 }),
    ],
    fails: [
      { objectLockEnabled: false },
      { forceDestroy: true },
      { lifecycleRules: [{ expiration: { days: 30 } }] },
      auditStack({ lock: false }),
      dataWith({}),
      dataWith({ audit: "true" }),
      auditStack({ policy: { Statement: [] } }),
      auditStack({ lifecycle: { noncurrentVersionExpiration: { noncurrentDays: 30 } } }),
      of("logos:substrate:Data", { lock: "governance", keep: true, retentionDays: 365 }),
      of("logos:substrate:Data", { lock: "compliance", keep: true, retentionDays: 30 }),
    ],
    unknown: [{ objectLockEnabled: U }],
    omitted: [
      ["objectLockEnabled", "fails"],
      ["forceDestroy", "passes"],
      [of("logos:substrate:Data", {}), "fails"],
    ],
    twins: [
      gcsAudit({ forceDestroy: true }),
      gcsAudit({ lifecycleRules: [{ action: { type: "Delete" } }] }),
      [of(container, { metadata: { logos_audit: "true" } })],
      of("azure-native:storage:BlobContainerImmutabilityPolicy", { immutabilityPeriodSinceCreationInDays: 30 }),
      of("aws:s3/bucketV2:BucketV2", {}, { name: "audit" }),
      of(s3, { tags: { "logos-audit": "true" } }),
      of(s3, { bucket: "audit" }),
      [of(container, { immutableStorageWithVersioning: { enabled: true } }, { name: "audit" })],
    ],
  }),
  table(retention.teardownSafe, audit, {
    config,
    passes: [
      of(s3, {}, { name: "cache" }),
      gcsAudit({}),
      of("gcp:kms/cryptoKey:CryptoKey", {}, { within: ["logos:substrate:Data"], protect: true }),
      of("gcp:kms/cryptoKey:CryptoKey", {}, { within: ["logos:substrate:Network"] }),
    ],
    fails: [
      of(s3, {}, { name: "audit" }),
      of("aws:kms/key:Key", { tags: { "logos-audit": "1" } }),
      of(gcs, { labels: { "logos-audit": "1" } }),
      of("gcp:kms/cryptoKey:CryptoKey", {}, { within: ["logos:substrate:Data"] }),
    ],
    later: [of(s3, { bucket: U, tags: U }, { name: "cache" })],
    omitted: [[of("azure-native:storage:StorageAccount", { accountName: "audit" }), "fails"]],
    twins: [
      of("aws:s3/bucketV2:BucketV2", {}, { name: "audit" }),
      of(container, { containerName: "audit" }),
      of("azure-native:keyvault:Key", { tags: { "logos-audit": "1" } }),
    ],
  }),
  table(
    retention.snapshotsKept,
    of(lifecycle, { rules: [{ filter: { prefix: "sandbox/" }, transitions: [{ days: 30 }] }] }),
    {
      passes: [{ "rules[0]": { filter: { prefix: "cache/" }, expiration: { days: 1 } } }],
      fails: [
        { "rules[0].expiration": { days: 400 } },
        { "rules[0]": { prefix: "snapshots/", expiration: { days: 1 } } },
        { "rules[0].noncurrentVersionExpiration": { noncurrentDays: 1 } },
      ],
      unknown: [{ "rules[0].filter.prefix": U }],
      omitted: [["rules", "passes"]],
      twins: [
        of("aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2", {
          rules: [{ filter: { prefix: "sandbox/" }, expiration: { days: 1 } }],
        }),
        of(gcs, { lifecycleRules: [{ action: { type: "Delete" }, condition: { matchesPrefixes: ["sandbox/"] } }] }),
        of("azure-native:storage:ManagementPolicy", {
          policy: {
            rules: [
              {
                definition: {
                  filters: { prefixMatch: ["archive/sandbox"] },
                  actions: { baseBlob: { delete: { daysAfterModificationGreaterThan: 1 } } },
                },
              },
            ],
          },
        }),
      ],
    },
  ),
];
