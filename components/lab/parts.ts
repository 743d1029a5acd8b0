import type { Parts } from "../contract.ts";
import type { LabBaseImage } from "./base-image.ts";
import type { LabBastion } from "./bastion.ts";
import type { LabControlPlane } from "./control-plane.ts";
import type { LabCredentials } from "./credentials.ts";
import type { LabImage } from "./image.ts";
import type { LabNetwork } from "./network.ts";

/** The lab's classes. */
export interface LabParts extends Parts {
  readonly network: LabNetwork;
  readonly data: undefined;
  readonly channels: undefined;
  readonly credentials: LabCredentials;
  readonly base: LabBaseImage;
  readonly bastion: LabBastion;
  readonly control: LabControlPlane;
  readonly image: LabImage;
}
