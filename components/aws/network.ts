import { LogGroup } from "@pulumi/aws/cloudwatch/logGroup.js";
import { DefaultSecurityGroup } from "@pulumi/aws/ec2/defaultSecurityGroup.js";
import { Eip } from "@pulumi/aws/ec2/eip.js";
import { FlowLog } from "@pulumi/aws/ec2/flowLog.js";
import { InternetGateway } from "@pulumi/aws/ec2/internetGateway.js";
import { NatGateway } from "@pulumi/aws/ec2/natGateway.js";
import { Route } from "@pulumi/aws/ec2/route.js";
import { RouteTable } from "@pulumi/aws/ec2/routeTable.js";
import { RouteTableAssociation } from "@pulumi/aws/ec2/routeTableAssociation.js";
import { Subnet } from "@pulumi/aws/ec2/subnet.js";
import { Vpc } from "@pulumi/aws/ec2/vpc.js";
import { VpcEndpoint } from "@pulumi/aws/ec2/vpcEndpoint.js";
import { InstanceConnectEndpoint } from "@pulumi/aws/ec2transitgateway/instanceConnectEndpoint.js";
import { Role as IamRole } from "@pulumi/aws/iam/role.js";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy.js";
import { Key } from "@pulumi/aws/kms/key.js";
import type * as pulumi from "@pulumi/pulumi";
import { type AddressPlan, planAddresses } from "../../core/addresses.ts";
import type { Role } from "../../core/roles.ts";
import { Network, type NetworkArgs } from "../contract.ts";
import type { Account } from "./account.ts";
import { Firewall } from "./firewall.ts";
import { assumedBy, ownedByAccount, policyDocument, usedByLogs } from "./policy.ts";

/**
 * What machines ask of AWS itself, through private ends in the network: their secrets, the life of the pool, and where
 * logs and the demand go. S3 has a gateway of its own.
 */
const services = ["secretsmanager", "autoscaling", "logs", "monitoring"] as const;

/** Days that records of flows are kept: as long as what they may have to explain. */
const flowLogDays = 365;

/** A network without a default route: packages are reached by their ranges alone, operators by theirs, AWS from inside. */
export class AwsNetwork extends Network {
  readonly networkId: pulumi.Output<string>;
  readonly bastionAddress: string;
  readonly controlAddress: string;
  /** Ranges from which operators' SSH comes, as the bastion sees it. */
  readonly operators: readonly string[];
  /** Where the bastion stands, where machines that are set up stand, and where nodes do: one subnet a zone. */
  readonly edge: Subnet;
  readonly setup: Subnet;
  readonly nodes: readonly Subnet[];
  /** Stands before anything in the network can be reached from outside, or reach out. */
  readonly ways: readonly pulumi.Resource[];
  /** The way by which machines fetch their credentials. */
  readonly endpoints: readonly pulumi.Resource[];
  readonly #firewall: Firewall;

  constructor(name: string, args: NetworkArgs, account: Account, opts: pulumi.ComponentResourceOptions) {
    super(name, args, opts);
    const plan = planAddresses(args.cidr);
    this.bastionAddress = plan.bastion;
    this.controlAddress = plan.control;
    this.operators = args.access.by === "tunnel" ? [plan.edge] : args.access.ranges;
    const vpc = new Vpc(
      name,
      { cidrBlock: plan.whole, enableDnsSupport: true, enableDnsHostnames: true, tags: account.tags("network") },
      { parent: this },
    );
    this.networkId = vpc.id;
    new DefaultSecurityGroup(
      `${name}-default`,
      { vpcId: vpc.id, ingress: [], egress: [], tags: account.tags("nothing") },
      { parent: this },
    );
    recordFlows(this, name, vpc, account);

    const { edge, setup, nodes, ways, tables, inner } = divide(this, name, vpc, plan, args, account);
    this.edge = edge;
    this.setup = setup;
    this.nodes = nodes;
    this.ways = ways;

    const store = new VpcEndpoint(
      `${name}-store`,
      {
        vpcId: vpc.id,
        vpcEndpointType: "Gateway",
        serviceName: `com.amazonaws.${account.settings.region}.s3`,
        routeTableIds: tables.map(({ id }) => id),
        // Through this gateway nothing leaves for a bucket of somebody else.
        policy: policyDocument([
          {
            Sid: "OwnBucketsOnly",
            Effect: "Allow",
            Principal: "*",
            Action: "s3:*",
            Resource: "*",
            Condition: { StringEquals: { "aws:ResourceAccount": account.settings.account } },
          },
        ]),
        tags: account.tags("store"),
      },
      { parent: this },
    );
    this.#firewall = new Firewall(`${name}-firewall`, { vpc, plan, args, store, account, parent: this });
    const endpoints = services.map(
      (service) =>
        new VpcEndpoint(
          `${name}-${service}`,
          {
            vpcId: vpc.id,
            vpcEndpointType: "Interface",
            serviceName: `com.amazonaws.${account.settings.region}.${service}`,
            subnetIds: [inner.id],
            securityGroupIds: [this.#firewall.endpoints.id],
            privateDnsEnabled: true,
            tags: account.tags(service),
          },
          { parent: this },
        ),
    );
    this.endpoints = [store, ...endpoints, ...this.#firewall.rules];
    if (args.access.by === "tunnel") {
      new InstanceConnectEndpoint(
        `${name}-tunnel`,
        {
          subnetId: edge.id,
          // Without one it would take the default group, which lets nothing through.
          securityGroupIds: [this.#firewall.tunnel().id],
          // The bastion then sees an address of this subnet, which its own firewall can name.
          preserveClientIp: false,
          tags: account.tags("tunnel"),
        },
        { parent: this },
      );
    }
    this.registerOutputs({
      networkId: this.networkId,
      bastionAddress: this.bastionAddress,
      controlAddress: this.controlAddress,
    });
  }

  /** Lets operators in to the bastion: how, is the bastion's matter. */
  admitOperators(bastion: pulumi.Resource): readonly pulumi.Resource[] {
    return this.#firewall.admitOperators(bastion);
  }

  /** Ids of the security groups of machines of a role. */
  groups(role: Role): readonly pulumi.Output<string>[] {
    return [this.#firewall.of(role).id];
  }
}

function recordFlows(parent: Network, name: string, vpc: Vpc, account: Account): void {
  // The stack's own key lies with its data, which come after the network and outlive it.
  const key = new Key(
    `${name}-flows`,
    {
      description: "LOGOS: records of flows",
      enableKeyRotation: true,
      deletionWindowInDays: 30,
      policy: policyDocument([ownedByAccount(account), usedByLogs(account)]),
      tags: account.tags("flows"),
    },
    { parent },
  );
  const group = new LogGroup(
    `${name}-flows`,
    {
      name: `${account.logGroup}/flows`,
      retentionInDays: flowLogDays,
      kmsKeyId: key.arn,
      tags: account.tags("flows"),
    },
    { parent },
  );
  const role = new IamRole(
    `${name}-flows`,
    {
      name: account.name("flows"),
      assumeRolePolicy: assumedBy(
        { Service: "vpc-flow-logs.amazonaws.com" },
        { StringEquals: { "aws:SourceAccount": account.settings.account } },
      ),
      tags: account.tags("flows"),
    },
    { parent },
  );
  const rights = new RolePolicy(
    `${name}-flows`,
    {
      role: role.name,
      policy: policyDocument([
        {
          Sid: "WriteFlows",
          Effect: "Allow",
          Action: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
          Resource: account.arn("logs", `log-group:${account.logGroup}/flows:*`),
        },
      ]),
    },
    { parent },
  );
  new FlowLog(
    `${name}-flows`,
    {
      vpcId: vpc.id,
      trafficType: "ALL",
      logDestinationType: "cloud-watch-logs",
      logDestination: group.arn,
      iamRoleArn: role.arn,
      maxAggregationInterval: 60,
      tags: account.tags("flows"),
    },
    { parent, dependsOn: [rights] },
  );
}

/** Subnets and the routes between them and out. */
function divide(
  parent: Network,
  name: string,
  vpc: Vpc,
  plan: AddressPlan,
  { access, packageRanges }: NetworkArgs,
  account: Account,
) {
  const [first, second, third] = account.zones;
  const subnet = (part: string, cidrBlock: string, availabilityZone: string | undefined) =>
    new Subnet(
      `${name}-${part}`,
      {
        vpcId: vpc.id,
        cidrBlock,
        ...(availabilityZone === undefined ? {} : { availabilityZone }),
        mapPublicIpOnLaunch: false,
        tags: account.tags(part),
      },
      { parent },
    );
  const edge = subnet("edge", plan.edge, first);
  const setup = subnet("setup", plan.setup, first);
  const inner = subnet("endpoints", plan.endpoints, first);
  // Azure's own bastion takes this part of the plan; here it holds what packages are fetched through.
  const outlet = subnet("outlet", plan.tunnel, first);
  const nodes = plan.nodeZones.map((cidr, index) => subnet(`nodes-${index}`, cidr, [first, second, third][index]));

  const gateway = new InternetGateway(`${name}-gateway`, { vpcId: vpc.id, tags: account.tags("gateway") }, { parent });
  const address = new Eip(
    `${name}-outlet`,
    { domain: "vpc", tags: account.tags("outlet") },
    // An address goes only when its gateway still stands.
    { parent, dependsOn: [gateway] },
  );
  const nat = new NatGateway(
    `${name}-outlet`,
    {
      subnetId: outlet.id,
      allocationId: address.allocationId,
      connectivityType: "public",
      tags: account.tags("outlet"),
    },
    { parent, dependsOn: [gateway], deleteBeforeReplace: true },
  );
  const table = (part: string, subnets: readonly Subnet[], routes: Readonly<Record<string, "gateway" | "nat">>) => {
    const made = new RouteTable(`${name}-${part}`, { vpcId: vpc.id, tags: account.tags(part) }, { parent });
    const resources = Object.entries(routes).map(
      ([cidr, via]) =>
        new Route(
          `${name}-${part}-${cidr}`,
          {
            routeTableId: made.id,
            destinationCidrBlock: cidr,
            ...(via === "nat" ? { natGatewayId: nat.id } : { gatewayId: gateway.id }),
          },
          { parent },
        ),
    );
    const bound = subnets.map(
      (one, index) =>
        new RouteTableAssociation(`${name}-${part}-${index}`, { routeTableId: made.id, subnetId: one.id }, { parent }),
    );
    return { made, resources: [...resources, ...bound] };
  };
  const to = (ranges: readonly string[], via: "gateway" | "nat") =>
    Object.fromEntries(ranges.map((range) => [range, via]));
  const tables = [
    // A bastion without a public address fetches its packages as the others do.
    table(
      "edge",
      [edge],
      access.by === "address" ? to([...access.ranges, ...packageRanges], "gateway") : to(packageRanges, "nat"),
    ),
    table("setup", [setup], to(packageRanges, "nat")),
    table("outlet", [outlet], to(packageRanges, "gateway")),
    table("inner", [inner, ...nodes], {}),
  ];
  return {
    edge,
    setup,
    inner,
    nodes,
    ways: tables.flatMap(({ resources }) => resources),
    tables: tables.map(({ made }) => made),
  };
}
