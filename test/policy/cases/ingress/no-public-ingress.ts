import { flowRules } from "../../../../core/flow.ts";
import { noPublicIngress } from "../../../../policies/rules/ingress/no-public-ingress.ts";
import { at, type Cases, of, type Scene, table, U } from "../kit.ts";
import { awsOpen, awsTwins, config, defaultSg, halves, inline, open, sg, sgIn, sgOut, sgRule } from "./scenes.ts";

const cidr = "10.83.0.0/24";
const network = (rules: unknown, props: object = {}) => of("logos:substrate:Network", { cidr, rules, ...props });
const rule = (from: unknown, to: unknown, ports: unknown, protocol: unknown = "tcp") => ({ from, to, ports, protocol });
const one = (...given: Parameters<typeof rule>) => network([rule(...given)]);

const list = (entries: readonly object[], name = "list") =>
  of("aws:ec2/managedPrefixList:ManagedPrefixList", { entries }, { name });
const entry = (range: unknown, listed: string) =>
  of(
    "aws:ec2/managedPrefixListEntry:ManagedPrefixListEntry",
    { cidr: range },
    {
      name: `entry-${listed}`,
      madeFrom: { prefixListId: [listed] },
    },
  );
const ssh = { fromPort: 22, toPort: 22 };
/** A rule through a list that comes to be in the same update. */
const through = (name = "rule", ports: object = ssh) =>
  of(sgIn, { ipProtocol: "tcp", ...ports, prefixListId: U }, { name, madeFrom: { prefixListId: ["list"] } });
const ours = [{ cidr: "10.0.0.0/8" }];
const operators = [{ cidr: "203.0.113.0/28" }];
const group = (prefixListIds: readonly string[], madeFrom: readonly string[] = []): Scene => [
  list(ours),
  of(sg, { ingress: [{ protocol: "tcp", ...ssh, prefixListIds }] }, { name: "group", madeFrom: { ingress: madeFrom } }),
];

export const noPublicIngressCases: readonly Cases[] = [
  table(noPublicIngress, inline({ cidrBlocks: ["10.0.0.0/8"] }), {
    config,
    passes: [
      inline({ securityGroups: [U] }),
      { ...inline({ cidrBlocks: ["203.0.113.4/32"] }), name: "bastion" },
      network(flowRules),
      of("lab:index:Network", { cidr, rules: [] }),
      one("control", "node", [1, 65_535]),
      one("control", "node", [6818], "udp"),
      [list(ours), through()],
      [list(operators), through("bastion")],
      [
        list(operators),
        of(
          sg,
          {
            ingress: [
              { protocol: "tcp", ...ssh, prefixListIds: [U] },
              { protocol: "tcp", fromPort: 443, toPort: 443, securityGroups: ["sg-1"] },
            ],
          },
          { name: "bastion", madeFrom: { ingress: ["list"] } },
        ),
      ],
      { ...inline({ cidrBlocks: ["10.0.0.0/8"], fromPort: U, toPort: U }), name: "bastion" },
      [list(ours), list([{ cidr: "0.0.0.0/0" }], "other"), entry("::/0", "other"), through()],
      [list([]), entry("10.0.0.0/16", "list"), through()],
      [of(sgOut, { ipProtocol: "tcp", fromPort: 443, toPort: 443, prefixListId: "pl-1" }, { name: "out" })],
      [of(sg, { egress: [{ protocol: "tcp", fromPort: 443, toPort: 443, prefixListIds: ["pl-1"] }] })],
      group([U], ["list"]),
      group(["pl-1"], ["list"]),
      group([U, U], ["list"]),
      [
        list(ours),
        of(
          sgRule,
          { type: "ingress", protocol: "tcp", ...ssh, prefixListIds: [U] },
          {
            name: "rule",
            madeFrom: { prefixListIds: ["list"] },
          },
        ),
      ],
    ],
    fails: [
      ...awsOpen,
      at(inline(open), "ingress[0]"),
      inline({ ...open, fromPort: 6818, toPort: 6818 }),
      // Wrong whatever the ports come to be.
      at(inline({ ...open, fromPort: U, toPort: U }), "ingress[0]"),
      at(inline({ cidrBlocks: ["10.0.0.0/8", "010.0.0.0/8"] }), "ingress[0].cidrBlocks[1]"),
      inline({ cidrBlocks: ["0x0/0"] }),
      inline({ cidrBlocks: [7] }),
      { ...inline({ cidrBlocks: ["203.0.113.4/32"], fromPort: 22, toPort: 443 }), name: "bastion" },
      { ...inline({ cidrBlocks: ["203.0.113.4/32"], protocol: "udp" }), name: "bastion" },
      // Whatever means anybody, as the one who comes in.
      ...["0.0.0.0/0", "0/0", "::/0", "*", "any", "Internet", ...halves, "", null, 7, undefined].map((from) =>
        at(one(from, "node", [6818]), "rules[0]"),
      ),
      at(one("control", "everything", [6818]), "rules[0]"),
      at(one("control", undefined, [6818]), "rules[0]"),
      at(one("node", "bastion", [6818]), "rules[0]"),
      at(one("operator", "node", [22]), "rules[0]", "rules[0]"),
      at(one("operator", "control", [6817]), "rules[0]", "rules[0]"),
      ...[[22, 80], [443]].map((ports) => at(one("operator", "bastion", ports), "rules[0]")),
      at(one("operator", "bastion", [22], "udp"), "rules[0]"),
      at(one("operator", "bastion", [22], null), "rules[0]"),
      at(one("node", "node", [22]), "rules[0]"),
      at(one("control", "node", [6818, 22]), "rules[0]"),
      ...[[], undefined, 6818, [0], [6818, 0], [65_536], [6818.5], ["6818"], [null]].map((ports) =>
        at(one("control", "node", ports), "rules[0]"),
      ),
      at(network([rule("control", "node", [6818]), rule("node", "node", [22])]), "rules[1]"),
      ...["8.8.8.0/24", "10.83.0.300/24", null].map((range) => at(network([], { cidr: range }), "cidr")),
      at([list([...ours, { cidr: "0.0.0.0/1" }]), through()], "rule"),
      at([list([]), entry("::/0", "list"), through()], "rule"),
      at([list([{ cidr: "10.0.0.0/33" }]), through()], "rule"),
      at([list([{ description: "x" }]), through()], "rule"),
      at([list(operators), through()], "rule"),
      at([list(operators), through("bastion", { fromPort: 443, toPort: 443 })], "bastion"),
      // What this stack does not declare could be as wide as it likes.
      at([of(sgIn, { ipProtocol: "tcp", ...ssh, prefixListId: "pl-1" })], "it: prefixListId"),
      at(
        [
          of("aws:ec2/vpcEndpoint:VpcEndpoint", {}, { name: "store" }),
          of(sgIn, { ipProtocol: "tcp", ...ssh, prefixListId: U }, { madeFrom: { prefixListId: ["store"] } }),
        ],
        "it: prefixListId",
      ),
      at(group(["pl-1"]), "group: ingress"),
      at(group([U, "pl-1"], ["list"]), "group: ingress"),
      at(
        [
          list(ours),
          of(
            sgRule,
            { type: "ingress", protocol: "tcp", ...ssh, prefixListIds: [U, "pl-1"] },
            {
              name: "rule",
              madeFrom: { prefixListIds: ["list"] },
            },
          ),
        ],
        "rule: prefixListIds",
      ),
    ],
    unknown: [
      at(inline({ cidrBlocks: [U] }), "ingress[0].cidrBlocks[0]"),
      inline({ cidrBlocks: U }),
      of(sg, { ingress: U }),
      at([of(sg, { ingress: U }, { name: "group" })], "group: ingress"),
      at({ ...inline({ cidrBlocks: ["203.0.113.4/32"], protocol: U }), name: "bastion" }, "ingress[0].protocol"),
      at([list([{ cidr: U }]), through()], "rule: entries[0].cidr"),
      at(network([], { cidr: U }), "cidr"),
      at(network(U), "rules"),
      at(one(U, "bastion", [22]), "rules[0].from"),
      at(one("operator", "bastion", [U]), "rules[0].ports[0]"),
      at(one("operator", "bastion", U), "rules[0].ports"),
    ],
    omitted: [
      [inline({}), "passes"],
      [at(of("lab:index:Network", { cidr }), "rules"), "fails"],
    ],
    twins: [...awsTwins, at(of(defaultSg, { ingress: [{ protocol: "-1", ...open }] }), "ingress[0]")],
  }),
];
