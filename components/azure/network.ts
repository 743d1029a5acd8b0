import { NatGateway } from "@pulumi/azure-native/network/natGateway.js";
import { NetworkSecurityGroup } from "@pulumi/azure-native/network/networkSecurityGroup.js";
import { PublicIPAddress } from "@pulumi/azure-native/network/publicIPAddress.js";
import { Subnet } from "@pulumi/azure-native/network/subnet.js";
import { VirtualNetwork } from "@pulumi/azure-native/network/virtualNetwork.js";
import { ResourceGroup } from "@pulumi/azure-native/resources/resourceGroup.js";
import type * as pulumi from "@pulumi/pulumi";
import { planAddresses } from "../../core/addresses.ts";
import type { roles } from "../../core/roles.ts";
import { Network, type NetworkArgs } from "../contract.ts";
import type { AzureData } from "./data.ts";
import {
  endpointRules,
  type FirewallInput,
  roleRules,
  type SecurityRule,
  setUpRoles,
  tunnelRules,
} from "./firewall.ts";
import { flowLog } from "./flow-log.ts";
import { AzureServices } from "./services.ts";
import { type AzureSite, inSite, tags } from "./site.ts";
import { type SubnetName, subnetRanges } from "./subnets.ts";

/** A virtual network with a subnet and a firewall for each role, and one way out, for machines that are being set up. */
export class AzureNetwork extends Network {
  readonly networkId: pulumi.Output<string>;
  readonly bastionAddress: string;
  readonly controlAddress: string;
  /** Where the bastion's visitors come from, as it sees them. */
  readonly operatorRanges: readonly string[];
  readonly group: ResourceGroup;
  readonly subnets: Readonly<Record<SubnetName, Subnet>>;
  readonly #site: AzureSite;
  readonly #endpoints: string;
  readonly #network: VirtualNetwork;
  readonly #name: string;
  #services: AzureServices | undefined;

  constructor(name: string, args: NetworkArgs, site: AzureSite, opts: pulumi.ComponentResourceOptions) {
    super(name, args, opts);
    const { names, settings } = site;
    const child = inSite(site, this);
    const plan = planAddresses(args.cidr);
    const firewall: FirewallInput = {
      flows: args.rules,
      ranges: subnetRanges(plan),
      access: args.access,
      packageRanges: args.packageRanges,
      addresses: { bastion: plan.bastion, control: plan.control },
    };
    this.#site = site;
    this.#name = name;
    this.#endpoints = firewall.ranges.endpoints;
    this.bastionAddress = plan.bastion;
    this.controlAddress = plan.control;
    this.operatorRanges = args.access.by === "address" ? args.access.ranges : [firewall.ranges.tunnel];

    this.group = new ResourceGroup(
      `${name}-group`,
      { resourceGroupName: names.group, location: settings.region, tags: tags() },
      child,
    );
    const shared = { resourceGroupName: this.group.name, location: settings.region, tags: tags() };
    const network = new VirtualNetwork(
      name,
      { ...shared, virtualNetworkName: names.network, addressSpace: { addressPrefixes: [plan.whole] } },
      child,
    );
    const exit = natGateway(name, this, site, shared);

    const subnets = new SubnetMaker(name, this, site, network, shared, firewall.ranges);
    const ofRole = (role: (typeof roles)[number]) =>
      subnets.make(role, roleRules(role, firewall), setUpRoles.includes(role) ? exit : undefined);
    this.subnets = {
      bastion: ofRole("bastion"),
      control: ofRole("control"),
      builder: ofRole("builder"),
      node: ofRole("node"),
      endpoints: subnets.make("endpoints", endpointRules(firewall), undefined),
      tunnel: subnets.make("tunnel", tunnelRules(firewall), undefined),
    };
    this.#network = network;

    this.networkId = network.id;
    this.registerOutputs({
      networkId: this.networkId,
      bastionAddress: this.bastionAddress,
      controlAddress: this.controlAddress,
    });
  }

  /**
   * The services that machines use, with their private ends, and the record of every flow, whose account has the data's key.
   * They go with the network, while the data may stay.
   */
  servicesWith(data: AzureData): AzureServices {
    this.#services ??= new AzureServices(
      `${this.#name}-services`,
      {
        group: this.group,
        subnet: this.subnets.endpoints,
        range: this.#endpoints,
        data,
        flows: flowLog(`${this.#name}-flows`, { group: this.group, network: this.#network, data }, this.#site, this),
      },
      this.#site,
      { parent: this },
    );
    return this.#services;
  }
}

interface Shared {
  readonly resourceGroupName: pulumi.Output<string>;
  readonly location: string;
  readonly tags: Record<string, string>;
}

/** The way out, with an address that others can know. Where it leads is the firewall's matter. */
function natGateway(name: string, parent: pulumi.Resource, site: AzureSite, shared: Shared): NatGateway {
  const address = new PublicIPAddress(
    `${name}-exit`,
    {
      ...shared,
      publicIpAddressName: site.names.of("exit"),
      sku: { name: "Standard" },
      publicIPAllocationMethod: "Static",
      zones: [...site.settings.zones],
    },
    inSite(site, parent),
  );
  return new NatGateway(
    `${name}-exit`,
    {
      ...shared,
      natGatewayName: site.names.of("exit"),
      sku: { name: "Standard" },
      publicIpAddresses: [{ id: address.id }],
      zones: site.settings.zones.slice(0, 1),
    },
    inSite(site, parent),
  );
}

/** Makes subnets one after the other: Azure refuses to change a network twice at once. */
class SubnetMaker {
  readonly #name: string;
  readonly #parent: pulumi.Resource;
  readonly #site: AzureSite;
  readonly #network: VirtualNetwork;
  readonly #shared: Shared;
  readonly #ranges: Readonly<Record<SubnetName, string>>;
  #last: Subnet | undefined;

  constructor(
    name: string,
    parent: pulumi.Resource,
    site: AzureSite,
    network: VirtualNetwork,
    shared: Shared,
    ranges: Readonly<Record<SubnetName, string>>,
  ) {
    this.#name = name;
    this.#parent = parent;
    this.#site = site;
    this.#network = network;
    this.#shared = shared;
    this.#ranges = ranges;
  }

  make(which: SubnetName, rules: readonly SecurityRule[], exit: NatGateway | undefined): Subnet {
    const child = inSite(this.#site, this.#parent);
    const firewall = new NetworkSecurityGroup(
      `${this.#name}-${which}`,
      {
        ...this.#shared,
        networkSecurityGroupName: this.#site.names.of(which),
        securityRules: rules.map((rule) => ({ ...rule })),
      },
      child,
    );
    const subnet = new Subnet(
      `${this.#name}-${which}`,
      {
        resourceGroupName: this.#shared.resourceGroupName,
        virtualNetworkName: this.#network.name,
        // Azure Bastion looks for its subnet by this name.
        subnetName: which === "tunnel" ? "AzureBastionSubnet" : which,
        addressPrefix: this.#ranges[which],
        networkSecurityGroup: { id: firewall.id },
        // Without this, each machine gets a public address for going out that nobody sees.
        defaultOutboundAccess: false,
        // Firewall rules then hold for private endpoints too.
        privateEndpointNetworkPolicies: "NetworkSecurityGroupEnabled",
        ...(exit === undefined ? {} : { natGateway: { id: exit.id } }),
      },
      { ...child, dependsOn: this.#last === undefined ? [] : [this.#last] },
    );
    this.#last = subnet;
    return subnet;
  }
}
