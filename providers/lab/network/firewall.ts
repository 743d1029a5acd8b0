import { bridgeName, portName, portPrefix, tableName } from "../../../core/lab/names.ts";
import { type FlowRule, type Group, groups } from "../../../core/lab/resources.ts";

export interface Member {
  readonly name: string;
  readonly group: Group;
  readonly address: string;
}

export interface FirewallInput {
  readonly labId: string;
  /** Address of this host on the lab's bridge: what `operator` means in a rule. */
  readonly gateway: string;
  readonly rules: readonly FlowRule[];
  readonly members: readonly Member[];
}

/**
 * The lab's nftables table, whole: loading it replaces the one that stands, in one transaction.
 *
 * It filters on the bridge, so that machines are kept apart although they share one. A machine is its port together with
 * its address: a machine that takes another's address matches nothing. Chains touch only ports of this lab, known by the
 * prefix of their names, and let all else pass: other labs and other bridges of the host are not our business.
 *
 * Rules are stateless, because connection tracking on bridges is a kernel option that many kernels lack. A reply is what
 * comes back from the allowed port; for TCP it may not open a connection. Each machine filters with state on top.
 * IPv6 and everything else that is not named here is dropped.
 */
export function renderFirewall({ labId, gateway, rules, members }: FirewallInput): string {
  const table = `table bridge ${tableName(labId)}`;
  const ports = `"${portPrefix(labId)}*"`;
  const between = rules.flatMap((rule) => (rule.from === "operator" ? [] : betweenMachines(rule, rule.from)));
  const fromHost = rules.filter((rule) => rule.from === "operator");
  return `# Bridge ${bridgeName(labId)}
${table}
delete ${table}
${table} {
${renderSet(labId, "members", members)}
${groups
  .map((group) =>
    renderSet(
      labId,
      group,
      members.filter((member) => member.group === group),
    ),
  )
  .join("\n")}
  chain machines {
    iifname . arp saddr ip @members accept
${lines(between)}    drop
  }
  chain forward {
    type filter hook forward priority filter; policy accept;
    iifname ${ports} jump machines
    oifname ${ports} jump machines
  }
  chain to_host {
    iifname . arp saddr ip @members accept
${lines(fromHost.map((rule) => `iifname . ip saddr @${rule.to} ip daddr ${gateway} ${reply(rule)} accept`))}    drop
  }
  chain input {
    type filter hook input priority filter; policy accept;
    iifname ${ports} jump to_host
  }
  chain from_host {
    arp saddr ip ${gateway} accept
${lines(fromHost.map((rule) => `ip saddr ${gateway} oifname . ip daddr @${rule.to} ${request(rule)} accept`))}    drop
  }
  chain output {
    type filter hook output priority filter; policy accept;
    oifname ${ports} jump from_host
  }
}
`;
}

function betweenMachines(rule: FlowRule, from: Group): string[] {
  return [
    `iifname . ip saddr @${from} oifname . ip daddr @${rule.to} ${request(rule)} accept`,
    `iifname . ip saddr @${rule.to} oifname . ip daddr @${from} ${reply(rule)} accept`,
  ];
}

function request({ protocol, ports }: FlowRule): string {
  return `${protocol} dport { ${ports.join(", ")} }`;
}

function reply({ protocol, ports }: FlowRule): string {
  const source = `${protocol} sport { ${ports.join(", ")} }`;
  return protocol === "tcp" ? `${source} tcp flags & (syn | ack) != syn` : source;
}

function renderSet(labId: string, name: string, members: readonly Member[]): string {
  const elements = members.map((member) => `"${portName(labId, member.name)}" . ${member.address}`);
  const content = elements.length === 0 ? "" : `\n    elements = { ${elements.join(", ")} }`;
  return `  set ${name} {\n    type ifname . ipv4_addr${content}\n  }`;
}

function lines(texts: readonly string[]): string {
  return texts.map((text) => `    ${text}\n`).join("");
}
