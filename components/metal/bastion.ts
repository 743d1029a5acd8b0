import type * as pulumi from "@pulumi/pulumi";
import type { MetalSettings } from "../../core/config/metal.ts";
import type { Profile } from "../../core/config/schema.ts";
import { Bastion, type BastionArgs } from "../contract.ts";
import type { Hop } from "../remote/connection.ts";
import { handOut } from "./credentials.ts";
import type { MetalParts } from "./parts.ts";
import { recordOf } from "./record.ts";
import { setUpServer } from "./server.ts";

export class MetalBastion extends Bastion {
  readonly hop: Hop;

  constructor(
    name: string,
    settings: MetalSettings,
    profile: Profile,
    args: BastionArgs<MetalParts>,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super(name, args, opts);
    const { address, hostKey } = settings.bastion;
    this.hop = { address, hostKey };
    // In the operator profile people set up every machine, by the runbook's steps.
    if (profile === "standard") this.#setUp(name, settings, args);
    this.registerOutputs({ ...this.hop });
  }

  #setUp(name: string, settings: MetalSettings, args: BastionArgs<MetalParts>): void {
    const { address, hostKey } = settings.bastion;
    setUpServer(name, hostKey, {
      role: "bastion",
      at: this.hop,
      privateKey: args.operatorKey.privateKey,
      files: args.files,
      handOut: handOut(recordOf(args.network, { name, group: "bastion", address, hostKey }), args.credentials.values),
      programs: ["activate"],
      parent: this,
    });
  }
}
