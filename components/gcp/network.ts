import { Network as Vpc } from "@pulumi/gcp/compute/network.js";
import { Route } from "@pulumi/gcp/compute/route.js";
import { Router } from "@pulumi/gcp/compute/router.js";
import { RouterNat } from "@pulumi/gcp/compute/routerNat.js";
import { Subnetwork } from "@pulumi/gcp/compute/subnetwork.js";
import { Account } from "@pulumi/gcp/serviceaccount/account.js";
import type * as pulumi from "@pulumi/pulumi";
import { planAddresses } from "../../core/addresses.ts";
import { type Role, roles } from "../../core/roles.ts";
import { Network, type NetworkArgs } from "../contract.ts";
import type { GcpContext } from "./context.ts";
import { declareFirewall } from "./firewall.ts";
import { entranceOf, type FirewallSpec, firewallOf, operatorRangesOf, restrictedApi } from "./firewall-rules.ts";
import { declareNames } from "./names.ts";

/** Tag of machines that have a route out: routes know no service accounts. What they reach is the firewall's to say. */
export const outwardTag = "logos-outward";

const internet = "default-internet-gateway";

/** The parts of the network: for the bastion, for machines that fetch packages, for the pool. */
export type GcpSubnets = Readonly<Record<"edge" | "setup" | "nodes", Subnetwork>>;

/** A network of our own. Nodes have no route out of it but to Google's own services. */
export class GcpNetwork extends Network {
  readonly networkId: pulumi.Output<string>;
  readonly bastionAddress: string;
  readonly controlAddress: string;
  readonly subnets: GcpSubnets;
  /** Who the machines of each role are. */
  readonly accounts: ReadonlyMap<Role, Account>;
  /** The rules that let operators in: part of the bastion. */
  readonly entrance: readonly FirewallSpec[];
  /** What the bastion sees them come from. */
  readonly operators: readonly string[];
  /** What must stand before a machine sends its first packet. */
  readonly ways: readonly pulumi.Resource[];

  constructor(name: string, args: NetworkArgs, opts: pulumi.ComponentResourceOptions, context: GcpContext) {
    super(name, args, opts);
    const { project, region } = context;
    const child = { parent: this };
    const plan = planAddresses(args.cidr);
    this.bastionAddress = plan.bastion;
    this.controlAddress = plan.control;

    const vpc = new Vpc(
      context.logical(name),
      {
        project,
        description: `LOGOS stack ${context.stack}`,
        autoCreateSubnetworks: false,
        routingMode: "REGIONAL",
        // The usual route would show every machine the way out; ours are said below.
        deleteDefaultRoutesOnCreate: true,
      },
      child,
    );
    this.networkId = vpc.id;
    const subnet = (part: string, ipCidrRange: string) =>
      new Subnetwork(
        context.logical(name, part),
        {
          project,
          region,
          network: vpc.id,
          ipCidrRange,
          privateIpGoogleAccess: true,
          logConfig: { aggregationInterval: "INTERVAL_1_MIN", flowSampling: 1, metadata: "INCLUDE_ALL_METADATA" },
        },
        child,
      );
    this.subnets = {
      edge: subnet("edge", plan.edge),
      setup: subnet("setup", plan.setup),
      nodes: subnet("nodes", plan.nodes),
    };

    const toGoogle = new Route(
      context.logical(name, "google"),
      { project, network: vpc.id, destRange: restrictedApi.range, nextHopGateway: internet },
      child,
    );
    const outward = new Route(
      context.logical(name, "outward"),
      { project, network: vpc.id, destRange: "0.0.0.0/0", nextHopGateway: internet, tags: [outwardTag] },
      child,
    );
    const router = new Router(context.logical(name, "router"), { project, region, network: vpc.id }, child);
    // A bastion with a public address goes out by that; nodes do not go out.
    const translated = args.access.by === "tunnel" ? [this.subnets.setup, this.subnets.edge] : [this.subnets.setup];
    const nat = new RouterNat(
      context.logical(name, "nat"),
      {
        project,
        region,
        router: router.name,
        natIpAllocateOption: "AUTO_ONLY",
        sourceSubnetworkIpRangesToNat: "LIST_OF_SUBNETWORKS",
        subnetworks: translated.map(({ id }) => ({ name: id, sourceIpRangesToNats: ["ALL_IP_RANGES"] })),
        logConfig: { enable: true, filter: "ERRORS_ONLY" },
      },
      child,
    );

    const account = (role: Role) =>
      new Account(
        `${name}-${role}`,
        {
          project,
          accountId: context.accountId(role),
          displayName: `LOGOS ${context.stack}: ${role}`,
          // Its name follows from the stack, so that one that a killed run made is the one that is meant.
          createIgnoreAlreadyExists: true,
        },
        child,
      );
    this.accounts = new Map(roles.map((role) => [role, account(role)]));
    const rules = declareFirewall(name, firewallOf({ ...args, plan }), vpc.id, this.accounts, this, context);
    const names = declareNames(name, vpc.id, this, context);
    this.ways = [toGoogle, outward, nat, ...rules, ...names];

    this.operators = operatorRangesOf(args.access);
    this.entrance = entranceOf(args.rules, args.access);
    this.registerOutputs({
      networkId: this.networkId,
      bastionAddress: this.bastionAddress,
      controlAddress: this.controlAddress,
    });
  }
}
