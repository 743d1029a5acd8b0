import { Provider } from "@pulumi/gcp/provider.js";
import * as pulumi from "@pulumi/pulumi";
import type { GcpSettings } from "../../core/config/gcp.ts";
import type { Difference } from "../contract.ts";
import { defineTarget, type Target } from "../target.ts";
import { GcpBaseImage } from "./base-image.ts";
import { GcpBastion } from "./bastion.ts";
import { GcpChannels } from "./channels.ts";
import { GcpContext } from "./context.ts";
import { GcpControlPlane } from "./control-plane.ts";
import { GcpCredentials } from "./credentials.ts";
import { GcpData } from "./data.ts";
import { GcpImage } from "./image.ts";
import { GcpNetwork } from "./network.ts";
import { GcpNodePool } from "./node-pool.ts";
import type { GcpParts } from "./parts.ts";

const differences: readonly Difference[] = [
  {
    part: "pool",
    reason:
      "a managed instance group has no launch hook: a node that fails its gate is never healthy, so that it takes no work, a rollout stops at it, and the group replaces it",
  },
  {
    part: "pool",
    reason:
      "the first `up` does not wait for the nodes: the autoscaler asks for them when the group stands; a change of the image is waited for",
  },
  {
    part: "pool",
    reason:
      "a group that is scaled cannot keep disks: a node's cache disk goes with it, and the object store is the truth",
  },
  {
    part: "pool",
    reason:
      "a standby node has had the time to pass its gate, then is stopped; it passes the gate again when it is started",
  },
  {
    part: "pool",
    reason:
      "a node that is to go drains itself, an hour at most (graceful shutdown); which one goes the group decides, not the scheduler",
  },
  {
    part: "data",
    reason:
      "a locked retention can never be unlocked, so the audit log's is locked only where logos:data.lock is compliance; with governance whoever may change the bucket may lift it",
  },
  {
    part: "data",
    reason:
      "key rings and keys can never be deleted, and images that are kept are encrypted with them: a destroy leaves the keys, whose versions a person destroys",
  },
  {
    part: "image",
    reason:
      "an image is known by the stack's state alone: after a destroy the same recipe is baked again; what was captured stays until it is pruned",
  },
];

/** Google Cloud: one region of one project. */
export function gcpTarget(settings: GcpSettings): Target {
  const context = new GcpContext(settings, pulumi.getStack());
  const provider = new Provider("gcp", {
    project: settings.project,
    region: context.region,
    zone: context.zone,
    // What may be charged, and to which project its use counts, is the stack's own.
    userProjectOverride: true,
    billingProject: settings.project,
  });
  const here = (opts: pulumi.ComponentResourceOptions) => ({ ...opts, providers: [provider] });
  return defineTarget<GcpParts>({
    machines: "stock",
    trees: ["cloud", "gcp"],
    vendorImage: settings.baseImage,
    differences,
    network: (name, args, opts) => new GcpNetwork(name, args, here(opts), context),
    data: (name, args, opts) => new GcpData(name, args, here(opts), context),
    channels: (name, args, opts) => new GcpChannels(name, args, here(opts), context),
    credentials: (name, args, opts) => new GcpCredentials(name, args, here(opts), context),
    base: (name, _args, opts) => new GcpBaseImage(name, here(opts), context),
    bastion: (name, args, opts) => new GcpBastion(name, args, here(opts), context),
    control: (name, args, opts) => new GcpControlPlane(name, args, here(opts), context),
    image: (name, args, opts) => new GcpImage(name, args, here(opts), context),
    pool: (name, args, opts) => new GcpNodePool(name, args, here(opts), context),
    findImage: () => Promise.resolve({ exists: false, hasBuilder: true }),
  });
}
