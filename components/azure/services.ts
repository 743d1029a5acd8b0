import type { Vault } from "@pulumi/azure-native/keyvault/vault.js";
import { PrivateDnsZoneGroup } from "@pulumi/azure-native/network/privateDnsZoneGroup.js";
import { PrivateEndpoint } from "@pulumi/azure-native/network/privateEndpoint.js";
import type { Subnet } from "@pulumi/azure-native/network/subnet.js";
import type { VirtualNetwork } from "@pulumi/azure-native/network/virtualNetwork.js";
import { PrivateZone } from "@pulumi/azure-native/privatedns/privateZone.js";
import { VirtualNetworkLink } from "@pulumi/azure-native/privatedns/virtualNetworkLink.js";
import type { ResourceGroup } from "@pulumi/azure-native/resources/resourceGroup.js";
import * as pulumi from "@pulumi/pulumi";
import type { AzureData } from "./data.ts";
import { grant } from "./rights.ts";
import { type AzureSite, inSite, tags } from "./site.ts";
import { vault } from "./vault.ts";

export interface AzureServicesArgs {
  readonly group: ResourceGroup;
  readonly network: VirtualNetwork;
  readonly subnet: Subnet;
  readonly data: AzureData;
}

/**
 * What machines use of Azure, with a private end in their own network: the vault of their secrets, and the stores. Neither
 * has a public end, so that nobody on the way, and no other account of the same service, can be reached instead.
 */
export class AzureServices extends pulumi.ComponentResource {
  /** Secrets of machines. It goes with them, while the keys' vault may stay. */
  readonly secrets: Vault;
  /** Where the secrets are asked for. */
  readonly secretsUri: pulumi.Output<string>;
  /** What a machine must wait for before it can fetch anything. */
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: AzureServicesArgs, site: AzureSite, opts: pulumi.ComponentResourceOptions) {
    super("logos:azure:Services", name, {}, opts);
    const child = inSite(site, this);
    const shared = { resourceGroupName: args.group.name, location: site.settings.region, tags: tags() };
    this.secrets = vault(`${name}-secrets`, { ...shared, tenantId: site.settings.tenant }, child);
    this.secretsUri = this.secrets.properties.vaultUri;
    grant(
      `${name}-operators`,
      site,
      { scope: this.secrets.id, role: "Key Vault Administrator", to: { group: site.settings.operators } },
      child,
    );

    const zone = (what: string, privateZoneName: string) => {
      const made = new PrivateZone(
        `${name}-${what}`,
        { resourceGroupName: args.group.name, location: "global", tags: tags(), privateZoneName },
        child,
      );
      const link = new VirtualNetworkLink(
        `${name}-${what}`,
        {
          resourceGroupName: args.group.name,
          location: "global",
          tags: tags(),
          privateZoneName: made.name,
          virtualNetworkLinkName: site.names.network,
          registrationEnabled: false,
          virtualNetwork: { id: args.network.id },
        },
        child,
      );
      return { zone: made, link };
    };
    const vaults = zone("vaults", "privatelink.vaultcore.azure.net");
    const blobs = zone("blobs", "privatelink.blob.core.windows.net");
    const end = (what: string, of: pulumi.Output<string>, groupId: "vault" | "blob") => {
      const endpoint = new PrivateEndpoint(
        `${name}-${what}`,
        {
          ...shared,
          privateEndpointName: site.names.of(what),
          subnet: { id: args.subnet.id },
          privateLinkServiceConnections: [{ name: what, privateLinkServiceId: of, groupIds: [groupId] }],
        },
        child,
      );
      return new PrivateDnsZoneGroup(
        `${name}-${what}`,
        {
          resourceGroupName: args.group.name,
          privateEndpointName: endpoint.name,
          privateDnsZoneGroupName: "default",
          privateDnsZoneConfigs: [
            { name: what, privateDnsZoneId: (groupId === "vault" ? vaults : blobs).zone.id },
          ],
        },
        child,
      );
    };
    const { accounts } = args.data.stores;
    this.ready = [
      end("secrets", this.secrets.id, "vault"),
      end("stores", accounts.stores.id, "blob"),
      end("audit", accounts.audit.id, "blob"),
      vaults.link,
      blobs.link,
    ];
    this.registerOutputs({});
  }
}
