import { sshPort } from "../../core/guardrails.ts";
import { groups } from "../../core/lab/resources.ts";
import { isPrivate, parseCidr } from "../../core/net.ts";
import { resourceRule, type Subject, type Violations } from "../rule.ts";
import type { View } from "../view.ts";

export const noPublicIngress = resourceRule({
  name: "no-public-ingress",
  description: "From outside only the operator reaches a machine: the bastion, by SSH.",
  checks: { "logos:substrate:Network": checkNetwork, "lab:index:Network": checkNetwork },
});

function* checkNetwork({ props }: Subject): Violations {
  const cidr = parseCidr(props.string("cidr") ?? "");
  if (cidr === undefined || !isPrivate(cidr)) {
    yield `has the range "${props.string("cidr") ?? ""}", allowed is a private one. Set logos:network.cidr.`;
  }
  const rules = props.list("rules");
  if (rules === undefined) yield 'has no list of rules, which may mean that all is open. Set "rules".';
  for (const [index, rule] of (rules ?? []).entries()) {
    for (const violation of checkRule(rule)) yield `rule ${index + 1} ${violation}`;
  }
}

function* checkRule(rule: View): Violations {
  const from = rule.string("from");
  const to = rule.string("to");
  const protocol = rule.string("protocol");
  const ports = rule.list("ports")?.map((port) => port.number()) ?? [];
  // Sources are names of groups, so that a range, in whatever spelling of "anywhere", is never one.
  if (from !== "operator" && !isGroup(from)) {
    yield `lets in "${from ?? "anyone"}", allowed are operator, ${groups.join(", ")}. Name the group it is for.`;
  }
  if (!isGroup(to)) yield `leads to "${to ?? "anything"}", allowed are ${groups.join(", ")}. Name the group it is for.`;
  if (ports.length === 0 || !ports.every(isPort)) {
    yield 'does not name its ports, which may mean all of them. List them in "ports", each 1 to 65535.';
  }
  if (from === "operator" && (to !== "bastion" || protocol !== "tcp" || ports.some((port) => port !== sshPort))) {
    yield `opens ${protocol ?? "?"} ${ports.join(", ")} of "${to ?? "?"}" to the outside, allowed is tcp ${sshPort} of the ` +
      "bastion. Go through the bastion instead.";
  }
  if (to === "bastion" && from !== "operator") {
    yield `lets "${from ?? "anyone"}" into the bastion, allowed is operator. Take the rule out.`;
  }
  if (ports.includes(sshPort) && to !== "bastion" && from !== "bastion") {
    yield `lets "${from ?? "anyone"}" log in to "${to ?? "?"}", allowed is bastion. Take the rule out.`;
  }
}

function isGroup(name: string | undefined): boolean {
  return groups.some((group) => group === name);
}

function isPort(port: number | undefined): boolean {
  return port !== undefined && Number.isInteger(port) && port >= 1 && port <= 65_535;
}
