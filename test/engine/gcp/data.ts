import { numberAt, textAt, valueAt } from "../cloud/paths.ts";
import { CloudError, type CloudFunction, type Row } from "../cloud/table.ts";
import { iam, inProject, key, member, name, needsUsableKeys, project, projectNumber } from "./common.ts";

const topic = { to: "gcp:pubsub/topic:Topic" };

export const dataRows: Readonly<Record<string, Row>> = {
  "gcp:storage/bucket:Bucket": {
    name: {
      ...name,
      pattern: /^[a-z0-9]([-a-z0-9._]*[a-z0-9])$/,
      what: "lower-case letters, digits, hyphens, dots",
      min: 3,
    },
    id: ({ name: bucket }) => bucket,
    outputs: {
      url: ({ id }) => `gs://${id}`,
      selfLink: ({ id }) => `https://www.googleapis.com/storage/v1/b/${id}`,
      project: inProject,
      projectNumber: () => Number(projectNumber),
    },
    references: { "encryption.defaultKmsKeyName": key },
    replaceOn: ["name", "location", "project"],
    check: (inputs) =>
      inputs.retentionPolicy !== undefined && valueAt(inputs, "versioning.enabled") === true
        ? "a bucket with a retention policy cannot keep versions"
        : undefined,
    onCreate: needsUsableKeys,
    onUpdate: (next, old) => {
      if (valueAt(old.inputs, "retentionPolicy.isLocked") !== true) return;
      const shorter =
        (numberAt(next.inputs, "retentionPolicy.retentionPeriod") ?? 0) <
        (numberAt(old.inputs, "retentionPolicy.retentionPeriod") ?? 0);
      if (shorter || valueAt(next.inputs, "retentionPolicy.isLocked") !== true)
        throw new CloudError(
          `googleapi: Error 403: Cannot reduce or remove the locked retention of bucket ${old.id}, retentionPolicyNotMet`,
        );
    },
    onDelete: ({ id, inputs, live }) => {
      const objects = live.objects ?? [];
      if (objects.some(({ locked }) => locked))
        throw new CloudError(
          `googleapi: Error 403: Object in bucket ${id} is subject to the bucket's retention policy, retentionPolicyNotMet`,
        );
      if (objects.length > 0 && inputs.forceDestroy !== true)
        throw new CloudError(
          `Error trying to delete bucket ${id} containing objects without force_destroy set to true`,
        );
    },
  },
  "gcp:storage/bucketIAMMember:BucketIAMMember": {
    id: (made) => iam(made, "bucket"),
    references: { bucket: { to: "gcp:storage/bucket:Bucket" }, member },
    replaceOn: ["*"],
  },
  "gcp:pubsub/topic:Topic": {
    name: { ...name, pattern: /^[A-Za-z][A-Za-z0-9._~+%-]{2,254}$/, what: "letters, digits and ._~+%-", max: 255 },
    id: (made) => `projects/${project}/topics/${made.name}`,
    outputs: { project: inProject },
    handles: ["name"],
    replaceOn: ["name"],
  },
  "gcp:pubsub/topicIAMMember:TopicIAMMember": {
    id: (made) => iam(made, "topic"),
    references: { topic, member },
    replaceOn: ["*"],
  },
  "gcp:monitoring/notificationChannel:NotificationChannel": {
    id: (made) => `projects/${project}/notificationChannels/${made.fresh("", 15)}`,
    outputs: { name: ({ id }) => id, project: inProject, verificationStatus: () => "" },
    references: { "labels.topic": topic },
    replaceOn: ["type"],
  },
  "gcp:monitoring/alertPolicy:AlertPolicy": {
    id: (made) => `projects/${project}/alertPolicies/${made.fresh("", 15)}`,
    outputs: { name: ({ id }) => id, project: inProject },
    references: {
      "notificationChannels[]": { to: "gcp:monitoring/notificationChannel:NotificationChannel" },
      // What is described nowhere cannot be watched.
      "conditions[].conditionThreshold.filter": {
        to: "gcp:monitoring/metricDescriptor:MetricDescriptor",
        external: /metric\.type = "compute\.googleapis\.com\//,
        part: (filter) => /metric\.type = "(custom[^"]*)"/.exec(filter)?.[1],
      },
    },
  },
  "gcp:monitoring/metricDescriptor:MetricDescriptor": {
    name: {
      input: "type",
      pattern: /^custom\.googleapis\.com\/[A-Za-z0-9_./-]+$/,
      what: "a custom metric",
      max: 200,
      unique: "cloud",
      automatic: false,
    },
    id: (made) => `projects/${project}/metricDescriptors/${made.name}`,
    outputs: { name: ({ id }) => id, project: inProject },
    handles: ["type"],
    replaceOn: ["type", "metricKind", "valueType", "unit", "labels"],
  },
  "gcp:logging/projectBucketConfig:ProjectBucketConfig": {
    id: (made) => `projects/${project}/locations/${made.text("location")}/buckets/${made.text("bucketId")}`,
    outputs: { name: ({ id }) => id, lifecycleState: () => "ACTIVE" },
    replaceOn: ["bucketId", "location", "project"],
    onUpdate: (_, old) => {
      if (old.inputs.locked === true)
        throw new CloudError(`googleapi: Error 400: Log bucket ${old.id} is locked, invalid`);
    },
  },
  "gcp:logging/projectSink:ProjectSink": {
    name: { ...name, max: 100 },
    id: (made) => `projects/${project}/sinks/${made.name}`,
    outputs: { writerIdentity: () => `serviceAccount:cloud-logs@system.gserviceaccount.com` },
    references: {
      destination: {
        to: "gcp:logging/projectBucketConfig:ProjectBucketConfig",
        part: (value) => value.replace(/^logging\.googleapis\.com\//, ""),
      },
    },
    replaceOn: ["name"],
  },
  "gcp:billing/budget:Budget": {
    id: (made) => `billingAccounts/${made.text("billingAccount")}/budgets/${made.fresh("", 12)}`,
    outputs: { name: ({ id }) => id },
    references: {
      "allUpdatesRule.monitoringNotificationChannels[]": {
        to: "gcp:monitoring/notificationChannel:NotificationChannel",
      },
    },
    replaceOn: ["billingAccount"],
    check: ({ budgetFilter }) => {
      const labels = valueAt(budgetFilter, "labels");
      return labels !== undefined && Object.keys(Object(labels)).length > 1
        ? "a budget's filter takes one label"
        : undefined;
    },
  },
};

export const functions: Readonly<Record<string, CloudFunction>> = {
  "gcp:compute/getImages:getImages": ({ filter }, cloud) => ({
    id: project,
    images: cloud
      .all("gcp:compute/image:Image")
      .filter((image) => `name = ${image.name}` === filter)
      .map((image) => ({ ...image.inputs, name: image.name, selfLink: image.outputs.selfLink })),
  }),
  "gcp:compute/getAddresses:getAddresses": ({ filter }, cloud) => {
    const wanted = [...String(filter).matchAll(/labels\.(?<key>[a-z-]+) = "(?<value>[^"]*)"/g)];
    if (wanted.length === 0)
      throw new CloudError(`The simulated project lists addresses by label, not by ${String(filter)}`);
    return {
      id: project,
      addresses: cloud
        .all("gcp:compute/address:Address")
        .filter(({ inputs }) => wanted.every(({ groups }) => textAt(inputs, `labels.${groups?.key}`) === groups?.value))
        .map(({ outputs }) => ({ address: outputs.address })),
    };
  },
  "gcp:storage/getProjectServiceAccount:getProjectServiceAccount": () => ({
    id: project,
    project,
    emailAddress: `service-${projectNumber}@gs-project-accounts.iam.gserviceaccount.com`,
    member: `serviceAccount:service-${projectNumber}@gs-project-accounts.iam.gserviceaccount.com`,
  }),
};
