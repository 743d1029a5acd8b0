import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { renderHandOut } from "../../components/metal/credentials.ts";
import type { SubstrateConfig } from "../../core/config/schema.ts";
import { metalConfig } from "./metal.ts";
import { declareSubstrate } from "./substrate.ts";

const hosts = ["rack-1", "rack-2", "rack-3"];
const build = () => declareSubstrate(metalConfig);
const command = "command:remote:Command";

describe("metal", () => {
  it("makes no machine, disk or image: it declares commands and copies on machines that are there, and keys", async () => {
    const { engine } = await build();
    const kinds = new Set(engine.declared.map(({ type }) => type).filter((type) => !type.startsWith("logos:")));
    expect([...kinds].toSorted()).toEqual([
      command,
      "command:remote:CopyToRemote",
      "lab:index:RandomSecret",
      "lab:index:SshKey",
    ]);
  });

  it("logs in with the owner's key, through the bastion, and pins the host keys of the settings", async () => {
    const { engine } = await build();
    const { connection } = engine.get(command, "host-rack-2-ready").inputs;
    expect(connection).toMatchObject({
      host: "10.83.0.65",
      user: "operator",
      hostKey: `ssh-ed25519 ${"1".repeat(68)} host`,
      privateKey: expect.stringContaining("canary"),
      proxy: { host: "10.83.0.2", hostKey: `ssh-ed25519 ${"B".repeat(68)} host` },
    });
    expect(engine.ofType("lab:index:SshKey").map(({ name }) => name)).not.toContain("keys-operator");
  });

  it("changes hosts one after the other, each drained and proven on its stage before anything of it is replaced", async () => {
    const { engine } = await build();
    for (const [index, host] of hosts.entries()) {
      const step = (name: string) => engine.get(command, `host-${host}-${name}`);
      const order = ["ready", "stage", "member", "smoke", "manifest", "spec", "credentials", "admit"];
      for (const [place, name] of order.slice(1).entries())
        expect(step(name).dependsOn).toContain(`host-${host}-${order[place]}`);
      expect(step("smoke").inputs.create).toMatch(
        /^sudo sh stage\/[0-9a-f]{12}\/common\/usr\/lib\/logos\/step apply-[0-9a-f]{12} -- sh \/home\/operator\/stage\/[0-9a-f]{12}\/metal\/usr\/lib\/logos\/host-apply /,
      );
      // Known at preview: the guardrails have to read it before the credentials are made.
      expect(step("admit").inputs.create).toMatch(
        new RegExp(`^sudo /usr/lib/logos/step admit-[0-9a-f]{12} -- /usr/lib/logos/host-admit ${host}$`),
      );
      if (index > 0) expect(step("smoke").dependsOn).toContain(`host-${hosts[index - 1]}-admit`);
    }
  });

  it("takes the substrate off each machine in the end, by a command that no change replaces", async () => {
    const { engine } = await build();
    const members = engine
      .ofType(command)
      .filter(({ inputs, name }) => inputs.delete !== undefined && !name.endsWith("-stage"));
    expect(
      members.map(({ name, inputs }) => [name, String(inputs.delete).replace(/[0-9a-f]{12}/, "D")]).toSorted(),
    ).toEqual([
      ["bastion-member", "sudo sh stage/D/metal/usr/lib/logos/host-leave bastion bastion"],
      ["control-member", "sudo sh stage/D/metal/usr/lib/logos/host-leave control control"],
      ...hosts.map((host) => [`host-${host}-member`, `sudo sh stage/D/metal/usr/lib/logos/host-leave node ${host}`]),
    ]);
    for (const { inputs, replaceOnChanges, dependsOn, name } of members) {
      expect(inputs.triggers).toBeUndefined();
      expect(replaceOnChanges.length === 0 || inputs.triggers === undefined).toBe(true);
      // The program that takes it back is on the machine before there is anything to take back.
      expect(dependsOn.filter((one) => /-files-common$/.test(one))).toEqual([
        `${name.replace(/-member$/, "")}-files-common`,
      ]);
    }
    for (const { name, deletedWith } of engine.ofType(command)) expect(deletedWith, name).toBeUndefined();
  });

  it("removes what was staged after the program that was run from it: a killed destroy finds that program again", async () => {
    const { engine } = await build();
    for (const machine of ["bastion", "control", ...hosts.map((host) => `host-${host}`)]) {
      const stage = engine.get(command, `${machine}-stage`);
      expect(stage.inputs).toMatchObject({ create: "sudo -n true", delete: "rm -rf stage" });
      expect(stage.inputs.triggers).toBeUndefined();
      const copies = engine.ofType("command:remote:CopyToRemote").filter(({ name }) => name.startsWith(`${machine}-`));
      expect(copies.length).toBeGreaterThan(0);
      for (const copy of copies) expect(copy.dependsOn).toContain(stage.name);
    }
  });

  it("hands secrets over on standard input alone, each host a disk key of its own", async () => {
    const { engine } = await build();
    const given = (name: string) => String(engine.get(command, `${name}-credentials`).inputs.stdin);
    for (const host of hosts) {
      expect(given(`host-${host}`)).toMatch(/^memory logos\.disk-key /m);
      expect(given(`host-${host}`)).toMatch(/^memory slurm\.jwks /m);
      expect(given(`host-${host}`)).toMatch(/^disk logos\.allowed-signers /m);
      expect(given(`host-${host}`)).not.toMatch(/ssh-host-key|authorized-keys/);
      expect(engine.get(command, `host-${host}-credentials`).secrets).toContain("stdin");
    }
    expect(given("bastion")).not.toMatch(/^memory /m);
    expect(engine.ofType("lab:index:RandomSecret").filter(({ name }) => name.endsWith("-disk"))).toHaveLength(3);
  });

  it("tells the scheduler again when what a machine is handed changes", async () => {
    const { engine } = await build();
    const triggers = engine.get(command, "host-rack-1-admit").inputs.triggers;
    expect(triggers).toEqual([
      expect.stringMatching(/^[0-9a-f]{16}$/),
      expect.stringMatching(/^[0-9a-f]{64}$/),
      expect.stringMatching(/^[0-9a-f]{64}$/),
      // Which boot it is: after a reboot another, and here nobody answers.
      "unreachable",
    ]);
  });
});

describe("metal in the operator profile", () => {
  const { place } = metalConfig;
  if (place.target !== "metal") throw new Error("the settings are not metal's");
  const config: SubstrateConfig = { ...metalConfig, profile: "operator", place: { ...place, profile: "operator" } };

  it("copies nothing, and runs nothing on a host but two of the runbook's five verbs", async () => {
    const { engine } = await declareSubstrate(config);
    expect(engine.ofType("command:remote:CopyToRemote")).toEqual([]);
    const commands = engine.ofType(command).flatMap(({ inputs }) => [inputs.create, inputs.delete ?? inputs.create]);
    expect([...new Set(commands)]).toEqual([
      "sudo systemctl stop logos-smoke.service",
      "sudo systemctl start logos-smoke.service",
    ]);
    expect(engine.ofType(command)).toHaveLength(3 * 4);
  });

  it("sets up neither bastion nor control plane, and says so", async () => {
    const { engine } = await declareSubstrate(config);
    expect(
      engine.declared.filter(
        ({ name }) => /^(bastion|control)-(install|prepare|credentials)$/.test(name) && !name.endsWith("credentials"),
      ),
    ).toEqual([]);
  });
});

describe("what a machine is handed", () => {
  const record = {
    name: "rack-1",
    group: "node",
    instanceId: "1",
    address: "10.0.0.1",
    bastionAddress: "10.0.0.2",
    controlAddress: "10.0.0.3",
    operatorRanges: ["198.51.100.0/24"],
  } as const;
  it("is the same text for the same values, public things for the disk and secrets for memory", () => {
    const text = renderHandOut(record, { "slurm.jwks": "secret\n", "logos.allowed-signers": "public\n" });
    expect(text).toBe(renderHandOut(record, { "logos.allowed-signers": "public\n", "slurm.jwks": "secret\n" }));
    const [machine = "", signers, jwks] = text.split("\n");
    expect(signers).toBe(`disk logos.allowed-signers ${Buffer.from("public\n").toString("base64")}`);
    expect(jwks).toBe(`memory slurm.jwks ${Buffer.from("secret\n").toString("base64")}`);
    const own = Buffer.from(machine.replace(/^disk logos\.machine /, ""), "base64").toString();
    expect(JSON.parse(own.replace("@CPUS@", "8").replace("@MEMORY_MB@", "16000").replace("@DISK_MB@", "1"))).toEqual({
      ...record,
      cpus: 8,
      memoryMb: 16_000,
      diskMb: 1,
    });
  });
});

describe("the settings of sshd", () => {
  const files = join(import.meta.dirname, "../../images/files");
  it("are on a machine of one's own what they are elsewhere, but for the keys that it keeps", () => {
    const settings = (tree: string) =>
      readFileSync(join(files, tree, "etc/ssh/sshd_config.d/50-logos.conf"), "utf8")
        .split("\n")
        .filter((line) => line !== "" && !line.startsWith("#"));
    const keys = (line: string) => /^(HostKey|AuthorizedKeysFile) /.test(line);
    expect(settings("metal")).toEqual(settings("cloud").filter((line) => !keys(line)));
    const base = readFileSync(join(files, "../base/customize.sh"), "utf8");
    for (const line of settings("cloud")) expect(base).toContain(`\n${line}\n`);
  });
});
