import type { Parts } from "../contract.ts";
import type { AwsBaseImage } from "./base-image.ts";
import type { AwsBastion } from "./bastion.ts";
import type { AwsChannels } from "./channels.ts";
import type { AwsControlPlane } from "./control-plane.ts";
import type { AwsCredentials } from "./credentials.ts";
import type { AwsData } from "./data.ts";
import type { AwsImage } from "./image.ts";
import type { AwsNetwork } from "./network.ts";

/** The classes of AWS. */
export interface AwsParts extends Parts {
  readonly network: AwsNetwork;
  readonly data: AwsData;
  readonly channels: AwsChannels;
  readonly credentials: AwsCredentials;
  readonly base: AwsBaseImage;
  readonly bastion: AwsBastion;
  readonly control: AwsControlPlane;
  readonly image: AwsImage;
}
