import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { programsFromRepository } from "../../policies/rules/units/programs-from-repository.ts";
import { unknown, violations } from "./harness.ts";

const stage = "stage/0123456789ab";
const command = (props: object) => violations(programsFromRepository, { type: "command:remote:Command", props });
const copy = (props: object) => violations(programsFromRepository, { type: "command:remote:CopyToRemote", props });

describe("commands on machines", () => {
  it.each([
    "sudo -n true",
    `sudo sh ${stage}/common/usr/lib/logos/install-files ${stage}/common ${stage}/single && sudo /usr/lib/logos/activate`,
    "sudo /usr/lib/logos/step logos-bake -- /usr/bin/logos-agent gate --bake",
    "rm -rf stage",
    `sudo /usr/bin/logos-agent manifest write --digest ${"ab".repeat(32)}`,
  ])("may be: %s", async (create) => {
    expect(await command({ create })).toEqual([]);
  });

  it.each([
    "true",
    "",
    "sudo systemctl edit --full x.service",
    "echo '[Service]' | sudo tee /etc/systemd/system/x.service",
    "sudo tee /etc/systemd/system/x.service <<EOF\n[Service]\nEOF",
    "sudo /usr/lib/logos/activate; rm -rf /",
    "sudo /usr/lib/logos/activate\nrm -rf /",
    "sudo /usr/lib/logos/activate && rm -rf /",
    "sudo /usr/lib/logos/activate > /etc/systemd/system/x.service",
    "sudo /usr/lib/logos/activate $(id)",
    "sudo /usr/lib/logos/activate `id`",
    "sudo /usr/lib/logos/../../../tmp/x",
    "sudo /tmp/x",
    "rm -rf stage /",
    "rm -rf stage/..",
    "sudo rm -rf stage",
    "rm -rf 'stage /'",
    `sudo sh ${stage}/common/x`,
  ])("may not be: %s", async (create) => {
    expect(await command({ create })).toEqual([
      expect.stringContaining("runs other text than a program of the repository"),
    ]);
  });

  it.each(["create", "update", "delete"])("are checked in %s, and not let through while unknown", async (key) => {
    expect(await command({ [key]: "id" })).toHaveLength(1);
    expect(await command({ [key]: unknown })).toEqual([expect.stringContaining("cannot be decided until")]);
  });

  it("may be left out", async () => {
    expect(await command({})).toEqual([]);
  });
});

describe("copies to machines", () => {
  const source = new pulumi.asset.FileAsset("x");

  it("may go to the stage, from files and from text that is no unit", async () => {
    expect(await copy({ source: new pulumi.asset.FileArchive("x"), remotePath: stage })).toEqual([]);
    expect(await copy({ source, remotePath: `${stage}/single/usr/lib/logos/logos-agent.mjs` })).toEqual([]);
    const text = new pulumi.asset.StringAsset("ClusterName=logos");
    expect(await copy({ source: text, remotePath: `${stage}/single/etc/slurm/slurm.conf` })).toEqual([]);
  });

  it.each(["/etc/systemd/system/x.service", "x", "stage/x", `${stage}/../../x`, `${stage}/a b`, ""])(
    "may not go to %o",
    async (remotePath) => {
      expect(await copy({ source, remotePath })).toEqual([expect.stringContaining("allowed is a folder stage/")]);
    },
  );

  it("may not write a unit from text, nor come from a URL", async () => {
    const text = new pulumi.asset.StringAsset("[Service]");
    expect(await copy({ source: text, remotePath: `${stage}/single/etc/systemd/system/x.d/y.conf` })).toHaveLength(1);
    expect(await copy({ source: text, remotePath: `${stage}/single/x.timer` })).toHaveLength(1);
    const remote = new pulumi.asset.RemoteArchive("https://example.org/x.tgz");
    expect(await copy({ source: remote, remotePath: stage })).toEqual([expect.stringContaining("from a URL")]);
  });

  it("are not let through while unknown or left out", async () => {
    expect(await copy({ source, remotePath: unknown })).toEqual([expect.stringContaining("cannot be decided until")]);
    expect(await copy({ source: unknown, remotePath: stage })).toEqual([
      expect.stringContaining("cannot be decided until"),
    ]);
    expect(await copy({ source })).toHaveLength(1);
  });

  it("may not use the plugin's old CopyFile", async () => {
    expect(await violations(programsFromRepository, { type: "command:remote:CopyFile", props: {} })).toHaveLength(1);
  });
});
