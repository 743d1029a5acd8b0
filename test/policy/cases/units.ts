import { readFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { gateWhole } from "../../../policies/rules/units/bake.ts";
import { programsFromRepository } from "../../../policies/rules/units/programs-from-repository.ts";
import { plannedFiles } from "../planned.ts";
import { at, type Cases, of, table, U } from "./kit.ts";

const command = "command:remote:Command";
const copy = "command:remote:CopyToRemote";
const stage = "stage/0123456789ab";
const agent = "sudo /usr/bin/logos-agent";
const activate = "sudo /usr/lib/logos/activate";
const staged = `${stage}/common/usr/lib/logos`;
const run = (...texts: readonly string[]) => texts.map((create) => ({ create }));
const refused = (...texts: readonly string[]) => texts.map((create) => at({ create }, "create"));
const copied = (remotePath: unknown, source: object = { path: "x" }) => of(copy, { remotePath, source });

const pins: { readonly agentHash: string } = JSON.parse(repositoryFile("images/pins/reference.json"));
const unitPath = "/etc/systemd/system/logos-credentials.service";
const unit = repositoryFile(`images/files/cloud${unitPath}`);
const base64 = (text: string) => Buffer.from(text).toString("base64");
const born = (userData: unknown) => of("aws:ec2/launchTemplate:LaunchTemplate", { userData });
const writes = (path: string, content: string) => `#cloud-config\n${stringify({ write_files: [{ path, content }] })}`;

function repositoryFile(path: string): string {
  return readFileSync(join(import.meta.dirname, "../../..", path), "utf8");
}

export const unitsCases: readonly Cases[] = [
  table(gateWhole, of(command, { create: `sudo /usr/lib/logos/step bake -- /usr/bin/logos-agent gate --bake` }), {
    passes: [
      of("logos:substrate:Image", { files: plannedFiles }),
      ...run(
        `${agent} manifest write --digest x`,
        `${agent} gate`,
        `${agent} gate --json --once`,
        // Of what is no plain command guardrail Q06 has its say.
        `${agent} gate --pins /x; true`,
        "sudo /usr/lib/logos/gate --pins /x",
        "gate --pins /x",
      ),
    ],
    fails: [
      ...refused(
        `${agent} gate --pins`,
        `${agent} gate --skip-coqchk`,
        `${agent} gate --no-axioms`,
        `${agent} gate --bake --pins /x`,
        `${activate} && ${agent} gate --pins /x`,
        "/usr/bin/logos-agent gate --pins /x",
      ),
      at({ create: U, update: `${agent} gate --pins /x` }, "update"),
    ],
    unknown: [at({ create: U }, "create"), at({ delete: U }, "delete")],
    omitted: [
      ["create", "passes"],
      [at(of("logos:substrate:Image", {}), "files"), "fails"],
    ],
    twins: [
      ...[
        "{",
        JSON.stringify({ ...pins, agentHash: "LOGOS-AGENT-OMEGA" }),
        JSON.stringify({ ...pins, agentHash: pins.agentHash.slice(1) }),
        JSON.stringify({ ...pins, guardedFiles: { _CoqProject: "ab".repeat(32) } }),
      ].map((text) =>
        at(
          of("logos:substrate:Image", { files: { files: [{ path: "/etc/logos/pins.json", content: { text } }] } }),
          "files.files[0].content.text",
        ),
      ),
      at(of(command, { update: "sudo /usr/lib/logos/step x -- /usr/bin/logos-agent gate --only commit" }), "update"),
      at(of(command, { delete: `${agent} gate --only commit` }), "delete"),
    ],
  }),
  table(programsFromRepository, of(command, { create: activate }), {
    passes: [
      of("logos:substrate:Image", { files: plannedFiles }),
      born(writes(unitPath, unit)),
      born(base64(writes(unitPath, unit))),
      born(
        "#cloud-config\nwrite_files:\n- path: /etc/logos/x\n  content: /etc/systemd/system/x\nruncmd:\n- systemctl daemon-reload\n",
      ),
      born("#!/bin/sh\nsystemctl start slurmd\n"),
      ...run(
        "sudo -n true",
        `sudo sh ${staged}/install-files ${stage}/common ${stage}/single && ${activate}`,
        `sudo sh ${staged}/take-over now`,
        "sudo /usr/lib/logos/step logos-bake -- /usr/bin/logos-agent gate --bake",
        "rm -rf stage",
        `${agent} manifest write --digest ${"ab".repeat(32)}`,
        "sudo systemctl start logos-smoke.service",
        "sudo systemctl enable --now logos-agent.service logos-smoke.service",
      ),
      copied(stage, { path: "tree" }),
      copied(`${stage}/single/usr/lib/logos/logos-agent.mjs`),
      copied(`${stage}/single/etc/slurm/slurm.conf`, { text: "ClusterName=logos" }),
      copied(`${stage}/single/etc/logos/smoke.service.env`, { text: "A=1" }),
    ],
    fails: [
      at(born(writes(unitPath, `${unit}\n`)), "userData.write_files[0]"),
      at(born(writes("/etc/systemd/system/x.service", unit)), "userData.write_files[0]"),
      at(born(writes(`/etc/systemd/system/../system/logos-credentials.service`, unit)), "userData.write_files[0]"),
      at(born("#!/bin/sh\necho x > /etc/systemd/system/x.service\n"), "userData"),
      at(born(base64("#!/bin/sh\ncp x /usr/lib/systemd/system/x.service\n")), "userData"),
      at(born("#cloud-config\nruncmd:\n- cp x /etc/systemd/system/\n"), "userData.runcmd[0]"),
      at(born("#cloud-config\nbootcmd:\n- [cp, x, /run/systemd/system/]\n"), "userData.bootcmd[0][2]"),
      at(of("logos:substrate:Image", { files: { trees: ["/tmp/images/files/x/y"] } }), "files.trees[0]"),
      at(
        of("logos:substrate:Bastion", {
          files: { trees: [], files: [{ path: "/etc/x" }, { path: "/etc/systemd/system/x.service" }] },
        }),
        "files.files[1]",
      ),
      ...refused(
        "true",
        "",
        "id",
        "sudo",
        "sudo id",
        "sudo -n",
        "sudo -n true x",
        "sudo -n id",
        `${activate} | sh`,
        `${activate}; rm -rf /`,
        `${activate}\nrm -rf /`,
        `${activate} && rm -rf /`,
        `${activate} > /etc/systemd/system/x.service`,
        `${activate} $(id)`,
        `${activate} 'a b'`,
        `${activate} \`id\``,
        "/usr/lib/logos/activate",
        "exec /usr/lib/logos/activate",
        "sudo /usr/lib/logos/../../../tmp/x",
        "sudo /usr/lib/logos/",
        "sudo /usr/lib/logos/activate/x",
        "sudo /tmp/usr/lib/logos/activate",
        "sudo /tmp/x",
        "rm -rf stage /",
        "rm -rf stage/..",
        "sudo rm -rf stage",
        "rm -rf 'stage /'",
        "echo '[Service]' | sudo tee /etc/systemd/system/x.service",
        "sudo tee /etc/systemd/system/x.service <<EOF\n[Service]\nEOF",
        "sudo systemctl edit --full x.service",
        "sudo systemctl restart logos-smoke.service",
        "sudo systemctl start sshd.service",
        "sudo systemctl start logos-smoke.service sshd.service",
        "sudo systemctl start --root=/x logos-smoke.service",
        "sudo systemctl start",
        "sudo initctl start logos-smoke.service",
        "systemctl start logos-smoke.service",
        "sudo sh",
        `sudo sh ${stage}/common/x`,
        `sudo sh ${staged}/install-files`,
        `sudo sh ${staged}/install-files /etc`,
        `sudo sh ${staged}/install-files ${stage}/common /etc`,
        `sudo sh ${staged}/install-files ${stage}/common/x`,
        `sudo sh ${staged}/install-files /x/${stage}/common`,
        `sudo sh /tmp/${staged}/take-over`,
        `sudo sh ${staged}/take-over/x`,
        "sudo sh stage/0123456789aB/common/usr/lib/logos/take-over",
        "sudo sh stage/0123456789a/common/usr/lib/logos/take-over",
      ),
      at({ create: U, update: "id" }, "update"),
      at({ delete: "rm -rf /", update: "id" }, "update", "delete"),
      ...["/etc/x", "x", "stage/x", `${stage}/../../x`, `${stage}/a b`, `/${stage}`, `${stage}x`, ""].map((path) =>
        at(copied(path), "remotePath"),
      ),
      at(copied("/etc/x", { uri: "https://x" }), "remotePath", "source"),
    ],
    unknown: [
      at({ create: U }, "create"),
      at({ delete: U }, "delete"),
      at(copied(U), "remotePath"),
      at(of(copy, { remotePath: stage, source: U }), "source"),
    ],
    omitted: [
      ["create", "passes"],
      [at(of(copy, { source: { path: "x" } }), "remotePath"), "fails"],
    ],
    twins: [
      at(of("command:remote:CopyFile", {}), ""),
      at(of(command, { delete: "rm -rf /" }), "delete"),
      at(copied(stage, { uri: "https://x" }), "source"),
      at(of(copy, { remotePath: U, source: { uri: "https://x" } }), "source"),
      at(of(copy, { remotePath: "/etc/x", source: U }), "remotePath"),
      at(copied(`${stage}/single/etc/systemd/system/x.d/y.conf`, { text: "[Service]" }), "source"),
      ...["service", "timer", "socket", "path", "mount", "target"].map((kind) =>
        at(copied(`${stage}/single/x.${kind}`, { text: "[Unit]" }), "source"),
      ),
    ],
  }),
];
