import { defineTarget, type Target } from "../target.ts";
import { LabBaseImage } from "./base-image.ts";
import { LabBastion } from "./bastion.ts";
import { LabControlPlane } from "./control-plane.ts";
import { LabCredentials } from "./credentials.ts";
import { findLabImage, LabImage } from "./image.ts";
import { LabNetwork } from "./network.ts";
import { LabNodePool } from "./node-pool.ts";
import type { LabParts } from "./parts.ts";

/** This host as a small cloud: machines by systemd-nspawn, made by `providers/lab`. */
export function labTarget(): Target {
  return defineTarget<LabParts>({
    machines: "prebuilt",
    trees: [],
    differences: [
      { part: "data", reason: "the lab has no object store yet; its disks are encrypted by each machine itself" },
      { part: "channels", reason: "the lab tells nobody: there is no mail, topic or budget on one host" },
      { part: "network", reason: "no route leads out of the lab: everything that its machines need is copied in" },
    ],
    network: (name, args, opts) => new LabNetwork(name, args, opts),
    data: () => undefined,
    channels: () => undefined,
    credentials: (name, args, opts) => new LabCredentials(name, args, opts),
    base: (name, args, opts) => new LabBaseImage(name, args, opts),
    bastion: (name, args, opts) => new LabBastion(name, args, opts),
    control: (name, args, opts) => new LabControlPlane(name, args, opts),
    image: (name, args, opts) => new LabImage(name, args, opts),
    pool: (name, args, opts) => new LabNodePool(name, args, opts),
    findImage: findLabImage,
  });
}
