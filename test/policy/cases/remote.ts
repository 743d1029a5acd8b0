import { bastionOnly } from "../../../policies/rules/remote/bastion-only.ts";
import { noCloudCli } from "../../../policies/rules/remote/cloud-cli.ts";
import { at, type Cases, of, table, U } from "./kit.ts";

const command = "command:remote:Command";
const hostKey = `ssh-ed25519 ${"A".repeat(68)}`;
const hop = { host: "10.83.0.2", user: "operator", privateKey: "x", hostKey };

export const remoteCases: readonly Cases[] = [
  table(bastionOnly, of(command, { connection: { ...hop, host: "10.83.0.3", proxy: hop } }), {
    passes: [of(command, { connection: hop }, { within: ["logos:substrate:Bastion"] })],
    fails: [
      { "connection.hostKey": "" },
      { "connection.proxy": undefined },
      { "connection.password": "x" },
      { "connection.proxy.user": "root" },
    ],
    later: [{ connection: U }, { "connection.hostKey": U }],
    omitted: [
      ["connection", "fails"],
      ["connection.user", "fails"],
    ],
    twins: [
      of("command:remote:CopyToRemote", {}),
      of("command:remote:CopyFile", {}),
      of("command:local:Command", {}),
      of("pulumi-nodejs:dynamic:Resource", {}),
    ],
  }),
  table(noCloudCli, of(command, { create: "sudo -n true" }), {
    passes: [{ create: "echo aws" }, { create: "/usr/lib/aws/probe && aws-vault-is-absent" }],
    fails: [
      at({ create: "aws ec2 authorize-security-group-ingress --cidr 0.0.0.0/0" }, "create"),
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
