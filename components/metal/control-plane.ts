import * as pulumi from "@pulumi/pulumi";
import type { MetalSettings } from "../../core/config/metal.ts";
import type { Profile } from "../../core/config/schema.ts";
import { ControlPlane, type ControlPlaneArgs } from "../contract.ts";
import { bootOf } from "./boot.ts";
import { handOut } from "./credentials.ts";
import type { MetalParts } from "./parts.ts";
import { recordOf } from "./record.ts";
import { setUpServer } from "./server.ts";

export class MetalControlPlane extends ControlPlane {
  readonly machineName: pulumi.Output<string>;
  readonly address: string;
  readonly #hostKey: string;

  constructor(
    name: string,
    settings: MetalSettings,
    profile: Profile,
    args: ControlPlaneArgs<MetalParts>,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super(name, args, opts);
    const { address, hostKey } = settings.control;
    // In the operator profile people set up every machine, by the runbook's steps.
    if (profile === "standard") this.#setUp(name, settings, args);
    this.machineName = pulumi.output(name);
    this.address = address;
    this.#hostKey = hostKey;
    this.registerOutputs({ address });
  }

  override get ownHostKey(): pulumi.Output<string> {
    return pulumi.output(this.#hostKey);
  }

  #setUp(name: string, settings: MetalSettings, args: ControlPlaneArgs<MetalParts>): void {
    const { address, hostKey } = settings.control;
    setUpServer(name, hostKey, {
      role: "control",
      at: { address, hostKey },
      via: args.bastion.hop,
      privateKey: args.operatorKey.privateKey,
      files: args.files,
      handOut: handOut(recordOf(args.network, { name, group: "control", address, hostKey }), args.credentials.values),
      boot: bootOf(settings.control, settings.bastion, args.operatorKey.privateKey),
      // The last program returns when the scheduler answers, or says why it does not.
      programs: ["activate", "control-activate"],
      parent: this,
      after: [args.bastion],
    });
  }
}
