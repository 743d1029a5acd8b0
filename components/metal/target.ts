import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { type MetalSettings, publicHalf } from "../../core/config/metal.ts";
import type { Profile } from "../../core/config/schema.ts";
import { defineTarget, type Target } from "../target.ts";
import { MetalBastion } from "./bastion.ts";
import { MetalControlPlane } from "./control-plane.ts";
import { MetalCredentials } from "./credentials.ts";
import { MetalImage } from "./image.ts";
import { MetalNetwork } from "./network.ts";
import { MetalNodePool } from "./node-pool.ts";
import { OperatorNodes, operatorDifferences } from "./operator.ts";
import type { MetalParts } from "./parts.ts";
import { MetalSystem } from "./system.ts";

const root = resolve(import.meta.dirname, "../..");

/** Machines that people own and that are there before the stack is: set up, and left again, in place. */
export function metalTarget(settings: MetalSettings, profile: Profile): Target {
  const signers = readFileSync(resolve(root, settings.signers), "utf8");
  return defineTarget<MetalParts>({
    machines: "stock",
    trees: ["metal"],
    differences: [
      ...(profile === "operator" ? operatorDifferences : []),
      {
        part: "base",
        reason: "people install the system; a new one is a new host key in metal.hosts, and all is done again on it",
      },
      {
        part: "image",
        reason: "nothing is captured: each host is brought to the recipe in place, one after the other, and proves it",
      },
      {
        part: "pool",
        reason:
          "nobody can buy a server by a call: pool.min and pool.max bound the number of hosts, and there is no standby",
      },
      {
        part: "network",
        reason:
          "the switch is not ours: each machine's own firewall holds the rules, and who owns the network can bypass it",
      },
      {
        part: "credentials",
        reason:
          "there is no secret store: secrets are handed over SSH and live in memory; after a reboot a host waits for the next hand-out",
      },
      {
        part: "bastion",
        reason: "machines keep the host keys and authorized keys they were installed with, on their disks",
      },
      {
        part: "data",
        reason:
          "there is no object store among the machines: cache and audit log are on the hosts' encrypted disks, and go when a host leaves",
      },
      { part: "channels", reason: "there is no mail, topic or budget of ours on machines that people own" },
    ],
    operatorKey: {
      publicKey: pulumi.output(publicHalf(settings.operatorKey) ?? ""),
      privateKey: pulumi.secret(settings.operatorKey),
    },
    network: (name, args, opts) => new MetalNetwork(name, settings, args, opts),
    data: () => undefined,
    channels: () => undefined,
    credentials: (name, args, opts) => new MetalCredentials(name, args, opts),
    base: (name, args, opts) => new MetalSystem(name, args, opts),
    bastion: (name, args, opts) => new MetalBastion(name, settings, profile, args, opts),
    control: (name, args, opts) => new MetalControlPlane(name, settings, profile, args, opts),
    image: (name, args, opts) => new MetalImage(name, args, opts),
    pool: (name, args, opts) =>
      profile === "operator"
        ? new OperatorNodes(name, settings, args, opts)
        : new MetalNodePool(name, settings, signers, args, opts),
    // There is never a builder, and what a host holds is asked of the host.
    findImage: async () => ({ exists: true, hasBuilder: false }),
  });
}
