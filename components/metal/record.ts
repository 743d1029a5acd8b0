import type { Group } from "../../core/lab/resources.ts";
import type { OwnRecord } from "./credentials.ts";
import type { MetalNetwork } from "./network.ts";
import { installation } from "./server.ts";

export interface Machine {
  readonly name: string;
  readonly group: Group;
  readonly address: string;
  readonly hostKey: string;
}

/** What a machine is told about itself and whom it may speak with. @param imageDigest of the recipe that a node runs */
export function recordOf(
  { bastionAddress, controlAddress, operators }: MetalNetwork,
  { name, group, address, hostKey }: Machine,
  imageDigest?: string,
): OwnRecord {
  return {
    name,
    group,
    instanceId: installation(hostKey),
    address,
    bastionAddress,
    controlAddress,
    operatorRanges: operators,
    ...(imageDigest === undefined ? {} : { imageDigest }),
  };
}
