import * as pulumi from "@pulumi/pulumi";
import type { MetalHost as HostSettings, MetalSettings } from "../../core/config/metal.ts";
import { type Difference, NodePool, type NodePoolArgs } from "../contract.ts";
import { RemoteHost } from "../remote/host.ts";
import type { MetalParts } from "./parts.ts";
import { installation } from "./server.ts";

/** What the operator profile does otherwise: the node operations runbook forbids what the standard one is made of. */
export const operatorDifferences: readonly Difference[] = [
  {
    part: "pool",
    reason: "operator profile: nodes are set up by people (logos node checklist); up only starts and stops their unit",
  },
  { part: "control", reason: "operator profile: no scheduler, nothing is registered, nothing runs by itself" },
];

/** The node's proofs, as a unit linked from its checkout of this repository. */
const unit = "logos-smoke.service";
/** A Raspberry Pi takes its time; the unit itself gives up after an hour. */
const proofSeconds = 3700;

/**
 * Nodes by the node operations runbook: nothing is copied to them, and every command is one of the five verbs of systemctl.
 * The proofs run when a person runs `up` with another commit or another system; a node that fails waits for a person.
 */
export class OperatorNodes extends NodePool {
  constructor(
    name: string,
    settings: MetalSettings,
    args: NodePoolArgs<MetalParts>,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super(name, args, opts);
    for (const host of settings.hosts) new OperatorNode(`host-${host.name}`, host, args, { parent: this });
    this.registerOutputs({ min: args.min, max: args.max });
  }
}

class OperatorNode extends pulumi.ComponentResource {
  constructor(
    name: string,
    { address, hostKey }: HostSettings,
    args: NodePoolArgs<MetalParts>,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("logos:metal:Host", name, { address }, opts);
    const systemctl = (verb: "start" | "stop") => `sudo systemctl ${verb} ${unit}`;
    const host = new RemoteHost(name, {
      instanceId: installation(hostKey),
      at: { address, hostKey },
      privateKey: args.operatorKey.privateKey,
      via: args.bastion.hop,
      parent: this,
      knock: systemctl("stop"),
      after: [args.bastion],
    });
    host.run("member", { command: systemctl("stop"), undo: systemctl("stop") });
    const { commit } = args.image.workload;
    // A unit that has run stays active; ended first, it runs again.
    host.run("stop", { command: systemctl("stop"), again: [commit] });
    host.run("start", { command: systemctl("start"), timeoutSeconds: proofSeconds, again: [commit] });
    this.registerOutputs({ address });
  }
}
