import * as pulumi from "@pulumi/pulumi";
import type { MetalSettings } from "../../core/config/metal.ts";
import { Network, type NetworkArgs } from "../contract.ts";

/** The network that is there. Nothing of it is declared: each machine's own firewall holds the rules, rendered from the same addresses. */
export class MetalNetwork extends Network {
  readonly networkId: pulumi.Output<string>;
  readonly bastionAddress: string;
  readonly controlAddress: string;
  /** Who may reach the bastion. */
  readonly operators: readonly string[];

  constructor(name: string, settings: MetalSettings, args: NetworkArgs, opts: pulumi.ComponentResourceOptions) {
    super(name, args, opts);
    this.networkId = pulumi.output(args.cidr);
    this.bastionAddress = settings.bastion.address;
    this.controlAddress = settings.control.address;
    this.operators = args.access.by === "address" ? args.access.ranges : [];
    this.registerOutputs({ bastionAddress: this.bastionAddress, controlAddress: this.controlAddress });
  }
}
