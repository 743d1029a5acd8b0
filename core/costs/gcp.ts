import { type CostTable, hoursPerMonth, type InventoryItem, numberAt, perNode, priceOf, textAt } from "./cost.ts";

/**
 * Google Cloud, US dollars, list prices of us-central1 as far as they were known when this was written; none could be looked up
 * then, so every figure is an estimate, to be held against https://cloud.google.com/products/calculator.
 */

/** A machine for an hour, on demand. */
const machineHour: Readonly<Record<string, number>> = {
  "e2-small": 0.0168,
  "e2-medium": 0.0335,
  "e2-standard-8": 0.268,
  "n2-standard-8": 0.3885,
  "n2d-standard-8": 0.338,
  "c3-highcpu-8": 0.341,
  "c3-standard-8": 0.42,
  "c3d-highcpu-8": 0.302,
  "c3d-standard-8": 0.363,
};
/** A GB for a month. */
const diskGb: Readonly<Record<string, number>> = { "pd-balanced": 0.1 };
const snapshotGb = 0.05;
const storeGb: Readonly<Record<string, number>> = { cache: 0.02, audit: 0.02, archive: 0.004, "access-logs": 0.02 };

/** How much is thought to be used, where the program does not say. */
const assumed = {
  /** Hours a month that builders run: four bakes. */
  builderHours: 4,
  /** GB that a captured system of 30 GB takes. */
  capturedGb: 8,
  storedGb: { cache: 50, audit: 5, archive: 100, "access-logs": 1 } as Readonly<Record<string, number>>,
  /** GB that machines send through the translation, and GB of logs. */
  translatedGb: 20,
  logGb: 20,
};

export const gcpCosts: CostTable = {
  asOf: "2026-11-25",
  region: "us-central1",
  priced: {
    "gcp:compute/instance:Instance": machine,
    "gcp:compute/disk:Disk": (item) => {
      const size = numberAt(item, "size");
      return {
        usd: size * priceOf(diskGb, textAt(item, "type"), "disks"),
        basis: `${size} GB ${textAt(item, "type")}`,
      };
    },
    "gcp:compute/regionInstanceTemplate:RegionInstanceTemplate": (item, all) => {
      const type = textAt(item, "machineType");
      const disks = [0, 1].reduce(
        (sum, disk) =>
          sum +
          numberAt(item, `disks.${disk}.diskSizeGb`) * priceOf(diskGb, textAt(item, `disks.${disk}.diskType`), "disks"),
        0,
      );
      // A stopped machine costs its disks.
      return perNode(
        all,
        priceOf(machineHour, type, "machine types") * hoursPerMonth + disks,
        disks,
        `${type} and its disks`,
      );
    },
    "gcp:compute/snapshot:Snapshot": () => ({
      usd: assumed.capturedGb * snapshotGb,
      basis: `${assumed.capturedGb} GB, assumed`,
    }),
    "gcp:compute/diskResourcePolicyAttachment:DiskResourcePolicyAttachment": () => ({
      usd: 10 * snapshotGb,
      basis: "a fortnight of snapshots of 10 GB, of which little changes",
    }),
    "gcp:compute/image:Image": () => ({
      usd: assumed.capturedGb * snapshotGb,
      basis: `${assumed.capturedGb} GB, assumed, and as much for each that is kept`,
    }),
    "gcp:compute/address:Address": () => ({ usd: 0.005 * hoursPerMonth, basis: "a public address in use" }),
    "gcp:compute/routerNat:RouterNat": () => ({
      usd: 2 * 0.0014 * hoursPerMonth + assumed.translatedGb * 0.045,
      basis: `2 machines, ${assumed.translatedGb} GB, assumed`,
    }),
    "gcp:dns/managedZone:ManagedZone": () => ({ usd: 0.2, basis: "a private zone" }),
    "gcp:kms/cryptoKey:CryptoKey": () => ({ usd: 4 * 0.06, basis: "4 versions: a year's rotations" }),
    "gcp:secretmanager/secretVersion:SecretVersion": () => ({ usd: 0.06, basis: "1 version in 1 region" }),
    "gcp:storage/bucket:Bucket": (item) => {
      const store =
        ["cache", "audit", "archive", "access-logs"].find((known) => item.name.endsWith(`-${known}`)) ?? item.name;
      const size = priceOf(assumed.storedGb, store, "stores");
      return { usd: size * priceOf(storeGb, store, "stores"), basis: `${size} GB, assumed` };
    },
    "gcp:logging/projectBucketConfig:ProjectBucketConfig": () => ({
      usd: assumed.logGb * 0.5,
      basis: `${assumed.logGb} GB of logs and flows, assumed; the project's first 50 GB are free`,
    }),
  },
  free: [
    "gcp:billing/budget:Budget",
    "gcp:compute/firewall:Firewall",
    "gcp:compute/healthCheck:HealthCheck",
    "gcp:compute/network:Network",
    "gcp:compute/regionAutoscaler:RegionAutoscaler",
    "gcp:compute/regionInstanceGroupManager:RegionInstanceGroupManager",
    "gcp:compute/route:Route",
    "gcp:compute/resourcePolicy:ResourcePolicy",
    "gcp:compute/router:Router",
    "gcp:compute/subnetwork:Subnetwork",
    "gcp:dns/recordSet:RecordSet",
    "gcp:iap/tunnelInstanceIAMMember:TunnelInstanceIAMMember",
    "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember",
    "gcp:kms/keyRing:KeyRing",
    "gcp:logging/projectSink:ProjectSink",
    "gcp:monitoring/alertPolicy:AlertPolicy",
    "gcp:monitoring/metricDescriptor:MetricDescriptor",
    "gcp:monitoring/notificationChannel:NotificationChannel",
    "gcp:projects/iAMMember:IAMMember",
    "gcp:projects/serviceIdentity:ServiceIdentity",
    "gcp:pubsub/topic:Topic",
    "gcp:pubsub/topicIAMMember:TopicIAMMember",
    "gcp:secretmanager/secret:Secret",
    "gcp:secretmanager/secretIamMember:SecretIamMember",
    "gcp:serviceaccount/account:Account",
    "gcp:serviceaccount/iAMMember:IAMMember",
    "gcp:storage/bucketIAMMember:BucketIAMMember",
  ],
};

function machine(item: InventoryItem) {
  const type = textAt(item, "machineType");
  const size = numberAt(item, "bootDisk.initializeParams.size");
  const disk = size * priceOf(diskGb, textAt(item, "bootDisk.initializeParams.type"), "disks");
  // A builder is off but while it bakes.
  const hours = item.name.endsWith("-builder") ? assumed.builderHours : hoursPerMonth;
  const when = hours === hoursPerMonth ? "always on" : `${hours} hours a month, assumed`;
  return {
    usd: priceOf(machineHour, type, "machine types") * hours + disk,
    basis: `${type}, ${when}, ${size} GB`,
  };
}
