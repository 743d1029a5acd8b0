import { describe, expect, it } from "vitest";
import { parseConfig } from "../../core/config/parse.ts";
import { azureConfig } from "./azure.ts";
import type { Declared, MockedEngine } from "./engine.ts";
import { declareSubstrate, digest } from "./substrate.ts";

/** Each is a mistake that somebody made on Azure: the test fails when it is made here. `azure-data-traps.test.ts` has those of the data. */

const { engine } = await declareSubstrate(azureConfig);
const native = engine.declared.filter(({ type }) => type.startsWith("azure-native:"));
const scaleSet = engine.get("azure-native:compute:VirtualMachineScaleSet", "pool");
const machines = engine.ofType("azure-native:compute:VirtualMachine");

function at(one: Declared, path: string): unknown {
  return path.split(".").reduce<unknown>((value, key) => Object(value)[key], one.inputs);
}

describe("machines", () => {
  it("trap: waagent -deprovision+user deletes the SSH user", () => {
    const steps = engine.ofType("command:remote:Command").filter(({ name }) => name.startsWith("image-builder-"));
    expect(steps.at(-1)?.inputs.create).toBe("sudo /usr/lib/logos/generalize");
    for (const one of [...machines, scaleSet]) {
      const profile = one === scaleSet ? "virtualMachineProfile.osProfile" : "osProfile";
      expect(at(one, `${profile}.adminUsername`)).toBe("azureuser");
    }
    for (const { name, inputs } of steps) expect(Object(inputs.connection).user, name).toBe("operator");
  });

  it("trap: a data disk of the builder becomes part of the image", () => {
    expect(at(engine.get("azure-native:compute:VirtualMachine", "image-builder"), "storageProfile.dataDisks")).toEqual(
      [],
    );
  });

  it("trap: default outbound access is a hidden public address", () => {
    const subnets = engine.ofType("azure-native:network:Subnet");
    expect(subnets).toHaveLength(6);
    for (const { name, inputs } of subnets) expect(inputs.defaultOutboundAccess, name).toBe(false);
    expect(
      subnets.filter(({ inputs }) => inputs.natGateway !== undefined).map(({ inputs }) => inputs.subnetName),
    ).toEqual(expect.arrayContaining(["bastion", "control", "builder"]));
    expect(subnets.filter(({ inputs }) => inputs.natGateway !== undefined)).toHaveLength(3);
  });

  it("trap: a network is changed twice at once", () => {
    const subnets = engine.ofType("azure-native:network:Subnet");
    for (const one of subnets.slice(1)) {
      expect(one.dependsOn.some((name) => subnets.some((other) => other !== one && other.name === name))).toBe(true);
    }
  });

  it("trap: the default rules of a security group let the whole network in", () => {
    const groups = engine.ofType("azure-native:network:NetworkSecurityGroup");
    expect(groups).toHaveLength(6);
    for (const { name, inputs } of groups) {
      const rules: unknown[] = Array.isArray(inputs.securityRules) ? inputs.securityRules : [];
      for (const [direction, side] of [
        ["Inbound", "sourceAddressPrefixes"],
        ["Outbound", "destinationAddressPrefixes"],
      ] as const) {
        const denied = rules.filter((rule) => Object(rule).direction === direction && Object(rule).access === "Deny");
        expect(
          denied.flatMap((rule) => Object(rule)[side]),
          name,
        ).toEqual(["VirtualNetwork", "Internet", "*"]);
      }
    }
    for (const { name, inputs } of engine.ofType("azure-native:network:Subnet"))
      expect(Object(inputs.networkSecurityGroup).id, name).toBe(`${name}-id`);
  });

  it("has no public address but the bastion's and the way out", () => {
    expect(
      engine
        .ofType("azure-native:network:PublicIPAddress")
        .map(({ name }) => name)
        .toSorted(),
    ).toEqual(["bastion-address", "network-exit"]);
    expect(JSON.stringify(scaleSet.inputs)).not.toContain("publicIP");
    const cards = engine.ofType("azure-native:network:NetworkInterface");
    expect(cards.filter(({ inputs }) => JSON.stringify(inputs).includes("publicIP")).map(({ name }) => name)).toEqual([
      "bastion",
    ]);
  });
});

describe("the image", () => {
  it("trap: an image definition is Gen1 unless it says otherwise, and knows no Trusted Launch", () => {
    expect(engine.get("azure-native:compute:GalleryImage", "image-definition").inputs).toMatchObject({
      hyperVGeneration: "V2",
      features: [{ name: "SecurityType", value: "TrustedLaunchSupported" }],
    });
  });

  it("trap: nodes of a specialised image share name, users and keys", () => {
    expect(engine.get("azure-native:compute:GalleryImage", "image-definition").inputs.osState).toBe("Generalized");
    expect(at(scaleSet, "virtualMachineProfile.osProfile.computerNamePrefix")).toBe("node-");
  });

  it("trap: replacing the image takes the old one, and the way back with it", () => {
    const version = engine.get("azure-native:compute:GalleryImageVersion", "image");
    expect(version.retainOnDelete).toBe(true);
    expect(version.deletedWith).toBe("image-group");
    expect(version.protect).toBe(false);
    expect(version.inputs.galleryImageVersionName).toBe("732670891.732670891.732670891");
  });

  it("is captured from a disk that does not change any more, after every step", () => {
    const snapshot = engine.get("azure-native:compute:Snapshot", "image");
    expect(snapshot.dependsOn).toContain("image-builder-generalize");
    expect(engine.get("command:remote:Command", "image-builder-generalize").dependsOn).toContain("image-builder-spec");
  });

  it("is named exactly, never as the newest", () => {
    expect(at(scaleSet, "virtualMachineProfile.storageProfile.imageReference.id")).toMatch(
      /\/galleries\/[a-z0-9]+\/images\/node\/versions\/732670891\.732670891\.732670891$/,
    );
    expect(
      at(engine.get("azure-native:compute:GalleryImageVersion", "image"), "publishingProfile.excludeFromLatest"),
    ).toBe(true);
    for (const machine of machines)
      expect(at(machine, "storageProfile.imageReference.version"), machine.name).toBe("24.04.202510010");
  });
});

describe("the pool", () => {
  it("trap: a number that every up sets again takes the autoscaler's choice back", () => {
    expect(scaleSet.ignoreChanges).toEqual(["sku.capacity"]);
    expect(scaleSet.inputs.sku).toMatchObject({ capacity: 3, name: "Standard_D8ls_v5" });
  });

  it("trap: a standby pool beside an autoscaler must be deallocated, on a flexible set of one fault domain", () => {
    expect(scaleSet.inputs).toMatchObject({ orchestrationMode: "Flexible", platformFaultDomainCount: 1 });
    expect(engine.get("azure-native:standbypool:StandbyVirtualMachinePool", "pool").inputs).toMatchObject({
      virtualMachineState: "Deallocated",
      attachedVirtualMachineScaleSetId: "pool-id",
    });
  });

  it("trap: the size of a standby pool is a difference, not a number", () => {
    expect(engine.get("azure-native:standbypool:StandbyVirtualMachinePool", "pool").inputs.elasticityProfile).toEqual({
      minReadyCapacity: 1,
      maxReadyCapacity: 4,
    });
  });

  it("trap: the standby provider has no right to the resources it starts", () => {
    const standby = engine.get("azure-native:standbypool:StandbyVirtualMachinePool", "pool");
    const rights = engine
      .ofType("azure-native:authorization:RoleAssignment")
      .filter(({ inputs }) => inputs.principalId === "00000000-0000-4000-8000-000000000004");
    expect(rights.map(({ name }) => name).toSorted()).toEqual([
      "pool-standby-compute-gallery-artifacts-publisher",
      "pool-standby-compute-gallery-sharing-admin",
      "pool-standby-managed-identity-operator",
      "pool-standby-network-contributor",
      "pool-standby-reader",
      "pool-standby-virtual-machine-contributor",
    ]);
    expect(standby.dependsOn).toEqual(expect.arrayContaining(rights.map(({ name }) => name)));
  });

  it("trap: capacities are text", () => {
    const [profile] = Object(engine.get("azure-native:monitor:AutoscaleSetting", "pool").inputs.profiles);
    expect(profile.capacity).toEqual({ minimum: "3", maximum: "6", default: "3" });
    expect(profile.rules.map((rule: unknown) => [at2(rule, "metricName"), at2(rule, "operator")])).toEqual([
      ["nodes_wanted", "GreaterThan"],
      ["Percentage CPU", "GreaterThan"],
      ["nodes_wanted", "LessThan"],
    ]);
  });

  it("trap: version 1 of the health extension knows no state but up and down", () => {
    const [health] = Object(at(scaleSet, "virtualMachineProfile.extensionProfile.extensions"));
    expect(health).toMatchObject({ type: "ApplicationHealthLinux", typeHandlerVersion: "2.0" });
  });

  it("is one of signed boots, encrypted disks and machines that are told before they go", () => {
    for (const path of ["osDisk.managedDisk", "dataDisks.0.managedDisk"])
      expect(at(scaleSet, `virtualMachineProfile.storageProfile.${path}.diskEncryptionSet.id`)).toBe(
        "data-keys-disks-id",
      );
    expect(at(scaleSet, "virtualMachineProfile.storageProfile.osDisk.diskSizeGB")).toBe(50);
    expect(at(scaleSet, "virtualMachineProfile.storageProfile.dataDisks.0.diskSizeGB")).toBe(100);
    expect(at(scaleSet, "virtualMachineProfile.scheduledEventsProfile.terminateNotificationProfile")).toEqual({
      enable: true,
      notBeforeTimeout: "PT15M",
    });
    for (const profile of [
      at(scaleSet, "virtualMachineProfile.securityProfile"),
      ...machines.map((one) => at(one, "securityProfile")),
    ])
      expect(profile).toEqual({
        securityType: "TrustedLaunch",
        uefiSettings: { secureBootEnabled: true, vTpmEnabled: true },
        encryptionAtHost: true,
      });
  });

  it("has no standby pool where none is asked for", async () => {
    const { engine: without } = await declareSubstrate({ ...azureConfig, pool: { ...azureConfig.pool, standby: 0 } });
    expect(without.ofType("azure-native:standbypool:StandbyVirtualMachinePool")).toEqual([]);
  });
});

describe("everything", () => {
  /** Types that take no tags, or take none that count. */
  const untagged =
    /:(Subnet|RoleAssignment|RoleDefinition|BlobServiceProperties|BlobContainer|BlobContainerImmutabilityPolicy|ManagementPolicy|Budget|BackupPolicy)$/;

  it("that takes tags is tagged", () => {
    for (const { type, name, inputs } of native.filter(({ type: one }) => !untagged.test(one)))
      expect(inputs.tags, `${type} ${name}`).toMatchObject({ "logos-proof-gated": "true", "logos-stack": "dev" });
  });

  it("goes to the subscription of the settings", () => {
    expect(engine.ofType("pulumi:providers:azure-native").map(({ inputs }) => inputs.subscriptionId)).toEqual([
      "00000000-0000-4000-8000-000000000001",
    ]);
  });

  it("trap: secrets in user data are read by everybody on the machine", () => {
    const decoded = [...machines, scaleSet].map((one) => {
      const path = one === scaleSet ? "virtualMachineProfile.osProfile.customData" : "osProfile.customData";
      return Buffer.from(String(at(one, path)), "base64").toString();
    });
    for (const text of decoded) {
      expect(text).toMatch(/^#cloud-config\n/);
      expect(text).not.toContain("canary");
    }
    expect(decoded.at(-1)).toContain(`LOGOS_IMAGE=${digest}`);
    for (const { name, inputs, secrets } of engine.ofType("azure-native:keyvault:Secret")) {
      expect(secrets, name).toContain("properties.value");
      expect(Object(inputs.properties).value, name).toBeTypeOf("string");
    }
  });
});

describe("the tunnel", () => {
  it("trap: Basic and Developer have no tunnel", async () => {
    const { engine: one } = await declareSubstrate({
      ...azureConfig,
      access: { by: "tunnel", ranges: [], localPort: 2222 },
    });
    expect(one.get("azure-native:network:BastionHost", "bastion-tunnel").inputs).toMatchObject({
      sku: { name: "Standard" },
      enableTunneling: true,
    });
    expect(addressesOf(one)).toEqual(["bastion-address", "network-exit"]);
    const ready = one.get("command:remote:Command", "bastion-ready").inputs;
    expect(Object(ready.connection)).toMatchObject({ host: "127.0.0.1", port: 2222 });
    const behind = one.get("command:remote:Command", "control-ready").inputs;
    expect(Object(behind.connection).proxy).toMatchObject({ host: "127.0.0.1", port: 2222 });
  });
});

describe("settings", () => {
  it("refuse a size that is too small, with the reason", () => {
    const parsed = parseConfig({ target: "azure", azure: JSON.stringify({ nodeType: "Standard_D4ls_v5" }) }, "logos");
    const mistakes = parsed.ok ? [] : parsed.mistakes;
    expect(mistakes.find(({ key }) => key === "logos:azure.nodeType")?.allowed).toContain(
      "Standard_D4ls_v5 has 4 CPUs and 8 GiB",
    );
    expect(mistakes.map(({ key }) => key)).toEqual(
      expect.arrayContaining([
        "logos:azure.subscription",
        "logos:azure.tenant",
        "logos:azure.region",
        "logos:azure.operators",
        "logos:azure.standbyProvider",
        "logos:azure.image",
        "logos:azure.budgetStart",
      ]),
    );
  });

  it.each(["Canonical:ubuntu-24_04-lts:server:latest", "Canonical:ubuntu-24_04-lts:server"])(
    "refuse an image that is not one: %s",
    (image) => {
      const parsed = parseConfig({ target: "azure", azure: JSON.stringify({ image }) }, "logos");
      expect(parsed.ok ? [] : parsed.mistakes.map(({ key }) => key)).toContain("logos:azure.image");
    },
  );
});

function at2(rule: unknown, name: string): unknown {
  return Object(Object(rule).metricTrigger)[name];
}

function addressesOf(one: MockedEngine): readonly string[] {
  return one
    .ofType("azure-native:network:PublicIPAddress")
    .map(({ name }) => name)
    .toSorted();
}
