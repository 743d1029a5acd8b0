import { Provider } from "@pulumi/azure-native/provider.js";
import * as pulumi from "@pulumi/pulumi";
import type { AzureSettings } from "../../core/config/azure.ts";
import { cloudName, nameRules } from "../../core/names.ts";

/** Where a stack stands on Azure: its settings, the provider that is bound to that subscription, and its names. */
export interface AzureSite {
  readonly settings: AzureSettings;
  readonly provider: Provider;
  readonly names: AzureNames;
  /** Sizes of the machines that carry no proofs, and of the one that bakes. */
  readonly sizes: { readonly bastion: string; readonly control: string; readonly builder: string };
}

export function azureSite(settings: AzureSettings): AzureSite {
  const { subscription, tenant, region, nodeType } = settings;
  return {
    settings,
    // Bound to one subscription: what the shell happens to be logged in to does not decide where a stack goes.
    provider: new Provider("azure", { subscriptionId: subscription, tenantId: tenant, location: region }),
    names: azureNames(pulumi.getProject(), pulumi.getStack(), subscription),
    // A builder bakes on what nodes run on.
    sizes: { bastion: "Standard_D2ls_v5", control: "Standard_D2ls_v5", builder: nodeType },
  };
}

/** Names that follow from project, stack and subscription alone, so that they are known before anything stands. */
export interface AzureNames {
  /** Everything that goes with the machines. */
  readonly group: string;
  /** What outlives them: keys and stores. */
  readonly dataGroup: string;
  /** Captured images, old ones too. */
  readonly imageGroup: string;
  readonly network: string;
  readonly gallery: string;
  readonly pool: string;
  readonly standbyPool: string;
  /** Storage accounts: names that are shared with the whole world. */
  readonly storesAccount: string;
  readonly auditAccount: string;
  readonly flowLogAccount: string;
  /** A resource of the machines' group. */
  of(...what: readonly string[]): string;
}

export function azureNames(project: string, stack: string, subscription: string): AzureNames {
  const of = (...what: readonly string[]) => cloudName(nameRules.azureResource, [project, stack, ...what]);
  const account = (what: string) => cloudName(nameRules.azureStorageAccount, [project, stack, what], subscription);
  return {
    group: of("machines"),
    dataGroup: of("data"),
    imageGroup: of("images"),
    network: of("network"),
    gallery: cloudName(nameRules.azureGallery, [project, stack]),
    pool: of("pool"),
    standbyPool: cloudName(nameRules.azureStandbyPool, [project, stack, "standby"]),
    storesAccount: account("stores"),
    auditAccount: account("audit"),
    flowLogAccount: account("flows"),
    of,
  };
}

/** Tags of everything that takes tags. */
export function tags(): Record<string, string> {
  return { "logos-proof-gated": "true", "logos-stack": pulumi.getStack() };
}

/** Parent and provider of every resource here. */
export function inSite(site: AzureSite, parent: pulumi.Resource): { parent: pulumi.Resource; provider: Provider } {
  return { parent, provider: site.provider };
}

/** Id of a resource whose name is known: the same text that Azure answers with, known before it stands. */
export function resourceId(site: AzureSite, group: string, type: string, ...names: readonly string[]): string {
  const [namespace, ...kinds] = type.split("/");
  const path = kinds.map((kind, index) => `${kind}/${names[index]}`).join("/");
  return `/subscriptions/${site.settings.subscription}/resourceGroups/${group}/providers/${namespace}/${path}`;
}

/** The subscription as a scope. */
export function subscriptionScope(site: AzureSite): string {
  return `/subscriptions/${site.settings.subscription}`;
}
