import { beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { roles } from "../../core/roles.ts";
import { all, email, type GcpStack, gcpStack, only, otherGcpStack } from "./gcp-stacks.ts";
import { digest } from "./substrate.ts";

let built: GcpStack;
let other: GcpStack;
beforeAll(async () => {
  built = await gcpStack();
  other = await otherGcpStack();
});

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
