import { describe, expect, test } from "vitest";
import { served } from "../../providers/lab/resources.ts";
import type { Served } from "../../providers/lab/serve.ts";
import { unknown } from "../../providers/lab/shape.ts";

const digest = "a".repeat(64);
const inputs: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  Network: {
    labId: "dev",
    cidr: "10.83.0.0/24",
    rules: [{ from: "operator", to: "bastion", protocol: "tcp", ports: [22] }],
  },
  BaseImage: { suite: "trixie", packages: ["systemd"], customize: "true" },
  SshKey: { comment: "operator" },
  RandomSecret: { name: "slurm.jwks", bytes: 32 },
  Volume: { labId: "dev", name: "state", sizeMb: 64 },
  Machine: {
    labId: "dev",
    name: "bastion",
    group: "bastion",
    imageId: `base:${digest}`,
    cpus: 1,
    memoryMb: 512,
    diskMb: 1024,
    volumes: [],
    credentials: { key: "k" },
  },
  Snapshot: { labId: "dev", digest, machineName: "builder", instanceId: "i-1", signer: "ssh-ed25519 AAAA" },
};

function handler(name: string): Served {
  const found = served.get(`lab:index:${name}`);
  if (found === undefined) throw new Error(name);
  return found;
}

/** What changing some inputs of a resource that stands means. */
async function diff(name: string, state: object, changes: object) {
  const { update, replace } = await handler(name).diff(
    "id",
    { ...inputs[name], ...state },
    { ...inputs[name], ...changes },
  );
  return { update, replace };
}

describe("check", () => {
  test.each(Object.keys(inputs))("%s: its own inputs are right, and none of them may be missing", (name) => {
    const whole = inputs[name] ?? {};
    expect(handler(name).check(whole)).toEqual([]);
    const required = Object.keys(whole).filter((key) => !["machineName", "instanceId"].includes(key));
    for (const key of required) {
      const { [key]: _, ...rest } = whole;
      expect(handler(name).check(rest)).toEqual([{ property: key, reason: "is missing" }]);
    }
  });

  test.each(Object.keys(inputs))("%s: what is not known yet is no mistake; what is not a property is one", (name) => {
    const unknowns = Object.fromEntries(Object.keys(inputs[name] ?? {}).map((key) => [key, unknown]));
    expect(handler(name).check(unknowns)).toEqual([]);
    expect(
      handler(name)
        .check({ ...inputs[name], colour: "red" })
        .map(({ property }) => property),
    ).toEqual(["colour"]);
  });

  test("tells every mistake at once, with its path", () => {
    const rules = [
      { from: "moon", to: "node", protocol: "icmp", ports: [0] },
      { from: "node", to: "node", protocol: "tcp", ports: [] },
    ];
    const mistakes = handler("Network").check({ labId: "Bad_Name", cidr: "8.8.8.0/24", rules });
    expect(mistakes.map(({ property }) => property)).toEqual([
      "labId",
      "cidr",
      "rules[0].from",
      "rules[0].protocol",
      "rules[0].ports[0]",
      "rules[1].ports",
    ]);
  });

  test("never repeats the value of a credential", () => {
    const mistakes = handler("Machine").check({ ...inputs.Machine, credentials: { key: 4711, "a/b": "canary" } });
    expect(mistakes).toHaveLength(2);
    expect(JSON.stringify(mistakes)).not.toMatch(/4711|canary/);
  });
});

describe("diff", () => {
  test.each(Object.keys(inputs))("%s: nothing changed is no change", async (name) => {
    if (name === "Network") return;
    expect(await diff(name, {}, {})).toEqual({ update: [], replace: [] });
  });

  test.each([
    ["Network", "labId", "other", "replace"],
    ["Network", "cidr", "10.84.0.0/24", "replace"],
    ["Network", "rules", [], "update"],
    ["BaseImage", "customize", "false", "replace"],
    ["BaseImage", "packages", ["systemd", "dbus"], "replace"],
    ["SshKey", "comment", "other", "replace"],
    ["RandomSecret", "bytes", 64, "replace"],
    ["Volume", "sizeMb", 128, "update"],
    ["Volume", "sizeMb", 32, "replace"],
    ["Machine", "imageId", `image:${digest}`, "replace"],
    ["Machine", "name", "other", "replace"],
    ["Machine", "group", "control", "replace"],
    ["Machine", "volumes", [{ volumeId: "dev/state", device: "state" }], "replace"],
    ["Machine", "cpus", 2, "update"],
    ["Machine", "memoryMb", 1024, "update"],
    ["Machine", "diskMb", 2048, "update"],
    ["Machine", "diskMb", 512, "replace"],
    ["Machine", "credentials", { key: "other" }, "update"],
    ["Snapshot", "digest", "b".repeat(64), "replace"],
    ["Snapshot", "instanceId", "i-2", "update"],
    ["Snapshot", "signer", "ssh-ed25519 BBBB", "update"],
  ])("%s: %s to %j means %s", async (name, key, value, expected) => {
    const wanted = { update: expected === "update" ? [key] : [], replace: expected === "replace" ? [key] : [] };
    expect(await diff(name, {}, { [key]: value })).toEqual(wanted);
  });

  test("a machine that is told no address keeps the one it has; another one means another machine", async () => {
    expect(await diff("Machine", { address: "10.83.0.16" }, {})).toEqual({ update: [], replace: [] });
    expect(await diff("Machine", { address: "10.83.0.16" }, { address: "10.83.0.17" })).toEqual({
      update: [],
      replace: ["address"],
    });
  });

  test("a value that is not known yet counts as the larger change", async () => {
    expect(await diff("Machine", {}, { diskMb: unknown, cpus: unknown })).toEqual({
      update: ["cpus"],
      replace: ["diskMb"],
    });
  });
});

describe("preview", () => {
  test("tells what follows from the inputs, and that the rest is not known", () => {
    expect(handler("Network").preview(inputs.Network ?? {})).toMatchObject({
      gateway: "10.83.0.1",
      bridge: expect.any(String),
    });
    expect(handler("Snapshot").preview(inputs.Snapshot ?? {})).toMatchObject({ imageId: `image:${digest}` });
    expect(handler("SshKey").preview({ comment: "x" })).toEqual({
      comment: "x",
      publicKey: unknown,
      privateKey: unknown,
    });
    expect(handler("Machine").preview(inputs.Machine ?? {})).toMatchObject({
      address: unknown,
      instanceId: unknown,
    });
    expect(handler("BaseImage").preview({ ...inputs.BaseImage, suite: unknown })).toMatchObject({
      imageId: unknown,
    });
  });

  test("a base image has one digest whatever the order of its packages, another for each version", () => {
    const idOf = (packages: string[]) => handler("BaseImage").preview({ ...inputs.BaseImage, packages }).imageId;
    expect(idOf(["a1", "b1", "a1"])).toBe(idOf(["b1", "a1"]));
    expect(idOf(["a1=1.0"])).not.toBe(idOf(["a1=1.1"]));
  });
});

describe("secrets and names", () => {
  test("keys, secrets and credentials are secret whatever the inputs were", () => {
    const secret = [...served].flatMap(([type, { secrets }]) => secrets.map((name) => `${type.split(":")[2]}.${name}`));
    expect(secret).toEqual(expect.arrayContaining(["SshKey.privateKey", "RandomSecret.base64", "Machine.credentials"]));
  });
});
