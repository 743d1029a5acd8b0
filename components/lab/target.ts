import type { Target } from "../contract.ts";
import { LabBaseImage } from "./base-image.ts";
import { LabBastion } from "./bastion.ts";
import { LabControlPlane } from "./control-plane.ts";
import { findLabImage, LabImage } from "./image.ts";
import { LabKeys } from "./keys.ts";
import { LabNetwork } from "./network.ts";
import { LabNodePool } from "./node-pool.ts";

/** This host as a small cloud: machines by systemd-nspawn, made by `providers/lab`. */
export const lab: Target = {
  Network: LabNetwork,
  Keys: LabKeys,
  BaseImage: LabBaseImage,
  Bastion: LabBastion,
  ControlPlane: LabControlPlane,
  Image: LabImage,
  NodePool: LabNodePool,
  findImage: findLabImage,
};
