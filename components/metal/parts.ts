import type { Parts } from "../contract.ts";
import type { MetalBastion } from "./bastion.ts";
import type { MetalControlPlane } from "./control-plane.ts";
import type { MetalCredentials } from "./credentials.ts";
import type { MetalImage } from "./image.ts";
import type { MetalNetwork } from "./network.ts";
import type { MetalSystem } from "./system.ts";

/** Classes of machines that people own. */
export interface MetalParts extends Parts {
  readonly network: MetalNetwork;
  readonly data: undefined;
  readonly channels: undefined;
  readonly credentials: MetalCredentials;
  readonly base: MetalSystem;
  readonly bastion: MetalBastion;
  readonly control: MetalControlPlane;
  readonly image: MetalImage;
}
