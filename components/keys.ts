import * as pulumi from "@pulumi/pulumi";
import { renderSlurmJwks } from "../core/slurm/jwks.ts";
import type { KeyPair, KeysArgs } from "./contract.ts";
import * as sdk from "./lab/sdk.ts";

/** 256 bits: what HS256, Slurm's algorithm, takes (RFC 7518, section 3.2). */
const schedulerKeyBytes = 32;

/**
 * The keys of a stack, the same on every target: made by this repository's own provider, which needs nothing of a host
 * for that, so that each is known before the machine that it belongs to is born.
 */
export class Keys extends pulumi.ComponentResource {
  /** What Pulumi and the operator log in with. */
  readonly operator: KeyPair;
  readonly bastionHost: KeyPair;
  readonly controlHost: KeyPair;
  readonly builderHost: KeyPair;
  /** Signs images; nodes are told its public half apart from the image. */
  readonly imageSigner: KeyPair;
  /** The scheduler's `slurm.jwks`. Secret. */
  readonly schedulerJwks: pulumi.Output<string>;
  /** What the control plane signs its demand with and the pool checks it by: base64 of 32 bytes. Secret. */
  readonly demandKey: pulumi.Output<string>;

  /** @param operator the operator's own pair, where machines know it already. */
  constructor(name: string, args: KeysArgs, opts: pulumi.ComponentResourceOptions, operator?: KeyPair) {
    super("logos:substrate:Keys", name, args, opts);
    const pair = (role: string): KeyPair => {
      const key = new sdk.SshKey(`${name}-${role}`, { comment: `logos-${args.stack}-${role}` }, { parent: this });
      return { publicKey: key.publicKey, privateKey: pulumi.secret(key.privateKey) };
    };
    this.operator = operator ?? pair("operator");
    this.bastionHost = pair("bastion");
    this.controlHost = pair("control");
    this.builderHost = pair("builder");
    this.imageSigner = pair("images");
    const scheduler = new sdk.RandomSecret(
      `${name}-scheduler`,
      { name: "slurm", bytes: schedulerKeyBytes },
      { parent: this },
    );
    this.schedulerJwks = pulumi.secret(
      scheduler.base64.apply((base64) => renderSlurmJwks([{ kid: "first", base64, default: true }])),
    );
    const demand = new sdk.RandomSecret(`${name}-demand`, { name: "demand", bytes: 32 }, { parent: this });
    this.demandKey = pulumi.secret(demand.base64);
    this.registerOutputs({ operatorPublicKey: this.operator.publicKey, imageSigner: this.imageSigner.publicKey });
  }
}
