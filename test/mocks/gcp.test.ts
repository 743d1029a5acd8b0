import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { roles } from "../../core/roles.ts";
import type { Declared, MockedEngine } from "./engine.ts";
import { gcpConfig, gcpTunnelConfig } from "./gcp.ts";
import { declareSubstrate as build, digest } from "./substrate.ts";

const sdk = join(import.meta.dirname, "../../node_modules/@pulumi/gcp");
const email = (role: string) => `logos-dev-${role}@logos-proofs.iam.gserviceaccount.com`;

/** The same stack for every test that only looks: to declare it takes seconds. */
let built: Awaited<ReturnType<typeof build>>;
/** Another, of which everything is as the first is not. */
let other: Awaited<ReturnType<typeof build>>;
beforeAll(async () => {
  built = await build(gcpConfig);
  const { data, alerts } = gcpConfig;
  other = await build({
    ...gcpTunnelConfig,
    data: { ...data, keep: false },
    alerts: { ...alerts, email: "" },
    pool: { min: 4, max: 5, standby: 2 },
  });
});
/** Everything of one type by the last word of its token: `Instance` and so on. */
function all(engine: MockedEngine, resource: string): readonly Declared[] {
  const found = engine.declared.filter(({ type }) => type.startsWith("gcp:") && type.endsWith(`:${resource}`));
  if (found.length === 0) throw new Error(`there is no ${resource}`);
  // The order of registration is nobody's.
  return found.toSorted((a, b) => a.name.localeCompare(b.name));
}

function only(engine: MockedEngine, resource: string, name: RegExp = /./): Declared {
  const [one, ...more] = all(engine, resource).filter((declared) => name.test(declared.name));
  if (one === undefined || more.length > 0) throw new Error(`${more.length + 1} of ${resource} are called ${name}`);
  return one;
}

const sorted = (rows: readonly (readonly string[])[]) =>
  rows.toSorted((a, b) => String(a[0]).localeCompare(String(b[0])));

/** The settings that a machine is told, out of its user data. */
function settings(metadata: unknown): Readonly<Record<string, string>> {
  const files: readonly { path: string; content: string }[] = parse(String(Object(metadata)["user-data"])).write_files;
  const text = files.find(({ path }) => path === "/etc/logos/cloud.env")?.content ?? "";
  return Object.fromEntries(
    text
      .trim()
      .split("\n")
      .map((line) => line.split(/=(.*)/).slice(0, 2)),
  );
}

describe("labels", () => {
  it("are on everything that takes them", async () => {
    const { engine } = built;
    const bare = engine.declared
      .filter(({ type }) => type.startsWith("gcp:"))
      .filter(({ type, inputs }) => {
        const [, path = "", resource = ""] = type.split(":");
        // A metric's labels tell its points apart; a budget's and a channel's say what they are about.
        if (["MetricDescriptor", "NotificationChannel"].includes(resource)) return false;
        const file = `${path.replace("iAMMember", "iammember")}.d.ts`;
        const declared = readFileSync(join(sdk, file), "utf8").split(`interface ${resource}Args`)[1] ?? "";
        return / labels\?: /.test(declared) && Object(inputs.labels)["logos-proof-gated"] !== "true";
      });
    expect(bare.map(({ type, name }) => `${type} ${name}`)).toEqual([]);
    expect(only(engine, "NotificationChannel", /email/).inputs.userLabels).toMatchObject({
      "logos-proof-gated": "true",
    });
    const template = only(engine, "RegionInstanceTemplate").inputs;
    for (const disk of Object.values(Object(template.disks))) {
      expect(Object(disk).labels).toMatchObject({ "logos-proof-gated": "true", "logos-stack": "dev" });
    }
  });
});

describe("the network", () => {
  it("shows nodes no way out, and others only the way to packages", async () => {
    const { engine } = built;
    expect(only(engine, "Network").inputs).toMatchObject({
      autoCreateSubnetworks: false,
      deleteDefaultRoutesOnCreate: true,
    });
    expect(all(engine, "Route").map(({ inputs }) => [inputs.destRange, inputs.tags])).toEqual([
      ["199.36.153.4/30", undefined],
      ["0.0.0.0/0", ["logos-outward"]],
    ]);
    for (const machine of all(engine, "Instance")) expect(machine.inputs.tags, machine.name).toEqual(["logos-outward"]);
    expect(only(engine, "RegionInstanceTemplate").inputs.tags).toBeUndefined();
    const { subnetworks, sourceSubnetworkIpRangesToNat } = only(engine, "RouterNat").inputs;
    expect(sourceSubnetworkIpRangesToNat).toBe("LIST_OF_SUBNETWORKS");
    expect(Object(subnetworks).map(({ name }: { name: string }) => name)).toEqual(["logos-dev-network-setup-id"]);
  });

  it("logs every flow, and reaches Google's services by their own addresses", async () => {
    const { engine } = built;
    expect(all(engine, "Subnetwork").map(({ inputs }) => inputs.ipCidrRange)).toEqual([
      "10.83.0.0/28",
      "10.83.0.128/25",
      "10.83.0.16/28",
    ]);
    for (const { inputs } of all(engine, "Subnetwork")) {
      expect(inputs).toMatchObject({ privateIpGoogleAccess: true, logConfig: { flowSampling: 1 } });
    }
    expect(all(engine, "RecordSet").map(({ inputs }) => [inputs.name, inputs.type, inputs.rrdatas])).toEqual([
      ["restricted.googleapis.com.", "A", ["199.36.153.4", "199.36.153.5", "199.36.153.6", "199.36.153.7"]],
      ["*.googleapis.com.", "CNAME", ["restricted.googleapis.com."]],
    ]);
  });

  it("lets in what the rules name, told by service account, and drops the rest both ways", async () => {
    const { engine } = built;
    const rules = all(engine, "Firewall").map(({ name, inputs }) => ({
      ...inputs,
      name: name.replace(/^logos-dev-(network|bastion)-/, ""),
    }));
    const summary = rules.map((rule) => {
      const {
        name,
        direction,
        allows,
        denies,
        sourceRanges,
        destinationRanges,
        sourceServiceAccounts,
        targetServiceAccounts,
      } = Object(rule);
      const short = (emails: readonly string[] | undefined) =>
        emails?.map((one) => /^logos-dev-(\w+)@/.exec(one)?.[1]).join();
      const [entry] = allows ?? denies;
      const verdict = allows === undefined ? "deny" : "allow";
      return [
        name,
        `${direction} ${verdict} ${entry.protocol} ${(entry.ports ?? []).join()}`.trim(),
        `from ${short(sourceServiceAccounts) ?? sourceRanges ?? "any"} of ${short(targetServiceAccounts) ?? "all"} to ${destinationRanges ?? "itself"}`,
      ];
    });
    expect(sorted(summary)).toEqual(
      sorted([
        ["operator-to-bastion", "INGRESS allow tcp 22", "from 203.0.113.7/32 of bastion to itself"],
        ["bastion-to-control", "INGRESS allow tcp 22", "from bastion of control to itself"],
        ["bastion-out-to-control", "EGRESS allow tcp 22", "from any of bastion to 10.83.0.20/32"],
        ["bastion-to-builder", "INGRESS allow tcp 22", "from bastion of builder to itself"],
        ["bastion-out-to-builder", "EGRESS allow tcp 22", "from any of bastion to 10.83.0.16/28"],
        ["bastion-to-node", "INGRESS allow tcp 22", "from bastion of node to itself"],
        ["bastion-out-to-node", "EGRESS allow tcp 22", "from any of bastion to 10.83.0.128/25"],
        ["node-to-control", "INGRESS allow tcp 6817,6830,60001-60063", "from node of control to itself"],
        ["node-out-to-control", "EGRESS allow tcp 6817,6830,60001-60063", "from any of node to 10.83.0.20/32"],
        ["control-to-node", "INGRESS allow tcp 6818", "from control of node to itself"],
        ["control-out-to-node", "EGRESS allow tcp 6818", "from any of control to 10.83.0.128/25"],
        ["health-to-node", "INGRESS allow tcp 6818", "from 35.191.0.0/16,130.211.0.0/22 of node to itself"],
        ["out-to-google", "EGRESS allow tcp 443", "from any of bastion,control,builder,node to 199.36.153.4/30"],
        ["out-to-packages", "EGRESS allow tcp 80,443", "from any of bastion,control,builder to 198.51.100.0/24"],
        ["nothing-else-in", "INGRESS deny all", "from 0.0.0.0/0 of all to itself"],
        ["nothing-else-out", "EGRESS deny all", "from any of all to 0.0.0.0/0"],
      ]),
    );
    for (const rule of rules)
      expect(Object(rule).priority, rule.name).toBe(rule.name.startsWith("nothing") ? 65_000 : 1000);
  });
});

describe("the way in", () => {
  it("is a fixed public address of the bastion alone", async () => {
    const { engine } = built;
    const outside = all(engine, "Instance").filter(({ inputs }) => Object(inputs.networkInterfaces)[0].accessConfigs);
    expect(outside.map(({ name }) => name)).toEqual(["bastion"]);
    expect(Object(outside[0]?.inputs.networkInterfaces)[0]).toMatchObject({
      networkIp: "10.83.0.4",
      accessConfigs: [{ natIp: "192.0.2.10" }],
    });
    expect(Object(only(engine, "RegionInstanceTemplate").inputs.networkInterfaces)[0].accessConfigs).toBeUndefined();
    const ready = engine.get("command:remote:Command", "bastion-ready").inputs.connection;
    expect(ready).toMatchObject({ host: "192.0.2.10", port: 22 });
    expect(engine.get("command:remote:Command", "control-ready").inputs.connection).toMatchObject({
      host: "10.83.0.20",
      port: 22,
      proxy: { host: "192.0.2.10", port: 22 },
    });
  });

  it("is a tunnel of IAP for the operators, and then no machine has a public address", async () => {
    const { engine } = other;
    for (const { name, inputs } of all(engine, "Instance")) {
      expect(Object(inputs.networkInterfaces)[0].accessConfigs, name).toBeUndefined();
    }
    expect(engine.declared.filter(({ type }) => type === "gcp:compute/address:Address")).toEqual([]);
    expect(only(engine, "Firewall", /operator-to-bastion/).inputs.sourceRanges).toEqual(["35.235.240.0/20"]);
    expect(only(engine, "TunnelInstanceIAMMember").inputs).toMatchObject({
      instance: "logos-dev-bastion",
      member: "user:ada@example.org",
      role: "roles/iap.tunnelResourceAccessor",
    });
    expect(engine.get("command:remote:Command", "control-ready").inputs.connection).toMatchObject({
      proxy: { host: "127.0.0.1", port: 2222 },
    });
    expect(Object(only(engine, "RouterNat").inputs.subnetworks)).toHaveLength(2);
  });
});

describe("machines", () => {
  it("are shielded, encrypted by our key, and take no key of the project", async () => {
    const { engine } = built;
    const key = "logos-dev-data-keys-disks-id";
    for (const { name, inputs } of [...all(engine, "Instance"), only(engine, "RegionInstanceTemplate")]) {
      expect(inputs.shieldedInstanceConfig, name).toEqual({
        enableSecureBoot: true,
        enableVtpm: true,
        enableIntegrityMonitoring: true,
      });
      expect(inputs.metadata, name).toMatchObject({
        "block-project-ssh-keys": "TRUE",
        "enable-oslogin": "FALSE",
        "serial-port-enable": "FALSE",
      });
      expect(inputs.canIpForward, name).toBe(false);
    }
    for (const { name, inputs } of all(engine, "Instance")) {
      expect(Object(inputs.bootDisk).kmsKeySelfLink, name).toBe(key);
    }
    for (const disk of Object(only(engine, "RegionInstanceTemplate").inputs.disks)) {
      expect(disk.diskEncryptionKey).toEqual({ kmsKeySelfLink: key });
    }
    expect(only(engine, "Disk").inputs.diskEncryptionKey).toEqual({ kmsKeySelfLink: key });
    expect(only(engine, "Image").inputs.imageEncryptionKey).toEqual({ kmsKeySelfLink: key });
    expect(only(engine, "Snapshot").inputs.snapshotEncryptionKey).toEqual({ kmsKeySelfLink: key });
  });

  it("are told where their own secrets are, and no secret", async () => {
    const { engine } = built;
    const told = settings(engine.get("gcp:compute/instance:Instance", "control").inputs.metadata);
    expect(told).toEqual({
      LOGOS_ROLE: "control",
      LOGOS_PROJECT: "logos-proofs",
      LOGOS_SECRETS: [
        "logos.ssh-host-key=logos-dev-control-ssh-host-key",
        "logos.authorized-keys=logos-dev-control-authorized-keys",
        "slurm.jwks=logos-dev-control-slurm-jwks",
        "logos.demand-key=logos-dev-control-demand-key",
      ].join(),
      LOGOS_BASTION: "10.83.0.4",
      LOGOS_CONTROL: "10.83.0.20",
      LOGOS_OPERATORS: "203.0.113.7/32",
      LOGOS_DISK: "/dev/logos-state",
      LOGOS_METRIC: "custom.googleapis.com/logos/dev/nodes_wanted",
    });
    const node = settings(only(engine, "RegionInstanceTemplate").inputs.metadata);
    expect(node).toMatchObject({ LOGOS_ROLE: "node", LOGOS_IMAGE: digest, LOGOS_DISK: "/dev/logos-cache" });
    expect(node.LOGOS_SECRETS).not.toContain("demand-key");
  });

  it("read the secrets of their role, and no others", async () => {
    const { engine } = built;
    for (const { inputs } of all(engine, "SecretIamMember")) {
      const role = /^logos-dev-(bastion|control|builder|node)-/.exec(String(inputs.secretId))?.[1] ?? "";
      expect(roles).toContain(role);
      expect(inputs).toMatchObject({
        member: `serviceAccount:${email(role)}`,
        role: "roles/secretmanager.secretAccessor",
      });
    }
    expect(all(engine, "SecretIamMember")).toHaveLength(all(engine, "Secret").length);
    for (const { inputs, secrets } of all(engine, "SecretVersion")) {
      expect(secrets).toEqual(["secretData"]);
      expect(inputs.secretData).toEqual(expect.any(String));
    }
  });

  it("start after the ways out and the rights that their first boot needs", async () => {
    const { engine } = built;
    for (const { name, dependsOn } of all(engine, "Instance")) {
      const role = name === "image-builder" ? "builder" : name;
      expect(dependsOn, name).toEqual(
        expect.arrayContaining([
          "logos-dev-network-out-to-google",
          "logos-dev-network-google",
          "network-services",
          `logos-dev-${role}-ssh-host-key`,
          "data-keys-disks-agent",
        ]),
      );
    }
  });
});

describe("the stores", () => {
  it("are closed to the public, and kept where the stack says so", async () => {
    for (const [keep, { engine }] of [
      [true, built],
      [false, other],
    ] as const) {
      expect(all(engine, "Bucket").map(({ name }) => name)).toEqual([
        "logos-dev-data-access-logs",
        "logos-dev-data-archive",
        "logos-dev-data-audit",
        "logos-dev-data-cache",
      ]);
      for (const { name, inputs, protect, dependsOn } of all(engine, "Bucket")) {
        expect(inputs, name).toMatchObject({
          uniformBucketLevelAccess: true,
          publicAccessPrevention: "enforced",
          encryption: { defaultKmsKeyName: "logos-dev-data-keys-stores-id" },
        });
        expect(protect, name).toBe(keep);
        // The agent may use the key before anything is encrypted with it.
        expect(dependsOn, name).toContain("data-keys-stores-agent");
      }
      for (const { name, protect } of [...all(engine, "CryptoKey"), ...all(engine, "KeyRing"), only(engine, "Disk")])
        expect(protect, name).toBe(keep);
    }
  });

  it("give a node the cache to read and the audit log to add to, and nothing else", async () => {
    const { engine } = built;
    const rights = all(engine, "BucketIAMMember")
      .filter(({ name }) => name !== "data-access-logs")
      .map(
        ({ inputs }) =>
          `${String(inputs.member).replace(/^serviceAccount:logos-dev-|@.*$/g, "")} ${inputs.role} ${inputs.bucket}`,
      )
      .map((right) => right.replace("roles/storage.", "").replace(/logos-dev-data-(\w+)-1234567/, "$1"));
    expect(rights.toSorted()).toEqual([
      "control objectCreator audit",
      "node objectCreator audit",
      "node objectViewer cache",
      "publisher objectCreator archive",
      "publisher objectUser cache",
      "user:ada objectViewer archive",
      "user:ada objectViewer audit",
      "user:ada objectViewer cache",
    ]);
  });

  it("go to colder classes with age", async () => {
    const { engine } = built;
    expect(
      Object(only(engine, "Bucket", /archive/).inputs.lifecycleRules).map(
        ({ action, condition }: Record<string, object>) => ({ ...action, ...condition }),
      ),
    ).toEqual([
      { type: "SetStorageClass", storageClass: "COLDLINE", age: 90, matchesStorageClasses: ["STANDARD"] },
      { type: "SetStorageClass", storageClass: "ARCHIVE", age: 455, matchesStorageClasses: ["COLDLINE"] },
    ]);
  });
});

describe("the image", () => {
  it("says of which recipe it is, stays for a way back, and is what nodes are born from", async () => {
    const { engine } = built;
    const image = only(engine, "Image");
    expect(image.inputs).toMatchObject({
      family: "logos-proof-gated",
      labels: { "logos-recipe": digest.slice(0, 63) },
      guestOsFeatures: [{ type: "UEFI_COMPATIBLE" }, { type: "VIRTIO_SCSI_MULTIQUEUE" }, { type: "GVNIC" }],
    });
    // The one before is kept under its name.
    expect(image.inputs.name).toBeUndefined();
    const [disk] = Object(only(engine, "RegionInstanceTemplate").inputs.disks);
    expect(disk.sourceImage).toBe("image-id");
    expect(image.retainOnDelete).toBe(true);
    expect(only(engine, "Snapshot").dependsOn).toContain("image-builder-spec");
  });

  it("has its builder off once it stands", async () => {
    const { engine } = built;
    const off = engine.get("command:remote:Command", "image-builder-off");
    expect(off.inputs.create).toBe("sudo /usr/lib/logos/power-off");
    expect(off.dependsOn).toContain("image");
  });
});

describe("the pool", () => {
  it("goes from min to max by the demand and by CPU, and stops what stands by", async () => {
    const { engine } = other;
    expect(only(engine, "RegionAutoscaler").inputs.autoscalingPolicy).toMatchObject({
      minReplicas: 4,
      maxReplicas: 5,
      cpuUtilization: { target: 0.9 },
      metrics: [
        {
          name: "custom.googleapis.com/logos/dev/nodes_wanted",
          filter: 'resource.type = "global"',
          singleInstanceAssignment: 1,
        },
      ],
      scaleInControl: { maxScaledInReplicas: { fixed: 1 } },
    });
    expect(only(engine, "RegionInstanceGroupManager").inputs).toMatchObject({
      targetStoppedSize: 2,
      standbyPolicy: { mode: "SCALE_OUT_POOL", initialDelaySec: 300 },
    });
  });

  it("has disks as large as the node's settings, the cache apart", async () => {
    const { engine } = built;
    expect(
      Object(only(engine, "RegionInstanceTemplate").inputs.disks).map(
        ({ boot, deviceName, diskSizeGb }: Record<string, unknown>) => [boot, deviceName, diskSizeGb],
      ),
    ).toEqual([
      [true, "logos-root", 50],
      [false, "logos-cache", 100],
    ]);
  });

  it("puts proven nodes beside old ones before an old one goes", async () => {
    const { engine } = built;
    expect(only(engine, "RegionInstanceGroupManager").inputs.updatePolicy).toMatchObject({
      type: "PROACTIVE",
      maxUnavailableFixed: 0,
      maxSurgeFixed: 3,
      replacementMethod: "SUBSTITUTE",
      instanceRedistributionType: "NONE",
    });
    expect(only(engine, "RegionInstanceGroupManager").inputs.autoHealingPolicies).toMatchObject({
      initialDelaySec: 300,
    });
    expect(only(engine, "HealthCheck").inputs.tcpHealthCheck).toEqual({ port: 6818 });
  });
});

describe("channels", () => {
  it("tell people and programs, and the budget speaks before it is passed", async () => {
    const { engine } = built;
    expect(all(engine, "NotificationChannel").map(({ inputs }) => inputs.type)).toEqual(["email", "pubsub"]);
    expect(only(engine, "Budget").inputs).toMatchObject({
      billingAccount: "01ABCD-23EF45-67890A",
      amount: { specifiedAmount: { currencyCode: "USD", units: "2000" } },
      thresholdRules: [
        { thresholdPercent: 1, spendBasis: "CURRENT_SPEND" },
        { thresholdPercent: 1, spendBasis: "FORECASTED_SPEND" },
      ],
      allUpdatesRule: { monitoringNotificationChannels: ["channels-topic-id", "channels-email-id"] },
    });
  });

  it("send nobody mail where nobody is named", async () => {
    const { engine } = other;
    expect(all(engine, "NotificationChannel").map(({ inputs }) => inputs.type)).toEqual(["pubsub"]);
  });
});
