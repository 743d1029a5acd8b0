import type { Parts } from "../contract.ts";
import type { AzureBaseImage } from "./base-image.ts";
import type { AzureBastion } from "./bastion.ts";
import type { AzureChannels } from "./channels.ts";
import type { AzureControlPlane } from "./control-plane.ts";
import type { AzureCredentials } from "./credentials.ts";
import type { AzureData } from "./data.ts";
import type { AzureImage } from "./image.ts";
import type { AzureNetwork } from "./network.ts";

/** Azure's classes. */
export interface AzureParts extends Parts {
  readonly network: AzureNetwork;
  readonly data: AzureData;
  readonly channels: AzureChannels;
  readonly credentials: AzureCredentials;
  readonly base: AzureBaseImage;
  readonly bastion: AzureBastion;
  readonly control: AzureControlPlane;
  readonly image: AzureImage;
}
