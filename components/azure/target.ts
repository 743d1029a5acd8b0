import type { AzureSettings } from "../../core/config/azure.ts";
import { defineTarget, type Target } from "../target.ts";
import { withoutAliases } from "./aliases.ts";
import { AzureBaseImage } from "./base-image.ts";
import { AzureBastion } from "./bastion.ts";
import { AzureChannels } from "./channels.ts";
import { AzureControlPlane } from "./control-plane.ts";
import { AzureCredentials } from "./credentials.ts";
import { AzureData } from "./data.ts";
import { AzureImage } from "./image.ts";
import { findAzureImage } from "./image-names.ts";
import { AzureNetwork } from "./network.ts";
import { AzureNodePool } from "./node-pool.ts";
import type { AzureParts } from "./parts.ts";
import { azureSite } from "./site.ts";

/** Azure, by its own provider. */
export function azureTarget(settings: AzureSettings): Target {
  const site = azureSite(settings);
  return defineTarget<AzureParts>({
    machines: "stock",
    trees: ["cloud", "azure"],
    differences: [
      {
        part: "data",
        reason:
          "Azure makes the audit log's policy unlocked; locking it is a step of its own, by a person, and cannot be undone. " +
          "With data.lock compliance the outputs of the data name the command",
      },
      {
        part: "data",
        reason: "the stores have no public end: people read them from inside the network, through the bastion",
      },
      {
        part: "channels",
        reason: "nodes have no way to Azure Monitor: what they measure is collected by the control plane",
      },
      {
        part: "pool",
        reason:
          "a standby node is deallocated, and Azure keeps no capacity for it; it passes its gate when it is started. Azure " +
          "counts running nodes too: with more than min of them, the standby falls to pool.standby and never below it",
      },
      {
        part: "pool",
        reason: "the autoscaler knows no target, only steps: it adds or takes one node at a time",
      },
      {
        part: "pool",
        reason: "health decides upgrades and repairs; what keeps an unproven node from work is its own gate",
      },
      {
        part: "bastion",
        reason: "with access.by tunnel the public end is Azure Bastion's, and Entra decides who may use it",
      },
    ],
    vendorImage: settings.image,
    transformations: [withoutAliases],
    network: (name, args, opts) => new AzureNetwork(name, args, site, opts),
    data: (name, args, opts) => new AzureData(name, args, site, opts),
    channels: (name, args, opts) => new AzureChannels(name, args, site, opts),
    credentials: (name, args, opts) => new AzureCredentials(name, args, site, opts),
    base: (name, _args, opts) => new AzureBaseImage(name, site, opts),
    bastion: (name, args, opts) => new AzureBastion(name, args, site, opts),
    control: (name, args, opts) => new AzureControlPlane(name, args, site, opts),
    image: (name, args, opts) => new AzureImage(name, args, site, opts),
    pool: (name, args, opts) => new AzureNodePool(name, args, site, opts),
    findImage: (digest) => findAzureImage(site, digest),
  });
}
