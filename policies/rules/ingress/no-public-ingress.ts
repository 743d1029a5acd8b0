import { parseRange, privateUse } from "../../../core/guard/addresses.ts";
import { covers } from "../../../core/guard/intervals.ts";
import { sshPort } from "../../../core/guardrails.ts";
import { groups } from "../../../core/lab/resources.ts";
import {
  attempt,
  each,
  known,
  type Outcome,
  type Rule,
  type Stack,
  type StackSubject,
  type Subject,
} from "../../rule.ts";
import { Undecided, type View } from "../../view.ts";
import { type Flow, readPeers, refuseOutside } from "./flow.ts";
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
  // What AWS will answer for a group whose rules are resources of their own; one that the program leaves open was refused before.
  if (resource.props.at("ingress").unknown) return;
  const flows = securityGroupFlows(resource).filter(
    ({ direction, peers }) => direction === "in" && peers.prefixLists.length > 0,
  );
  const named = flows.flatMap(({ peers }) => peers.prefixLists);
  const [first] = named;
  if (first === undefined) return;
  const property = first.path.replace(/[.[].*/, "");
  const lists = resource.madeFrom(property).filter(({ type }) => type === prefixList);
  // Lists that come to be in this update have no ids yet.
  if (new Set(named.map((id) => known(() => id.string()))).size > lists.length) {
    yield { at: property, found: "lets in a prefix list that this stack does not declare" };
  }
  for (const flow of flows) for (const list of lists) yield* refuseOutside(resource, through(flow, list, stack));
}

/** The flow from the entries of a list. */
function through(flow: Flow, list: StackSubject, { ofType }: Stack): Flow {
  const split = ofType(prefixListEntry).filter((entry) => entry.madeFrom("prefixListId").includes(list));
  const peers = readPeers(
    [...list.props.items("entries"), ...split.map(({ props }) => props)].map((one) => one.at("cidr")),
  );
  const outcomes = peers.outcomes.map((one) => (one instanceof Undecided ? one : { ...one, at: flow.at }));
  return { ...flow, peers: { ...peers, outcomes } };
}

function* checkNetwork({ props }: Subject): Generator<Outcome> {
  yield* attempt(function* () {
    const cidr = props.string("cidr");
    const range = cidr === undefined ? undefined : parseRange(cidr);
    if (range === undefined || !covers(privateUse, range)) {
      yield {
        at: "cidr",
        found: `has the range "${cidr ?? "none"}"`,
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
  const ports = (rule.list("ports") ?? []).map((port) => port.number() ?? 0);
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

function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 1 && port <= 65_535;
}
