import { SecurityGroup } from "@pulumi/aws/ec2/securityGroup.js";
import type { Vpc } from "@pulumi/aws/ec2/vpc.js";
import type { VpcEndpoint } from "@pulumi/aws/ec2/vpcEndpoint.js";
import { VpcSecurityGroupRulesExclusive } from "@pulumi/aws/ec2/vpcSecurityGroupRulesExclusive.js";
import { SecurityGroupEgressRule } from "@pulumi/aws/vpc/securityGroupEgressRule.js";
import { SecurityGroupIngressRule } from "@pulumi/aws/vpc/securityGroupIngressRule.js";
import type * as pulumi from "@pulumi/pulumi";
import { portRanges } from "../../core/flow.ts";
import { type Role, roles } from "../../core/roles.ts";
import type { AddressPlan } from "../cloud/addresses.ts";
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

/** A security group for each role, and every rule of it: what no rule names is dropped. */
export class Firewall {
  readonly endpoints: SecurityGroup;
  /** Stands when every rule does. */
  readonly rules: readonly pulumi.Resource[];
  readonly #groups: ReadonlyMap<Role, SecurityGroup>;
  readonly #tunnel: SecurityGroup | undefined;

  constructor(name: string, { vpc, args, store, account, parent }: FirewallArgs) {
    const rules: { of: SecurityGroup; in?: SecurityGroupIngressRule; out?: SecurityGroupEgressRule }[] = [];
    const group = (part: string, description: string) =>
      new SecurityGroup(
        `${name}-${part}`,
        // Groups name each other: their rules go first, whoever made them.
        { vpcId: vpc.id, description, revokeRulesOnDelete: true, tags: account.tags(part) },
        { parent },
      );
    const groups = new Map(roles.map((role) => [role, group(role, `Machines of role ${role}`)]));
    this.#groups = groups;
    this.endpoints = group("endpoints", "Private ends of AWS services");
    this.#tunnel = args.access.by === "tunnel" ? group("tunnel", "Instance Connect Endpoint") : undefined;

    const rule = (direction: "in" | "out", of: SecurityGroup, peer: Peer, label: string, ports: readonly number[]) => {
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
          tags: account.tags(label.replaceAll(" ", "-")),
        };
        const ruleName = `${name}-${label.replaceAll(" ", "-")}-${from}`;
        rules.push(
          direction === "in"
            ? { of, in: new SecurityGroupIngressRule(ruleName, properties, { parent }) }
            : { of, out: new SecurityGroupEgressRule(ruleName, properties, { parent }) },
        );
      }
    };

    for (const { from, to, ports } of args.rules) {
      const target = this.of(to);
      if (from !== "operator") {
        rule("in", target, { group: this.of(from) }, `from ${from} to ${to}`, ports);
        rule("out", this.of(from), { group: target }, `of ${from} to ${to}`, ports);
      } else if (this.#tunnel !== undefined) {
        rule("in", target, { group: this.#tunnel }, `from tunnel to ${to}`, ports);
        rule("out", this.#tunnel, { group: target }, `of tunnel to ${to}`, ports);
      } else if (args.access.by === "address") {
        for (const cidr of args.access.ranges) rule("in", target, { cidr }, `from ${cidr} to ${to}`, ports);
      }
    }
    for (const role of roles) {
      rule("out", this.of(role), { group: this.endpoints }, `of ${role} to endpoints`, [https]);
      rule("in", this.endpoints, { group: this.of(role) }, `from ${role} to endpoints`, [https]);
      rule("out", this.of(role), { list: store.prefixListId }, `of ${role} to stores`, [https]);
    }
    for (const role of setUpRoles) {
      for (const cidr of args.packageRanges) {
        rule("out", this.of(role), { cidr }, `of ${role} to packages at ${cidr}`, packagePorts);
      }
    }
    // A rule that somebody adds by hand is gone at the next `up`.
    const alone = [...groups.values(), this.endpoints, ...(this.#tunnel === undefined ? [] : [this.#tunnel])].map(
      (one, index) =>
        new VpcSecurityGroupRulesExclusive(
          `${name}-only-${[...roles, "endpoints", "tunnel"][index]}`,
          {
            securityGroupId: one.id,
            ingressRuleIds: rules.flatMap(({ of, in: entry }) => (of === one && entry !== undefined ? [entry.id] : [])),
            egressRuleIds: rules.flatMap(({ of, out }) => (of === one && out !== undefined ? [out.id] : [])),
          },
          { parent },
        ),
    );
    this.rules = alone;
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
}
