import { beforeEach, describe, expect, it } from "vitest";
import { Trial } from "../cloud/trial.ts";
import { region, zones } from "./common.ts";
import { table } from "./table.ts";

/** What Google Cloud refuses of what is easily written: each trap, stepped into, in a simulated project. */
let trial: Trial;
beforeEach(() => {
  trial = new Trial(table);
});

const agent = "serviceAccount:service-100200300400@compute-system.iam.gserviceaccount.com";

async function key(usable: boolean): Promise<string> {
  const ring = await trial.declare("gcp:kms/keyRing:KeyRing", "ring", { location: region });
  const { id } = await trial.declare("gcp:kms/cryptoKey:CryptoKey", "key", { keyRing: ring.id });
  if (usable)
    await trial.declare("gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember", "right", {
      cryptoKeyId: id,
      role: "roles/cloudkms.cryptoKeyEncrypterDecrypter",
      member: agent,
    });
  return id;
}

async function subnetwork(ipCidrRange = "10.83.0.16/28"): Promise<string> {
  const network = await trial.declare("gcp:compute/network:Network", "network", { autoCreateSubnetworks: false });
  const made = await trial.declare("gcp:compute/subnetwork:Subnetwork", "subnet", {
    network: network.id,
    ipCidrRange,
    region,
  });
  return made.id;
}

const machine = (subnet: string, more: object = {}) => ({
  zone: zones[0],
  name: "builder",
  machineType: "c3-highcpu-8",
  bootDisk: {
    initializeParams: {
      image: "projects/ubuntu-os-cloud/global/images/ubuntu-2404-noble-amd64-v1",
      type: "pd-balanced",
    },
  },
  networkInterfaces: [{ subnetwork: subnet }],
  ...more,
});

const group = async (more: object = {}) => {
  const template = await trial.declare("gcp:compute/regionInstanceTemplate:RegionInstanceTemplate", "template", {
    namePrefix: "logos-",
    region,
    machineType: "c3-highcpu-8",
    disks: [{ boot: true, sourceImage: "projects/ubuntu-os-cloud/global/images/ubuntu-2404-noble-amd64-v1" }],
  });
  return {
    region,
    baseInstanceName: "node",
    versions: [{ instanceTemplate: template.id }],
    distributionPolicyZones: [...zones],
    updatePolicy: { type: "PROACTIVE", minimalAction: "REPLACE", maxSurgeFixed: 3, maxUnavailableFixed: 0 },
    ...more,
  };
};
const groupType = "gcp:compute/regionInstanceGroupManager:RegionInstanceGroupManager";

describe("Google Cloud refuses", () => {
  it("trap: an image from a running builder's disk fails; from its snapshot it does not", async () => {
    const builder = await trial.declare("gcp:compute/instance:Instance", "builder", machine(await subnetwork()));
    const image = (source: object) => trial.declare("gcp:compute/image:Image", "image", { family: "logos", ...source });
    await expect(image({ sourceDisk: builder.inputs.name })).rejects.toThrow("resourceInUseByAnotherResource");
    const snapshot = await trial.declare("gcp:compute/snapshot:Snapshot", "snapshot", {
      sourceDisk: builder.inputs.name,
      zone: zones[0],
    });
    await expect(image({ sourceSnapshot: snapshot.id })).resolves.toBeDefined();
  });

  it("trap: a key that the service agent may not use yet encrypts nothing", async () => {
    const disk = (kmsKeySelfLink: string) =>
      trial.declare("gcp:compute/disk:Disk", "disk", {
        zone: zones[0],
        size: 10,
        diskEncryptionKey: { kmsKeySelfLink },
      });
    await expect(disk(await key(false))).rejects.toThrow("kmsPermissionDenied");
    trial = new Trial(table);
    await expect(disk(await key(true))).resolves.toBeDefined();
  });

  it("trap: an autoscaled group cannot be stateful", async () => {
    const stateful = await trial.declare(
      groupType,
      "group",
      await group({ statefulDisks: [{ deviceName: "logos-cache" }] }),
    );
    await expect(
      trial.declare("gcp:compute/regionAutoscaler:RegionAutoscaler", "autoscaler", {
        region,
        target: stateful.id,
        autoscalingPolicy: { minReplicas: 3, maxReplicas: 6 },
      }),
    ).rejects.toThrow("You cannot use autoscaling if your MIG has stateful configuration");
  });

  it("trap: a group of a region takes no surge below its number of zones", async () => {
    const updatePolicy = { type: "PROACTIVE", minimalAction: "REPLACE", maxSurgeFixed: 1, maxUnavailableFixed: 0 };
    await expect(trial.declare(groupType, "group", await group({ updatePolicy }))).rejects.toThrow(
      "number of zones, 3",
    );
  });

  it("trap: a custom metric that nobody described cannot be scaled by", async () => {
    const made = await trial.declare(groupType, "group", await group());
    const autoscaler = () =>
      trial.declare("gcp:compute/regionAutoscaler:RegionAutoscaler", "autoscaler", {
        region,
        target: made.id,
        autoscalingPolicy: {
          minReplicas: 3,
          maxReplicas: 6,
          metrics: [{ name: "custom.googleapis.com/logos/prod/nodes_wanted", singleInstanceAssignment: 1 }],
        },
      });
    await expect(autoscaler()).rejects.toThrow("was not found");
    await trial.declare("gcp:monitoring/metricDescriptor:MetricDescriptor", "metric", {
      type: "custom.googleapis.com/logos/prod/nodes_wanted",
      metricKind: "GAUGE",
      valueType: "INT64",
    });
    await expect(autoscaler()).resolves.toBeDefined();
  });

  it("trap: an alarm on a metric that nobody described cannot be made", async () => {
    await expect(
      trial.declare("gcp:monitoring/alertPolicy:AlertPolicy", "alarm", {
        displayName: "slow",
        combiner: "OR",
        conditions: [
          {
            displayName: "slow",
            conditionThreshold: {
              comparison: "COMPARISON_GT",
              duration: "0s",
              filter: 'metric.type = "custom.googleapis.com/logos/x"',
            },
          },
        ],
      }),
    ).rejects.toThrow("was not found");
  });

  it("trap: a locked retention can be neither shortened nor lifted, and a bucket that has one keeps no versions", async () => {
    const audit = (more: object) => ({ location: region, ...more });
    const locked = { retentionPolicy: { retentionPeriod: "31536000", isLocked: true } };
    const made = await trial.declare("gcp:storage/bucket:Bucket", "audit", audit(locked));
    for (const next of [
      { retentionPeriod: "86400", isLocked: true },
      { retentionPeriod: "31536000", isLocked: false },
    ])
      await expect(trial.change(made, audit({ retentionPolicy: next }))).rejects.toThrow("locked retention");
    await expect(
      trial.declare("gcp:storage/bucket:Bucket", "other", audit({ ...locked, versioning: { enabled: true } })),
    ).rejects.toThrow("cannot keep versions");
  });

  it("trap: names are too long where the provider's tail has no room", async () => {
    await expect(
      trial.declare("gcp:compute/regionInstanceTemplate:RegionInstanceTemplate", "template", {
        region,
        namePrefix: "l".repeat(38),
        machineType: "c3-highcpu-8",
        disks: [],
      }),
    ).rejects.toThrow("37 characters");
    await expect(
      trial.declare("gcp:serviceaccount/account:Account", "account", { accountId: "a".repeat(31) }),
    ).rejects.toThrow("6 to 30 characters");
  });

  it("trap: types that take Hyperdisk alone do not start from pd-balanced", async () => {
    const subnet = await subnetwork();
    await expect(
      trial.declare("gcp:compute/instance:Instance", "m", machine(subnet, { machineType: "c4-highcpu-8" })),
    ).rejects.toThrow("takes Hyperdisk alone");
  });

  it("trap: an address is one machine's, and never one that Google keeps for itself", async () => {
    const subnet = await subnetwork();
    const at = (name: string, networkIp: string) =>
      trial.declare(
        "gcp:compute/instance:Instance",
        name,
        machine(subnet, { name, networkInterfaces: [{ subnetwork: subnet, networkIp }] }),
      );
    await at("control", "10.83.0.20");
    await expect(at("other", "10.83.0.20")).rejects.toThrow("IP_IN_USE_BY_ANOTHER_RESOURCE");
    await expect(at("first", "10.83.0.17")).rejects.toThrow("not a usable address");
    await expect(at("last", "10.83.0.30")).rejects.toThrow("not a usable address");
  });

  it("trap: another machine type on a running machine needs leave to stop it", async () => {
    const subnet = await subnetwork();
    const made = await trial.declare("gcp:compute/instance:Instance", "m", machine(subnet));
    await expect(trial.change(made, machine(subnet, { machineType: "c3-standard-8" }))).rejects.toThrow(
      "allow_stopping_for_update",
    );
  });
});
