import { SecurityGroup } from "@pulumi/aws/ec2/securityGroup.js";
import type { Vpc } from "@pulumi/aws/ec2/vpc.js";
import type { VpcEndpoint } from "@pulumi/aws/ec2/vpcEndpoint.js";
import { VpcSecurityGroupRulesExclusive } from "@pulumi/aws/ec2/vpcSecurityGroupRulesExclusive.js";
import { SecurityGroupEgressRule } from "@pulumi/aws/vpc/securityGroupEgressRule.js";
import { SecurityGroupIngressRule } from "@pulumi/aws/vpc/securityGroupIngressRule.js";
import type * as pulumi from "@pulumi/pulumi";
import type { AddressPlan } from "../../core/addresses.ts";
import { portRanges } from "../../core/flow.ts";
import { type Role, roles } from "../../core/roles.ts";
import type { NetworkArgs } from "../contract.ts";
import type { Account } from "./account.ts";

const https = 443;
/** Packages come by these; apt checks signatures, whatever carries them. */
const packagePorts = [80, https];
/** Roles that are set up over SSH, and fetch packages then. Nodes are born complete. */
const setUpRoles: readonly Role[] = ["bastion", "control", "builder"];

interface FirewallArgs {
  readonly vpc: Vpc;
  readonly plan: AddressPlan;
  readonly args: NetworkArgs;
  /** The gateway to S3: its prefix list is where the stores are. */
  readonly store: VpcEndpoint;
  readonly account: Account;
  readonly parent: pulumi.Resource;
}

/** One side of a flow: a group of machines, a range, or a list of ranges that AWS keeps. */
type Peer = { readonly group: SecurityGroup } | { readonly cidr: string } | { readonly list: pulumi.Output<string> };

/** Ids of the rules of one group. */
interface RuleIds {
  readonly in: pulumi.Output<string>[];
  readonly out: pulumi.Output<string>[];
}

/** A security group for each role, and every rule of it: what no rule names is dropped. */
export class Firewall {
  readonly endpoints: SecurityGroup;
  /** Stands when every rule does, but for how operators come in: that is the bastion's. */
  readonly rules: readonly pulumi.Resource[];
  readonly #name: string;
  readonly #args: FirewallArgs;
  readonly #groups: ReadonlyMap<Role, SecurityGroup>;
  readonly #tunnel: SecurityGroup | undefined;
  readonly #ids = new Map<SecurityGroup, RuleIds>();

  constructor(name: string, all: FirewallArgs) {
    this.#name = name;
    this.#args = all;
    const { args, store, parent } = all;
    this.#groups = new Map(roles.map((role) => [role, this.#group(role, `Machines of role ${role}`)]));
    this.endpoints = this.#group("endpoints", "Private ends of AWS services");
    this.#tunnel = args.access.by === "tunnel" ? this.#group("tunnel", "Instance Connect Endpoint") : undefined;

    for (const { from, to, ports } of args.rules) {
      if (from !== "operator") this.#flow(this.of(from), this.of(to), `${from} to ${to}`, ports, parent);
    }
    for (const role of roles) {
      this.#flow(this.of(role), this.endpoints, `${role} to endpoints`, [https], parent);
      this.#rule("out", this.of(role), { list: store.prefixListId }, `of ${role} to stores`, [https], parent);
    }
    for (const role of setUpRoles) {
      for (const cidr of args.packageRanges)
        this.#rule("out", this.of(role), { cidr }, `of ${role} to packages at ${cidr}`, packagePorts, parent);
    }
    this.rules = [
      ...roles.filter((role) => role !== "bastion").map((role) => this.#nothingElse(role, this.of(role), parent)),
      this.#nothingElse("endpoints", this.endpoints, parent),
    ];
  }

  of(role: Role): SecurityGroup {
    const group = this.#groups.get(role);
    if (group === undefined) throw new TypeError(`no security group for role ${role}`);
    return group;
  }

  tunnel(): SecurityGroup {
    if (this.#tunnel === undefined) throw new TypeError("access is by address: there is no tunnel");
    return this.#tunnel;
  }

  /**
   * Lets operators in to the bastion, as the rules of the substrate say.
   * @param bastion parent of these rules: the guardrails let in nobody from outside but to what belongs to a bastion.
   */
  admitOperators(bastion: pulumi.Resource): readonly pulumi.Resource[] {
    const { rules, access } = this.#args.args;
    for (const { to, ports } of rules.filter(({ from }) => from === "operator")) {
      if (this.#tunnel !== undefined) this.#flow(this.#tunnel, this.of(to), `tunnel to ${to}`, ports, bastion);
      for (const cidr of access.by === "address" ? access.ranges : [])
        this.#rule("in", this.of(to), { cidr }, `from ${cidr} to ${to}`, ports, bastion);
    }
    return [
      this.#nothingElse("bastion", this.of("bastion"), bastion),
      ...(this.#tunnel === undefined ? [] : [this.#nothingElse("tunnel", this.#tunnel, bastion)]),
    ];
  }

  #group(part: string, description: string): SecurityGroup {
    const { vpc, account, parent } = this.#args;
    return new SecurityGroup(
      `${this.#name}-${part}`,
      // Groups name each other: their rules go first, whoever made them.
      { vpcId: vpc.id, description, revokeRulesOnDelete: true, tags: account.tags(part) },
      { parent },
    );
  }

  #flow(from: SecurityGroup, to: SecurityGroup, label: string, ports: readonly number[], parent: pulumi.Resource) {
    this.#rule("in", to, { group: from }, `from ${label}`, ports, parent);
    this.#rule("out", from, { group: to }, `of ${label}`, ports, parent);
  }

  #rule(
    direction: "in" | "out",
    of: SecurityGroup,
    peer: Peer,
    label: string,
    ports: readonly number[],
    parent: pulumi.Resource,
  ): void {
    const name = label.replaceAll(" ", "-");
    const known = this.#ids.get(of) ?? { in: [], out: [] };
    this.#ids.set(of, known);
    for (const { from, to } of portRanges(ports)) {
      const properties = {
        securityGroupId: of.id,
        ipProtocol: "tcp",
        fromPort: from,
        toPort: to,
        description: label,
        ...("group" in peer
          ? { referencedSecurityGroupId: peer.group.id }
          : "cidr" in peer
            ? { cidrIpv4: peer.cidr }
            : { prefixListId: peer.list }),
        tags: this.#args.account.tags(name),
      };
      const Rule = direction === "in" ? SecurityGroupIngressRule : SecurityGroupEgressRule;
      known[direction].push(new Rule(`${this.#name}-${name}-${from}`, properties, { parent }).id);
    }
  }

  /** A rule that somebody adds by hand is gone at the next `up`. */
  #nothingElse(part: string, group: SecurityGroup, parent: pulumi.Resource): pulumi.Resource {
    const { in: ingressRuleIds, out: egressRuleIds } = this.#ids.get(group) ?? { in: [], out: [] };
    return new VpcSecurityGroupRulesExclusive(
      `${this.#name}-only-${part}`,
      { securityGroupId: group.id, ingressRuleIds, egressRuleIds },
      { parent },
    );
  }
}
