import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { all, type GcpStack, gcpStack, only, otherGcpStack } from "./gcp-stacks.ts";

const sdk = join(import.meta.dirname, "../../node_modules/@pulumi/gcp");

let built: GcpStack;
let other: GcpStack;
beforeAll(async () => {
  built = await gcpStack();
  other = await otherGcpStack();
});

const sorted = (rows: readonly (readonly string[])[]) =>
  rows.toSorted((a, b) => String(a[0]).localeCompare(String(b[0])));

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
