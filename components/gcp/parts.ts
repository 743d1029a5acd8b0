import type { Parts } from "../contract.ts";
import type { GcpBaseImage } from "./base-image.ts";
import type { GcpBastion } from "./bastion.ts";
import type { GcpChannels } from "./channels.ts";
import type { GcpControlPlane } from "./control-plane.ts";
import type { GcpCredentials } from "./credentials.ts";
import type { GcpData } from "./data.ts";
import type { GcpImage } from "./image.ts";
import type { GcpNetwork } from "./network.ts";

/** The classes of Google Cloud. */
export interface GcpParts extends Parts {
  readonly network: GcpNetwork;
  readonly data: GcpData;
  readonly channels: GcpChannels;
  readonly credentials: GcpCredentials;
  readonly base: GcpBaseImage;
  readonly bastion: GcpBastion;
  readonly control: GcpControlPlane;
  readonly image: GcpImage;
}
