import { Secret } from "@pulumi/azure-native/keyvault/secret.js";
import { UserAssignedIdentity } from "@pulumi/azure-native/managedidentity/userAssignedIdentity.js";
import * as pulumi from "@pulumi/pulumi";
import { Credentials, type CredentialsArgs } from "../contract.ts";
import type { AzureParts } from "./parts.ts";
import { grant } from "./rights.ts";
import type { AzureServices } from "./services.ts";
import { type AzureSite, inSite, tags } from "./site.ts";

/** Secrets of one role in the vault, and the identity that may read these and no others. */
export class AzureCredentials extends Credentials {
  readonly identity: UserAssignedIdentity;
  /** What a machine is told so that it finds them: nothing secret. */
  readonly settings: Readonly<Record<string, pulumi.Input<string>>>;
  /** What must stand before a machine can fetch them. */
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: CredentialsArgs<AzureParts>, site: AzureSite, opts: pulumi.ComponentResourceOptions) {
    super(name, args, opts);
    const child = inSite(site, this);
    const { role, network, data } = args;
    const services = network.servicesWith(data);
    this.identity = new UserAssignedIdentity(
      name,
      {
        resourceGroupName: network.group.name,
        location: site.settings.region,
        tags: tags(),
        resourceName: site.names.of(role),
      },
      child,
    );
    const names = Object.keys(args.values).toSorted();
    const secrets = Object.entries(args.values).map(([credential, value]) =>
      this.#secret(name, site, services, network.group.name, { role, credential, value }),
    );
    this.settings = {
      ...services.settings,
      LOGOS_CLIENT_ID: this.identity.clientId,
      LOGOS_CREDENTIALS: names.map((credential) => `${credential}=${secretName(role, credential)}`).join(","),
    };
    this.ready = [...services.ready, ...secrets, ...this.#rightsOn(name, site, args)];
    this.registerOutputs({});
  }

  #secret(
    name: string,
    site: AzureSite,
    services: AzureServices,
    resourceGroupName: pulumi.Input<string>,
    { role, credential, value }: { role: string; credential: string; value: pulumi.Input<string> },
  ): pulumi.Resource {
    const child = inSite(site, this);
    const secret = new Secret(
      `${name}-${plain(credential)}`,
      {
        resourceGroupName,
        vaultName: services.secrets.name,
        secretName: secretName(role, credential),
        tags: tags(),
        properties: { value: pulumi.secret(value), contentType: "text/plain" },
      },
      // To delete one by itself takes a way into the vault, which only machines have: it goes with the vault.
      { ...child, deletedWith: services.secrets, additionalSecretOutputs: ["properties"] },
    );
    return grant(
      `${name}-${plain(credential)}`,
      site,
      {
        scope: pulumi.interpolate`${services.secrets.id}/secrets/${secretName(role, credential)}`,
        role: "Key Vault Secrets User",
        to: { identity: this.identity.principalId },
      },
      { ...child, dependsOn: [secret] },
    );
  }

  /** Rights on the stores: a node reads the cache and adds to the audit log. No other role touches them. */
  #rightsOn(name: string, site: AzureSite, { role, data }: CredentialsArgs<AzureParts>): readonly pulumi.Resource[] {
    if (role !== "node") return [];
    const to = { identity: this.identity.principalId };
    const { containers, appendOnly } = data.stores;
    const child = inSite(site, this);
    return [
      grant(`${name}-cache`, site, { scope: containers.cache.id, role: "Storage Blob Data Reader", to }, child),
      grant(`${name}-audit`, site, { scope: containers.audit.id, role: { id: appendOnly.id }, to }, child),
    ];
  }
}

/** Vaults take letters, digits and hyphens alone. */
function secretName(role: string, credential: string): string {
  return `${role}-${plain(credential)}`;
}

function plain(credential: string): string {
  return credential.replaceAll(".", "-");
}
