import { Provider } from "@pulumi/aws/provider.js";
import * as pulumi from "@pulumi/pulumi";
import type { AwsSettings } from "../../core/config/aws.ts";
import { defineTarget, type Target } from "../target.ts";
import { Account } from "./account.ts";
import { AwsBaseImage } from "./base-image.ts";
import { AwsBastion } from "./bastion.ts";
import { AwsChannels } from "./channels.ts";
import { AwsControlPlane } from "./control-plane.ts";
import { AwsCredentials } from "./credentials.ts";
import { AwsData } from "./data.ts";
import { AwsImage } from "./image.ts";
import { AwsNetwork } from "./network.ts";
import { AwsNodePool } from "./node-pool.ts";
import type { AwsParts } from "./parts.ts";

/** Amazon Web Services: one region of one account, in three zones. */
export function awsTarget(settings: AwsSettings): Target {
  const account = new Account(settings, pulumi.getStack());
  const provider = new Provider("aws", {
    region: settings.region,
    // Another account, because of a profile that happens to be set, is refused before anything is made.
    allowedAccountIds: [settings.account],
  });
  const here = (opts: pulumi.ComponentResourceOptions) => ({ ...opts, providers: [provider] });
  return defineTarget<AwsParts>({
    machines: "stock",
    trees: ["cloud", "aws"],
    differences: [
      {
        part: "image",
        reason:
          "an image is known by the stack's state alone: after a destroy the same recipe is baked again; what was captured stays until it is pruned",
      },
      {
        part: "image",
        reason:
          "no secure boot: an AMI captured from an instance takes over its vendor's boot mode, and none of Ubuntu's enrols keys",
      },
      {
        part: "pool",
        reason:
          "a standby node has passed its gate, then sleeps (warm pool, stopped); it passes the gate again when it is woken",
      },
      {
        part: "pool",
        reason:
          "a node that is to go drains itself, two hours at most (lifecycle hook); which one goes the group decides, not the scheduler",
      },
      {
        part: "network",
        reason:
          "control plane, builder and the private ends of AWS's services stand in the first zone; nodes in all three",
      },
      {
        part: "channels",
        reason: "the budget counts what carries our tag once an administrator makes it a cost allocation tag",
      },
    ],
    vendorImage: settings.baseImage,
    network: (name, args, opts) => new AwsNetwork(name, args, account, here(opts)),
    data: (name, args, opts) => new AwsData(name, args, account, here(opts)),
    channels: (name, args, opts) => new AwsChannels(name, args, account, here(opts)),
    credentials: (name, args, opts) => new AwsCredentials(name, args, account, here(opts)),
    base: (name, _args, opts) => new AwsBaseImage(name, settings.baseImage, here(opts)),
    bastion: (name, args, opts) => new AwsBastion(name, args, account, here(opts)),
    control: (name, args, opts) => new AwsControlPlane(name, args, account, here(opts)),
    image: (name, args, opts) => new AwsImage(name, args, account, here(opts)),
    pool: (name, args, opts) => new AwsNodePool(name, args, account, here(opts)),
    // Builder and image are declared in every run: what of them stands, the stack's state knows.
    findImage: () => Promise.resolve({ exists: false, hasBuilder: true }),
  });
}
