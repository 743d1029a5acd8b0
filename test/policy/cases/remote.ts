import { bastionOnly } from "../../../policies/rules/remote/bastion-only.ts";
import { noCloudCli } from "../../../policies/rules/remote/cloud-cli.ts";
import type { GivenInStack } from "../harness.ts";
import { bastionCases } from "./bastion.ts";
import { at, type Cases, of, type Scene, table, U } from "./kit.ts";

const command = "command:remote:Command";
const component = "logos:substrate:Bastion";
const hostKey = `ssh-ed25519 ${"A".repeat(68)} a comment`;
const hop = { host: "10.83.0.2", user: "operator", privateKey: "x", hostKey };
const connection = { ...hop, host: "10.83.0.3", proxy: hop };
const substrate = of("logos:substrate:Substrate", {}, { name: "logos" });
const bastion = of(component, { address: "10.83.0.2" }, { name: "bastion" });
const toMachine = (more: object = {}): GivenInStack =>
  of(command, { connection: { ...connection, ...more } }, { name: "command" });
const inStack = (...more: readonly GivenInStack[]): Scene => [substrate, bastion, ...more];
const past = (one: object, ...places: readonly string[]) => at(inStack(toMachine(one)), ...places);

export const remoteCases: readonly Cases[] = [
  table(bastionOnly, of(command, { connection }), {
    config: bastionCases.config,
    passes: [
      { "connection.host": "fd00::3" },
      { "connection.hostKey": `ecdsa-sha2-nistp256 ${"A".repeat(40)}` },
      // The bastion itself, at its public address.
      of(
        command,
        { connection: { ...hop, host: "198.51.100.7" } },
        { within: ["logos:substrate:Substrate", component] },
      ),
      inStack(toMachine(), of(command, { connection: hop }, { name: "own", within: [component] })),
      // Where the bastion will be reached is known at the update.
      [substrate, of(component, { address: U }, { name: "bastion" }), toMachine()],
      ...bastionCases.passes,
    ],
    fails: [
      at({ "connection.hostKey": "" }, "connection.hostKey"),
      at({ "connection.hostKey": "ssh-rsa AAAA" }, "connection.hostKey"),
      { "connection.hostKey": `cert-authority ${hostKey}` },
      { "connection.hostKey": "ssh-ed25519 AAAA" },
      { "connection.hostKey": `ecdsa-sha2-any ${"A".repeat(40)}` },
      at({ "connection.proxy.hostKey": undefined }, "connection.proxy.hostKey"),
      at({ "connection.proxy": undefined }, "connection.proxy"),
      at({ "connection.password": "x" }, "connection"),
      at({ "connection.agentSocketPath": "/run/agent" }, "connection"),
      at({ "connection.privateKey": undefined }, "connection"),
      at({ "connection.proxy.user": "root" }, "connection.proxy.user"),
      // A public address, one that covers others, and a name that may lead anywhere.
      at({ "connection.host": "198.51.100.7" }, "connection.host"),
      at({ "connection.host": "10.0.0.0/0" }, "connection.host"),
      at({ "connection.host": "node-1.example.org" }, "connection.host"),
      at([substrate], "logos"),
      at(inStack({ ...bastion, name: "second" }), "bastion", "second"),
      past({ proxy: { ...hop, host: "192.0.2.1" } }, "command: connection.proxy.host"),
      at([substrate, toMachine()], "logos", "command: connection.proxy.host"),
      at(
        inStack(of(command, { connection: U }, { name: "later" }), toMachine({ proxy: { ...hop, host: "192.0.2.1" } })),
        "command: connection.proxy.host",
      ),
      ...bastionCases.fails,
    ],
    unknown: bastionCases.unknown,
    later: [{ connection: U }, { "connection.hostKey": U }, { "connection.host": U }, ...bastionCases.later],
    omitted: [
      [
        at(
          { connection: {} },
          "connection",
          "connection.host",
          "connection.hostKey",
          "connection.proxy",
          "connection.user",
        ),
        "fails",
      ],
      ["connection", "fails"],
      [at("connection.user", "connection.user"), "fails"],
      [
        at(inStack(toMachine({ proxy: undefined })), "command: connection.proxy", "command: connection.proxy.host"),
        "fails",
      ],
      ...bastionCases.omitted,
    ],
    twins: [
      of("command:remote:CopyToRemote", {}),
      of("command:remote:CopyFile", {}),
      at(of("command:local:Command", {}), ""),
      of("command:local:run", {}),
      of("pulumi-nodejs:dynamic:Resource", {}),
      ...bastionCases.twins,
    ],
  }),
  table(noCloudCli, of(command, { create: "sudo -n true" }), {
    passes: [{ create: "echo aws" }, { create: "/usr/lib/aws/probe && aws-vault-is-absent" }],
    fails: [
      at({ create: "aws ec2 authorize-security-group-ingress --cidr 0.0.0.0/0" }, "create"),
      { create: "sudo -u root aws s3 ls" },
      { create: "sudo sh -c 'gcloud compute firewall-rules create x'" },
      at({ create: "nft flush ruleset" }, "create"),
      { create: "/usr/sbin/nft flush ruleset" },
      at({ create: "echo 'unclosed; aws s3 ls" }, "create"),
      { create: "true && az network nsg rule create" },
      { create: "echo $(kubectl get x)" },
    ],
    unknown: [{ create: U }],
    omitted: [["create", "passes"]],
    twins: [
      of("command:local:Command", { create: "aws s3 ls" }),
      at(of(command, { delete: "/usr/bin/aws s3 rb x" }), "delete"),
      at(of(command, { update: "az" }), "update"),
      of("azure-native:resources:AzureCliScript"),
      of("aws:cloudformation/stack:Stack"),
    ],
  }),
];
