import { contains, formatAddress, parseAddress, parseCidr } from "../../../core/net.ts";
import { numberAt, placesAt, textAt, valueAt } from "../cloud/paths.ts";
import { CloudError, type Reference, type Row } from "../cloud/table.ts";
import type { CloudView, Standing } from "../cloud/view.ts";
import {
  account,
  global,
  inProject,
  key,
  member,
  name,
  needsUsableKeys,
  regional,
  selfLink,
  subnetwork,
  vendorImage,
  zonal,
} from "./common.ts";

const instanceType = "gcp:compute/instance:Instance";
const groupType = "gcp:compute/regionInstanceGroupManager:RegionInstanceGroupManager";
const autoscalerType = "gcp:compute/regionAutoscaler:RegionAutoscaler";
const image: Reference = { to: "gcp:compute/image:Image", external: vendorImage, holds: false };
/** A disk by its name; that of a machine's first disk is the machine's. */
const disk = ["gcp:compute/disk:Disk", instanceType];

export const computeRows: Readonly<Record<string, Row>> = {
  [instanceType]: {
    name: { ...name, unique: { within: ["zone"] } },
    required: ["zone"],
    id: zonal("instances"),
    outputs: {
      instanceId: ({ fresh }) => `${BigInt(`0x${fresh("", 15)}`)}`,
      currentStatus: () => "RUNNING",
      // Where no address is asked for, the cloud chooses one.
      networkInterfaces: ({ inputs, cloud }) => {
        const [first, ...more] = placesAt(inputs, "networkInterfaces[]").map(({ value }) => value);
        return [{ networkIp: freeAddress(textAt(first, "subnetwork") ?? "", cloud), ...Object(first) }, ...more];
      },
      cpuPlatform: () => "simulated",
      selfLink,
      project: inProject,
    },
    handles: ["name", "selfLink"],
    references: {
      "bootDisk.initializeParams.image": image,
      "bootDisk.kmsKeySelfLink": key,
      "attachedDisks[].source": { to: "gcp:compute/disk:Disk" },
      "attachedDisks[].kmsKeySelfLink": key,
      "networkInterfaces[].subnetwork": subnetwork,
      "networkInterfaces[].accessConfigs[].natIp": { to: "gcp:compute/address:Address" },
      "serviceAccount.email": account,
    },
    replaceOn: [
      "name",
      "zone",
      "bootDisk",
      "networkInterfaces[].subnetwork",
      "networkInterfaces[].networkIp",
      "canIpForward",
    ],
    check: (inputs) =>
      /^(c4|n4|c4a)-/.test(String(inputs.machineType)) &&
      String(valueAt(inputs, "bootDisk.initializeParams.type")).startsWith("pd-")
        ? `${String(inputs.machineType)} takes Hyperdisk alone`
        : undefined,
    onCreate: (made, cloud) => {
      needsUsableKeys(made, cloud);
      holdAddress(made, cloud);
    },
    onUpdate: (next, old) => {
      const restarts = ["machineType", "shieldedInstanceConfig", "serviceAccount"].some(
        (input) => JSON.stringify(next.inputs[input]) !== JSON.stringify(old.inputs[input]),
      );
      if (restarts && next.inputs.allowStoppingForUpdate !== true)
        throw new CloudError(
          "Changing the machine_type, ... on a started instance requires stopping it. Set allow_stopping_for_update = true",
        );
    },
    machine: {
      privateAddress: ({ outputs }) => textAt(outputs, "networkInterfaces[].networkIp"),
      publicAddress: ({ inputs }) => textAt(inputs, "networkInterfaces[].accessConfigs[].natIp"),
    },
  },
  "gcp:compute/disk:Disk": {
    name: { ...name, unique: { within: ["zone"] } },
    required: ["zone"],
    id: zonal("disks"),
    outputs: { selfLink, project: inProject },
    handles: ["name", "selfLink"],
    references: { "diskEncryptionKey.kmsKeySelfLink": key },
    replaceOn: ["name", "zone", "type", "diskEncryptionKey", "image", "snapshot"],
    onCreate: needsUsableKeys,
  },
  "gcp:compute/resourcePolicy:ResourcePolicy": {
    name,
    id: regional("resourcePolicies"),
    outputs: { selfLink, project: inProject },
    handles: ["name", "selfLink"],
    replaceOn: ["*"],
  },
  "gcp:compute/diskResourcePolicyAttachment:DiskResourcePolicyAttachment": {
    id: (made) => `${made.text("disk")}/${made.text("name")}`,
    references: { disk: { to: "gcp:compute/disk:Disk" }, name: { to: "gcp:compute/resourcePolicy:ResourcePolicy" } },
    replaceOn: ["*"],
  },
  "gcp:compute/snapshot:Snapshot": {
    name,
    required: ["sourceDisk"],
    id: global("snapshots"),
    outputs: { selfLink, project: inProject },
    handles: ["name", "selfLink"],
    references: { sourceDisk: { to: disk, holds: false }, "snapshotEncryptionKey.kmsKeySelfLink": key },
    replaceOn: ["name", "sourceDisk", "zone", "snapshotEncryptionKey", "storageLocations", "guestFlush"],
    onCreate: needsUsableKeys,
  },
  "gcp:compute/image:Image": {
    image: true,
    name,
    exactlyOne: [["sourceSnapshot", "sourceDisk", "sourceImage", "rawDisk"]],
    id: global("images"),
    outputs: { selfLink, project: inProject },
    handles: ["name", "selfLink"],
    references: {
      sourceSnapshot: { to: "gcp:compute/snapshot:Snapshot", holds: false },
      sourceDisk: { to: disk, holds: false },
      // An image that is kept outlives a stack, and so does what it is encrypted with.
      "imageEncryptionKey.kmsKeySelfLink": { ...key, holds: false },
    },
    replaceOn: [
      "name",
      "sourceSnapshot",
      "sourceDisk",
      "description",
      "imageEncryptionKey",
      "guestOsFeatures",
      "storageLocations",
    ],
    onCreate: (made, cloud) => {
      needsUsableKeys(made, cloud);
      const source = cloud.find(instanceType, textAt(made.inputs, "sourceDisk") ?? "");
      if (source !== undefined)
        throw new CloudError(
          `googleapi: Error 400: The disk resource '${source.id}' is already being used by '${source.id}', resourceInUseByAnotherResource`,
        );
    },
  },
  "gcp:compute/regionInstanceTemplate:RegionInstanceTemplate": {
    id: (made) =>
      regional("instanceTemplates")({
        ...made,
        // The provider's own tail: 26 characters.
        name: `${textAt(made.inputs, "namePrefix") ?? "pulumi-"}${made.fresh("", 26)}`,
      }),
    outputs: { selfLink, project: inProject },
    handles: ["selfLink"],
    references: {
      "disks[].sourceImage": image,
      "disks[].diskEncryptionKey.kmsKeySelfLink": key,
      "networkInterfaces[].subnetwork": subnetwork,
      "serviceAccount.email": account,
    },
    // Nothing of a template can be changed.
    replaceOn: ["*"],
    check: ({ namePrefix }) =>
      typeof namePrefix === "string" && namePrefix.length > 37
        ? "namePrefix takes 37 characters where its tail is to be whole"
        : undefined,
    onCreate: needsUsableKeys,
  },
  "gcp:compute/healthCheck:HealthCheck": {
    name,
    id: global("healthChecks"),
    outputs: { selfLink, project: inProject, type: () => "TCP" },
    handles: ["selfLink"],
    replaceOn: ["name"],
  },
  [groupType]: {
    name,
    id: regional("instanceGroupManagers"),
    outputs: { selfLink, project: inProject, instanceGroup: (made) => regional("instanceGroups")(made) },
    handles: ["selfLink", "name"],
    references: {
      "versions[].instanceTemplate": { to: "gcp:compute/regionInstanceTemplate:RegionInstanceTemplate" },
      "autoHealingPolicies.healthCheck": { to: "gcp:compute/healthCheck:HealthCheck" },
    },
    replaceOn: ["name", "baseInstanceName", "distributionPolicyZones", "region"],
    check: groupMistake,
    group: {
      current: "targetSize",
      bounds: [autoscalerType],
      limits: (group, cloud) => {
        const autoscaler = cloud.referrers(group).find(({ type }) => type === autoscalerType);
        if (autoscaler === undefined) return undefined;
        return {
          min: numberAt(autoscaler.inputs, "autoscalingPolicy.minReplicas") ?? 0,
          max: numberAt(autoscaler.inputs, "autoscalingPolicy.maxReplicas") ?? 0,
        };
      },
      template: ({ inputs }) => textAt(inputs, "versions[].instanceTemplate") ?? "",
      rolling: ({ inputs }) =>
        valueAt(inputs, "updatePolicy.type") === "PROACTIVE"
          ? {
              surge: numberAt(inputs, "updatePolicy.maxSurgeFixed") ?? 0,
              unavailable: numberAt(inputs, "updatePolicy.maxUnavailableFixed") ?? 0,
            }
          : undefined,
    },
  },
  [autoscalerType]: {
    name,
    id: regional("autoscalers"),
    outputs: { selfLink, project: inProject },
    references: {
      target: { to: groupType },
      "autoscalingPolicy.metrics[].name": {
        to: "gcp:monitoring/metricDescriptor:MetricDescriptor",
        external: /^(compute|pubsub)\.googleapis\.com\//,
      },
    },
    replaceOn: ["name", "target", "region"],
    check: ({ autoscalingPolicy }) => {
      const filters = placesAt(autoscalingPolicy, "metrics[].filter").map(({ value }) => String(value));
      return filters.some((filter) => /\bOR\b|!=|[<>]/.test(filter))
        ? "a metric's filter takes AND and = alone"
        : undefined;
    },
    onCreate: (made, cloud) => {
      const group = cloud.find(groupType, textAt(made.inputs, "target") ?? "");
      if (group === undefined) return;
      if (group.inputs.statefulDisks !== undefined)
        throw new CloudError(
          "googleapi: Error 400: You cannot use autoscaling if your MIG has stateful configuration, invalid",
        );
    },
  },
  "gcp:iap/tunnelInstanceIAMMember:TunnelInstanceIAMMember": {
    id: (made) => `${made.text("instance")}/${made.text("role")}/${made.text("member")}`,
    references: { instance: { to: instanceType }, member },
    replaceOn: ["*"],
  },
};

/** An address belongs to one machine, and lies in its subnetwork without its first two and last two. */
/** An address of the subnetwork that no machine has: from the seventh on, behind those that are fixed. */
function freeAddress(subnetwork: string, cloud: CloudView): string {
  const range = parseCidr(
    textAt(cloud.find("gcp:compute/subnetwork:Subnetwork", subnetwork)?.inputs, "ipCidrRange") ?? "",
  );
  if (range === undefined) throw new CloudError(`${subnetwork} has no range`);
  const taken = new Set(cloud.all(instanceType).map(({ outputs }) => textAt(outputs, "networkInterfaces[].networkIp")));
  for (let index = 6; index < 2 ** (32 - range.prefix) - 2; index++) {
    const address = formatAddress(range.base + index);
    if (!taken.has(address)) return address;
  }
  throw new CloudError("googleapi: Error 400: IP_SPACE_EXHAUSTED");
}

function holdAddress(made: Standing, cloud: CloudView): void {
  const address = textAt(made.outputs, "networkInterfaces[].networkIp");
  if (address === undefined) return;
  const taken = cloud
    .all(instanceType)
    .find(
      ({ key: other, outputs }) => other !== made.key && textAt(outputs, "networkInterfaces[].networkIp") === address,
    );
  if (taken !== undefined)
    throw new CloudError(
      `googleapi: Error 400: IP '${address}' is already being used by another resource, IP_IN_USE_BY_ANOTHER_RESOURCE`,
    );
  const subnet = cloud.find(
    "gcp:compute/subnetwork:Subnetwork",
    textAt(made.inputs, "networkInterfaces[].subnetwork") ?? "",
  );
  const range = parseCidr(textAt(subnet?.inputs, "ipCidrRange") ?? "");
  const parsed = parseAddress(address);
  const size = range === undefined ? 0 : 2 ** (32 - range.prefix);
  if (
    range === undefined ||
    parsed === undefined ||
    !contains(range, parsed) ||
    parsed < range.base + 2 ||
    parsed > range.base + size - 3
  )
    throw new CloudError(
      `googleapi: Error 400: '${address}' is not a usable address of ${textAt(subnet?.inputs, "ipCidrRange")}, invalid`,
    );
}

function groupMistake(inputs: Readonly<Record<string, unknown>>): string | undefined {
  const zones = placesAt(inputs, "distributionPolicyZones[]").length;
  const surge = numberAt(inputs, "updatePolicy.maxSurgeFixed") ?? 0;
  const unavailable = numberAt(inputs, "updatePolicy.maxUnavailableFixed") ?? 0;
  if (surge > 0 && surge < zones) return `maxSurgeFixed must be 0 or at least the number of zones, ${zones}`;
  if (unavailable > 0 && unavailable < zones)
    return `maxUnavailableFixed must be 0 or at least the number of zones, ${zones}`;
  if (surge + unavailable === 0) return "maxSurgeFixed and maxUnavailableFixed cannot both be 0";
  if (valueAt(inputs, "updatePolicy.replacementMethod") === "RECREATE" && surge > 0) return "RECREATE takes no surge";
  const delay = numberAt(inputs, "standbyPolicy.initialDelaySec") ?? 0;
  return delay > 3600 ? "standbyPolicy.initialDelaySec must be at most 3600" : undefined;
}
