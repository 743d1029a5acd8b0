import type { Vault } from "@pulumi/azure-native/keyvault/vault.js";
import { PrivateEndpoint } from "@pulumi/azure-native/network/privateEndpoint.js";
import type { Subnet } from "@pulumi/azure-native/network/subnet.js";
import type { ResourceGroup } from "@pulumi/azure-native/resources/resourceGroup.js";
import type { StorageAccount } from "@pulumi/azure-native/storage/storageAccount.js";
import * as pulumi from "@pulumi/pulumi";
import { formatAddress, nth, parseCidr } from "../../core/net.ts";
import type { AzureData } from "./data.ts";
import { grant } from "./rights.ts";
import { type AzureSite, inSite, tags } from "./site.ts";
import { vault } from "./vault.ts";

export interface AzureServicesArgs {
  readonly group: ResourceGroup;
  readonly subnet: Subnet;
  /** Range of that subnet. */
  readonly range: string;
  readonly data: AzureData;
  /** Account of the flow log: people read it from here, machines have nothing to do with it. */
  readonly flows: StorageAccount;
}

/**
 * What machines use of Azure, each at a private end with a fixed address in their own network: the vault of their secrets,
 * and the stores. These have no public end, so that nobody on the way, and no other account of the same service, can be
 * reached instead; and machines are told the addresses, since they ask no name server.
 */
export class AzureServices extends pulumi.ComponentResource {
  /** Secrets of machines. It goes with them, while the keys' vault may stay. */
  readonly secrets: Vault;
  /** Where each service is for the machines. None of it is secret. */
  readonly settings: Readonly<Record<string, pulumi.Input<string>>>;
  /** What a machine must wait for before it can fetch anything. */
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: AzureServicesArgs, site: AzureSite, opts: pulumi.ComponentResourceOptions) {
    super("logos:azure:Services", name, {}, opts);
    const child = inSite(site, this);
    const { data } = args;
    const shared = { resourceGroupName: args.group.name, location: site.settings.region, tags: tags() };
    // Short: with the provider's letters behind it, a vault's name has 24 characters at most.
    this.secrets = vault("secrets", { ...shared, tenantId: site.settings.tenant, tier: "standard" }, child);
    grant(
      `${name}-operators`,
      site,
      { scope: this.secrets.id, role: "Key Vault Administrator", to: { group: site.settings.operators } },
      child,
    );

    const addresses = addressesIn(args.range);
    const end = (
      what: keyof typeof addresses,
      of: pulumi.Output<string>,
      { groupId, memberName }: { readonly groupId: string; readonly memberName: string },
    ) =>
      new PrivateEndpoint(
        `${name}-${what}`,
        {
          ...shared,
          privateEndpointName: site.names.of(what),
          customNetworkInterfaceName: site.names.of(what, "end"),
          subnet: { id: args.subnet.id },
          ipConfigurations: [{ name: "fixed", groupId, memberName, privateIPAddress: addresses[what] }],
          privateLinkServiceConnections: [{ name: what, privateLinkServiceId: of, groupIds: [groupId] }],
        },
        // Its address exists once on the network.
        { ...child, deleteBeforeReplace: true },
      );
    const blob = { groupId: "blob", memberName: "blob" };
    const { accounts } = data.stores;
    this.ready = [
      end("secrets", this.secrets.id, { groupId: "vault", memberName: "default" }),
      end("stores", accounts.stores.id, blob),
      end("audit", accounts.audit.id, blob),
    ];
    end("flows", args.flows.id, blob);
    this.settings = {
      LOGOS_VAULT: this.secrets.properties.vaultUri,
      LOGOS_VAULT_ADDRESS: addresses.secrets,
      LOGOS_CACHE: data.cacheUrl,
      LOGOS_ARCHIVE: data.archiveUrl,
      LOGOS_STORES_ADDRESS: addresses.stores,
      LOGOS_AUDIT: data.auditUrl,
      LOGOS_AUDIT_ADDRESS: addresses.audit,
    };
    this.registerOutputs({});
  }
}

/** The first addresses of the subnet that Azure leaves free. */
function addressesIn(range: string) {
  const whole = parseCidr(range);
  if (whole === undefined) throw new TypeError(`"${range}" is not an IPv4 range`);
  const address = (index: number) => formatAddress(nth(whole, index));
  return { secrets: address(4), stores: address(5), audit: address(6), flows: address(7) } as const;
}
