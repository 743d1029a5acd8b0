import type * as pulumi from "@pulumi/pulumi";
import { formatAddress, nth, parseCidr } from "../../core/net.ts";
import { Network, type NetworkArgs } from "../contract.ts";
import { labId } from "./lab-id.ts";
import * as sdk from "./sdk.ts";

export class LabNetwork extends Network {
  readonly networkId: pulumi.Output<string>;
  readonly bastionAddress: string;
  readonly controlAddress: string;

  constructor(name: string, args: NetworkArgs, opts: pulumi.ComponentResourceOptions) {
    super(name, args, opts);
    this.bastionAddress = addressIn(args.cidr, 2);
    this.controlAddress = addressIn(args.cidr, 3);
    const network = new sdk.Network(name, { labId: labId(), cidr: args.cidr, rules: args.rules }, { parent: this });
    this.networkId = network.labId;
    this.registerOutputs({
      networkId: this.networkId,
      bastionAddress: this.bastionAddress,
      controlAddress: this.controlAddress,
    });
  }
}

/** An address of the lab's plan: .2 is the bastion, .3 the control plane. */
function addressIn(cidr: string, index: number): string {
  const range = parseCidr(cidr);
  if (range === undefined) throw new TypeError(`"${cidr}" is not an IPv4 range`);
  return formatAddress(nth(range, index));
}
