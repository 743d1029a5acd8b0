import { parseRange, privateUse } from "../../../core/guard/addresses.ts";
import { covers, union } from "../../../core/guard/intervals.ts";
import { sshPort } from "../../../core/guardrails.ts";
import { groups } from "../../../core/lab/resources.ts";
import { attempt, each, type Outcome, type Rule, type Stack, type StackSubject, type Subject } from "../../rule.ts";
import type { View } from "../../view.ts";
import { isBastion, refuseOutside } from "./flow.ts";
import { securityGroupFlows, securityGroupRules, securityGroups } from "./flows-aws.ts";

const groupTypes = [...securityGroups, ...securityGroupRules];
const prefixList = "aws:ec2/managedPrefixList:ManagedPrefixList";
const prefixListEntry = "aws:ec2/managedPrefixListEntry:ManagedPrefixListEntry";

export const noPublicIngress: Rule = {
  id: "N02",
  name: "no-public-ingress",
  title: "From outside only declared operators reach a machine: the bastion, by SSH.",
  family: "ingress",
  severity: "critical",
  reason: "A port that the internet reaches is tried within minutes, and a node that is taken answers for proofs.",
  remediation: "Name the bastion's security group as source, and log in through the bastion.",
  upstream: [
    "CKV_AWS_277",
    "AWS-0107",
    "aws-ec2-securitygroup-disallow-public-internet-ingress",
    "security-group-default-deny",
    "security-group-strict",
    "EC2.18",
    "EC2.19",
  ],
  waivable: false,
  checks: {
    ...each(["logos:substrate:Network", "lab:index:Network"], checkNetwork),
    ...each(groupTypes, function* (subject) {
      for (const flow of securityGroupFlows(subject)) yield* attempt(() => refuseOutside(subject, flow));
    }),
  },
  stack: function* (resource, stack) {
    if (groupTypes.some((type) => type === resource.type)) yield* followPrefixLists(resource, stack);
  },
};

/** A prefix list is as wide as its entries, which this stack has to declare for it to be read. */
function* followPrefixLists(resource: StackSubject, stack: Stack): Generator<Outcome> {
  // A group whose rules are resources of their own: what AWS will answer for "ingress" was not asked for by the program.
  if (resource.props.at("ingress").unknown && resource.madeFrom("ingress").length === 0) return;
  for (const flow of securityGroupFlows(resource)) {
    if (flow.direction !== "in" || flow.peers.prefixLists.length === 0) continue;
    const property = resource.props.at("prefixListId").unknown ? "prefixListId" : rootOf(flow.peers.prefixLists[0]);
    const lists = resource.madeFrom(property).filter(({ type }) => type === prefixList);
    if (lists.length === 0) {
      yield { at: flow.at, found: "lets in a prefix list that this stack does not declare" };
    }
    for (const list of lists) yield* checkList(resource, list, stack);
  }
}

function* checkList(resource: StackSubject, list: StackSubject, { ofType }: Stack): Generator<Outcome> {
  const { operatorRanges, vpnRanges } = resource.config;
  const allowed = union(privateUse, ...(isBastion(resource) ? [operatorRanges, vpnRanges] : []));
  const split = ofType(prefixListEntry).filter((entry) => entry.madeFrom("prefixListId").includes(list));
  for (const entry of [...list.props.items("entries"), ...split.map(({ props }) => props)]) {
    yield* attempt(function* () {
      const cidr = entry.string("cidr") ?? "";
      const range = parseRange(cidr);
      if (range !== undefined && covers(allowed, range)) return;
      yield { at: "prefixListIds", found: `lets in "${cidr}" by the prefix list "${list.name}"` };
    });
  }
}

function rootOf(view: View | undefined): string {
  return /^[^.[]*/.exec(view?.path ?? "")?.[0] ?? "";
}

function* checkNetwork({ props }: Subject): Generator<Outcome> {
  yield* attempt(function* () {
    const cidr = props.string("cidr") ?? "";
    const range = parseRange(cidr);
    if (range === undefined || !covers(privateUse, range)) {
      yield {
        at: "cidr",
        found: `has the range "${cidr}"`,
        expected: "a private one",
        mend: "Set logos:network.cidr.",
      };
    }
  });
  const rules = props.list("rules");
  if (rules === undefined) {
    yield { at: "rules", found: "has no list of rules, which may mean that all is open", mend: 'Set "rules".' };
  }
  for (const rule of rules ?? []) yield* attempt(() => checkRule(rule));
}

function* checkRule(rule: View): Generator<Outcome> {
  const from = rule.string("from");
  const to = rule.string("to");
  const protocol = rule.string("protocol");
  const name = "Name the group it is for.";
  // Sources are names of groups, so that a range, in whatever spelling of "anywhere", is never one.
  if (from !== "operator" && !isGroup(from)) {
    yield { at: rule, found: `lets in "${from ?? "anyone"}"`, expected: `operator, ${groups.join(", ")}`, mend: name };
  }
  if (!isGroup(to)) {
    yield { at: rule, found: `leads to "${to ?? "anything"}"`, expected: groups.join(", "), mend: name };
  }
  if (to === "bastion" && from !== "operator") {
    yield {
      at: rule,
      found: `lets "${from ?? "anyone"}" into the bastion`,
      expected: "operator",
      mend: "Take the rule out.",
    };
  }
  if (from === "operator" && to !== "bastion") {
    yield {
      at: rule,
      found: `opens "${to ?? "?"}" to the outside`,
      expected: `tcp ${sshPort} of the bastion`,
      mend: "Go through the bastion instead.",
    };
  }
  const ports = rule.list("ports")?.map((port) => port.number()) ?? [];
  if (ports.length === 0 || !ports.every(isPort)) {
    yield {
      at: rule,
      found: "does not name its ports, which may mean all of them",
      mend: 'List them in "ports", each 1 to 65535.',
    };
  }
  if (from === "operator" && (protocol !== "tcp" || ports.some((port) => port !== sshPort))) {
    yield {
      at: rule,
      found: `opens ${protocol ?? "?"} ${ports.join(", ")} of "${to ?? "?"}" to the outside`,
      expected: `tcp ${sshPort} of the bastion`,
      mend: "Go through the bastion instead.",
    };
  }
  if (ports.includes(sshPort) && to !== "bastion" && from !== "bastion") {
    yield {
      at: rule,
      found: `lets "${from ?? "anyone"}" log in to "${to ?? "?"}"`,
      expected: "bastion",
      mend: "Take the rule out.",
    };
  }
}

function isGroup(name: string | undefined): boolean {
  return groups.some((group) => group === name);
}

function isPort(port: number | undefined): boolean {
  return port !== undefined && Number.isInteger(port) && port >= 1 && port <= 65_535;
}
