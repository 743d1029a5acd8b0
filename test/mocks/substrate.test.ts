import { describe, expect, it } from "vitest";
import { defaults } from "../../core/config/schema.ts";
import { targets } from "../../core/config/targets.ts";
import { flowRules } from "../../core/flow.ts";
import { roles } from "../../core/roles.ts";
import type { Declared, MockedEngine } from "./engine.ts";
import { declareSubstrate as build, digest, stages } from "./substrate.ts";
import { configs } from "./targets.ts";

/** Targets with no object store and nobody to tell; their differences say so. */
const withoutStores: readonly string[] = ["lab", "metal"];
const partsOfAll = ["Network", "Keys", "BaseImage", "Bastion", "ControlPlane", "Image", "NodePool"];

/** Everything that a resource depends on, through others and through the children of components, which Pulumi adds by itself. */
function reaches(engine: MockedEngine, from: Declared): ReadonlySet<string> {
  const seen = new Set<string>();
  const queue = [...from.dependsOn];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    for (const one of engine.declared.filter((candidate) => candidate.name === name)) queue.push(...one.dependsOn);
  }
  return seen;
}

describe.each(targets)("the parts of target %s", (target) => {
  const config = configs[target];

  it("are all made, once, below the substrate", async () => {
    const { engine } = await build(config);
    const parts = engine.declared.filter(({ type }) => type.startsWith("logos:substrate:"));
    expect(parts.map(({ type, name, parent }) => [type, name, parent])).toEqual(
      [
        ["logos:substrate:Substrate", "logos", undefined],
        ...[...partsOfAll, ...(withoutStores.includes(target) ? [] : ["Data", "Channels"])].map((part) => [
          `logos:substrate:${part}`,
          { BaseImage: "base", ControlPlane: "control", NodePool: "pool" }[part] ?? part.toLowerCase(),
          "logos",
        ]),
        ...roles.map((role) => ["logos:substrate:Credentials", `${role}-credentials`, "logos"]),
      ].toSorted(byPosition(parts)),
    );
  });

  it("show the guardrails what they are made from", async () => {
    const { engine } = await build({ ...config, pool: { ...config.pool, min: 4, max: 5, standby: 2 } });
    expect(engine.get("logos:substrate:Network", "network").inputs).toEqual({
      cidr: config.network.cidr,
      rules: flowRules,
      access: config.access,
      packageRanges: config.network.packageRanges,
    });
    expect(engine.get("logos:substrate:NodePool", "pool").inputs).toMatchObject({
      min: 4,
      max: 5,
      standby: 2,
      pilot: false,
      imageDigest: digest,
      node: {
        cpus: config.node.cpus,
        memoryMb: config.node.memoryMb,
        diskMb: config.node.diskGb * 1024,
        cacheDiskMb: config.node.cacheGb * 1024,
        cacheDiskEncrypted: true,
      },
      readyTimeoutSeconds: 300,
    });
  });

  it("keep what is protected below the data and the channels, which hang on no machine: what a parent depends on is kept too", async () => {
    const { engine } = await build({ ...config, data: { ...config.data, keep: true } });
    const parents = engine.declared
      .filter(({ protect }) => protect)
      .map(
        ({ parent }) => engine.declared.find(({ name, type }) => name === parent && type.startsWith("logos:"))?.type,
      );
    expect(parents.length > 0).toBe(!withoutStores.includes(target));
    expect(["logos:substrate:Data", "logos:substrate:Channels"]).toEqual(expect.arrayContaining(parents));
  });

  it("say in their order that nothing starts before what it needs", async () => {
    const { engine } = await build(config);
    const pool = reaches(engine, engine.get("logos:substrate:NodePool", "pool"));
    // Where nothing is captured, each host is proven as part of the pool itself: see metal.test.ts.
    const isMetal = target === "metal";
    const proven = isMetal ? "control-activate" : "image-builder-smoke";
    expect([...pool]).toEqual(expect.arrayContaining([proven, "control-install"]));
    const control = reaches(engine, engine.get("command:remote:Command", "control-ready"));
    expect([...control]).toEqual(
      expect.arrayContaining(isMetal ? ["bastion-install"] : ["bastion-install", "control"]),
    );
  });
});

describe("SSH", () => {
  it("goes to every machine but the bastion through the bastion, with both host keys pinned, as operator", async () => {
    const { engine } = await build();
    const remote = engine.declared.filter(({ type }) => type.startsWith("command:remote:"));
    expect(remote.length).toBeGreaterThan(10);
    for (const { name, inputs, secrets } of remote) {
      const machine = name.startsWith("bastion-") ? "bastion" : name.startsWith("control-") ? "control" : "builder";
      const hop = (which: string, host: string) => ({
        host,
        port: 22,
        user: "operator",
        privateKey: "canary private half of keys-operator",
        hostKey: `ssh-ed25519 ${"A".repeat(68)} keys-${which}`,
        dialErrorLimit: 20,
        perDialTimeout: 5,
      });
      const bastion = hop("bastion", "10.83.0.2");
      const address = { bastion: "10.83.0.2", control: "10.83.0.3", builder: "10.83.0.16" }[machine];
      expect(inputs.connection, name).toEqual(
        machine === "bastion" ? bastion : { ...hop(machine, address), proxy: bastion },
      );
      expect(secrets, name).toContain("connection");
    }
  });

  it("does everything again on a new machine, and nothing for one that is gone", async () => {
    const { engine } = await build();
    for (const one of engine.declared.filter(({ type }) => type.startsWith("command:remote:"))) {
      const machine = one.name.startsWith("bastion-")
        ? "bastion"
        : one.name.startsWith("control-")
          ? "control"
          : "image-builder";
      expect(one.inputs.triggers, one.name).toEqual([`instance of ${machine}`]);
      expect(one.replaceOnChanges, one.name).toEqual(["triggers[*]"]);
      expect(one.deletedWith, one.name).toBe(machine);
      expect(one.dependsOn, one.name).toContain(machine);
      expect(one.inputs.delete, one.name).toBeUndefined();
    }
  });

  it("waits without end for nothing", async () => {
    const { engine } = await build();
    for (const { name, createTimeout } of engine.declared.filter(({ type }) => type.startsWith("command:remote:"))) {
      expect(createTimeout, name).toMatch(/^[1-9]\d*s$/);
    }
  });

  it("carries the signing key by standard input alone, and keeps that command's output secret", async () => {
    const { engine } = await build();
    const withInput = engine.ofType("command:remote:Command").filter(({ inputs }) => inputs.stdin !== undefined);
    expect(withInput.map(({ name }) => name)).toEqual(["image-builder-manifest"]);
    const manifest = engine.get("command:remote:Command", "image-builder-manifest");
    expect(manifest.inputs).toMatchObject({ stdin: "canary private half of keys-images", logging: "none" });
    expect(manifest.secrets).toContain("stdin");
    expect(manifest.secretOutputs).toEqual(expect.arrayContaining(["stdout", "stderr"]));
  });
});

describe("the lab", () => {
  it("declares one bastion, one control plane, one builder, and the addresses of its plan", async () => {
    const { engine } = await build();
    expect(
      engine
        .ofType("lab:index:Machine")
        .map(({ name, inputs, deleteBeforeReplace }) => [
          name,
          inputs.name,
          inputs.group,
          inputs.address,
          deleteBeforeReplace,
        ]),
    ).toEqual(
      expect.arrayContaining([
        ["bastion", "bastion", "bastion", "10.83.0.2", true],
        ["control", "control", "control", "10.83.0.3", true],
        ["image-builder", "builder-abababab", "builder", undefined, false],
      ]),
    );
    expect(engine.ofType("lab:index:Machine")).toHaveLength(3);
    for (const { inputs, version } of engine.declared.filter(({ type }) => type.startsWith("lab:index:"))) {
      expect(version).toBe("0.1.0");
      if ("labId" in inputs) expect(inputs.labId).toBe("logos-dev");
    }
  });

  it("hands every machine its host key and its users, and the scheduler's key only to those who schedule", async () => {
    const { engine } = await build();
    const machine = (name: string) => engine.get("lab:index:Machine", name);
    expect(machine("bastion").inputs.credentials).toEqual({
      "logos.ssh-host-key": "canary private half of keys-bastion",
      "logos.authorized-keys": `ssh-ed25519 ${"A".repeat(68)} keys-operator\n`,
    });
    expect(Object.keys(Object(machine("control").inputs.credentials))).toContain("slurm.jwks");
    expect(Object.keys(Object(machine("image-builder").inputs.credentials))).not.toContain("slurm.jwks");
    expect(engine.get("lab:index:NodePool", "pool").inputs).toMatchObject({
      controlName: "control",
      controlAddress: "10.83.0.3",
      bastionAddress: "10.83.0.2",
      imageId: `image:${digest}`,
      node: {
        credentials: {
          "logos.authorized-keys": `ssh-ed25519 ${"A".repeat(68)} keys-operator\n`,
          "logos.allowed-signers": `logos-image namespaces="logos-image" ssh-ed25519 ${"A".repeat(68)} keys-images\n`,
        },
      },
    });
  });

  it("bakes step by step, and captures after the last step", async () => {
    const { engine } = await build();
    const steps = engine.ofType("command:remote:Command").filter(({ name }) => name.startsWith("image-builder-"));
    expect(steps.map(({ inputs }) => inputs.create)).toEqual([
      "sudo -n true",
      `sudo sh ${stages.image}/common/usr/lib/logos/install-files ${stages.image}/common ${stages.image}/node ${stages.image}/single`,
      `sudo /usr/lib/logos/install-workload ${stages.image}/workload.bundle ${"c".repeat(40)}`,
      "sudo /usr/lib/logos/step logos-bake-333333333333 -- /usr/bin/logos-agent gate --bake",
      `sudo /usr/bin/logos-agent manifest write --digest ${digest}`,
      "sudo /usr/lib/logos/seal",
      "sudo /usr/lib/logos/image-spec",
    ]);
    for (const [index, step] of steps.slice(1).entries()) expect(step.dependsOn).toContain(steps[index]?.name);
    const snapshot = engine.get("lab:index:Snapshot", "image");
    expect(snapshot.inputs).toMatchObject({
      digest,
      machineName: "builder-abababab",
      instanceId: "instance of image-builder",
    });
    expect(snapshot.dependsOn).toContain(steps.at(-1)?.name);
  });

  it.each([
    [{ exists: false, hasBuilder: false }, true],
    [{ exists: true, hasBuilder: true }, true],
    [{ exists: true, hasBuilder: false }, false],
  ])("declares a builder where the image is %o: %s", async (imageState, builds) => {
    const { engine } = await build(defaults, imageState);
    expect(engine.ofType("lab:index:Machine").some(({ name }) => name === "image-builder")).toBe(builds);
    expect(engine.declared.some(({ name }) => name.startsWith("image-builder-"))).toBe(builds);
    const { inputs } = engine.get("lab:index:Snapshot", "image");
    expect("machineName" in inputs).toBe(builds);
    expect(engine.invoked).toEqual([expect.objectContaining({ token: "lab:index:getImage" })]);
  });
});

it("what one resource is given can be changed from outside, by its type and name", async () => {
  const { engine } = await build(defaults, undefined, {
    transformations: [
      ({ type, name, props, opts }) =>
        type === "lab:index:Machine" && name === "bastion" ? { props: { ...props, memoryMb: 768 }, opts } : undefined,
    ],
  });
  expect(engine.get("lab:index:Machine", "bastion").inputs.memoryMb).toBe(768);
  expect(engine.get("lab:index:Machine", "control").inputs.memoryMb).not.toBe(768);
});

describe("a tunnel", () => {
  it.each([
    ["aws", /^aws ec2-instance-connect open-tunnel --instance-id \S+ --remote-port 22 --local-port 2022$/],
    ["azure", /^az network bastion tunnel --name \S+ --resource-group \S+ --target-resource-id \S+ .*--port 2022$/],
    ["gcp", /^gcloud compute start-iap-tunnel \S+ 22 --local-host-port=localhost:2022 --zone \S+ --project \S+$/],
  ] as const)("into %s is opened by the command that the stack's outputs name", async (target, command) => {
    const config = { ...configs[target], access: { by: "tunnel", ranges: [], localPort: 2022 } } as const;
    expect((await build(config)).openTunnelWith).toMatch(command);
    expect((await build(configs[target])).openTunnelWith).toBeUndefined();
  });
});

describe("secrets", () => {
  it("stand in no input that is not marked secret", async () => {
    const { engine } = await build();
    const leaks: string[] = [];
    for (const { type, name, inputs, secrets } of engine.declared) {
      walk(inputs, "", (path, value) => {
        const secret = secrets.some((marked) => path === marked || path.startsWith(`${marked}.`));
        if (!secret && typeof value === "string" && value.includes("canary")) leaks.push(`${type} ${name} ${path}`);
      });
    }
    expect(leaks).toEqual([]);
  });

  it("reach the output by which people log in", async () => {
    expect((await build()).operatorKey).toContain("canary");
  });
});

function walk(value: unknown, path: string, visit: (path: string, value: unknown) => void): void {
  visit(path, value);
  if (typeof value !== "object" || value === null) return;
  for (const [key, item] of Object.entries(value)) {
    walk(item, Array.isArray(value) ? `${path}[${key}]` : path === "" ? key : `${path}.${key}`, visit);
  }
}

/** Registration order is not part of the contract. */
function byPosition(order: readonly Declared[]): (a: readonly unknown[], b: readonly unknown[]) => number {
  const position = (one: readonly unknown[]) => order.findIndex(({ type, name }) => type === one[0] && name === one[1]);
  return (a, b) => position(a) - position(b);
}
