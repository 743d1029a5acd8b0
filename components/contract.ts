import * as pulumi from "@pulumi/pulumi";
import type { TargetName } from "../core/config/targets.ts";
import type { FlowRule } from "../core/lab/resources.ts";
import type { Hop } from "./remote/connection.ts";
import type { RoleFiles } from "./remote/stage.ts";

/**
 * What a target provides. Each part is a component whose arguments reach the engine, so that the guardrails can read
 * them on every target alike, and whose outputs are all that other parts know of it.
 */

/** An SSH key pair; the private half is always a secret output. */
export interface KeyPair {
  readonly publicKey: pulumi.Output<string>;
  readonly privateKey: pulumi.Output<string>;
}

/** Sizes in MiB. */
export interface MachineSize {
  readonly cpus: number;
  readonly memoryMb: number;
  readonly diskMb: number;
}

export interface NetworkArgs {
  readonly cidr: string;
  /** Everything that may flow; what no rule names is dropped. */
  readonly rules: readonly FlowRule[];
}
export abstract class Network extends pulumi.ComponentResource {
  /** Names the network for the other parts of the same target. */
  abstract readonly networkId: pulumi.Output<string>;
  /** Fixed addresses of the two machines that others are told about. */
  abstract readonly bastionAddress: string;
  abstract readonly controlAddress: string;
  constructor(name: string, args: NetworkArgs, opts: pulumi.ComponentResourceOptions) {
    super("logos:substrate:Network", name, args, opts);
  }
}

export interface KeysArgs {
  /** Appears in the comments of the keys. */
  readonly stack: string;
}
export abstract class Keys extends pulumi.ComponentResource {
  /** What Pulumi and the operator log in with. */
  abstract readonly operator: KeyPair;
  abstract readonly bastionHost: KeyPair;
  abstract readonly controlHost: KeyPair;
  abstract readonly builderHost: KeyPair;
  /** Signs images; nodes are told its public half apart from the image. */
  abstract readonly imageSigner: KeyPair;
  /** The scheduler's `slurm.jwks`. Secret. */
  abstract readonly schedulerJwks: pulumi.Output<string>;
  /** What the control plane signs its demand with and the pool checks it by: base64 of 32 bytes. Secret. */
  abstract readonly demandKey: pulumi.Output<string>;
  constructor(name: string, args: KeysArgs, opts: pulumi.ComponentResourceOptions) {
    super("logos:substrate:Keys", name, args, opts);
  }
}

export interface BaseImageArgs {
  readonly suite: string;
  readonly packages: readonly string[];
  /** Script that is run inside the new system once. */
  readonly customize: string;
}
export abstract class BaseImage extends pulumi.ComponentResource {
  abstract readonly imageId: pulumi.Output<string>;
  constructor(name: string, args: BaseImageArgs, opts: pulumi.ComponentResourceOptions) {
    super("logos:substrate:BaseImage", name, args, opts);
  }
}

/** What every machine that is set up over SSH is told. */
export interface MachineArgs {
  readonly networkId: pulumi.Input<string>;
  readonly baseImageId: pulumi.Input<string>;
  readonly size: MachineSize;
  readonly hostKey: KeyPair;
  readonly operatorKey: KeyPair;
}

export interface BastionArgs extends MachineArgs {
  readonly address: string;
  readonly files: RoleFiles;
}
export abstract class Bastion extends pulumi.ComponentResource {
  /** The only way in: its address, and the key by which it proves itself. */
  abstract readonly hop: Hop;
  constructor(name: string, args: BastionArgs, opts: pulumi.ComponentResourceOptions) {
    super("logos:substrate:Bastion", name, args, opts);
  }
}

export interface ControlPlaneArgs extends MachineArgs {
  readonly address: string;
  readonly bastion: Bastion;
  readonly files: RoleFiles;
  /** Secret. */
  readonly schedulerJwks: pulumi.Input<string>;
  /** Secret. */
  readonly demandKey: pulumi.Input<string>;
}
export abstract class ControlPlane extends pulumi.ComponentResource {
  /** Name of the machine on which the scheduler is asked. */
  abstract readonly machineName: pulumi.Output<string>;
  abstract readonly address: string;
  constructor(name: string, args: ControlPlaneArgs, opts: pulumi.ComponentResourceOptions) {
    super("logos:substrate:ControlPlane", name, args, opts);
  }
}

/** What stands of a recipe's image before anything is done. */
export interface ImageState {
  readonly exists: boolean;
  /** The builder that made it is still held, so that it has to be declared again. */
  readonly hasBuilder: boolean;
}

export interface ImageArgs extends MachineArgs {
  /** Recipe digest, 64 hex: names the image. */
  readonly digest: string;
  readonly state: ImageState;
  readonly bastion: Bastion;
  readonly signer: KeyPair;
  readonly files: RoleFiles;
  readonly workload: { readonly commit: string; readonly bundle: string };
}
export abstract class Image extends pulumi.ComponentResource {
  abstract readonly imageId: string;
  abstract readonly digest: string;
  /** Public key of whoever signed the image that stands. */
  abstract readonly signedBy: pulumi.Output<string>;
  constructor(name: string, args: ImageArgs, opts: pulumi.ComponentResourceOptions) {
    // What stands before the run is no property of the image: as one, it would differ in the next run.
    const { state: _, ...properties } = args;
    super("logos:substrate:Image", name, properties, opts);
  }
}

export interface NodePoolArgs {
  readonly networkId: pulumi.Input<string>;
  readonly min: number;
  readonly max: number;
  /** Proven nodes beside those that work, ready to take a lost one's place or the pool's growth. */
  readonly standby: number;
  readonly pilot: boolean;
  readonly image: Image;
  /** Recipe digest of that image: what the guardrails check. */
  readonly imageDigest: string;
  readonly imageId: string;
  readonly node: MachineSize & {
    readonly cacheDiskMb: number;
    /** The cache disk holds what the workload made; it is encrypted on every target. */
    readonly cacheDiskEncrypted: true;
  };
  readonly controlPlane: ControlPlane;
  readonly bastionAddress: string;
  readonly operatorPublicKey: pulumi.Input<string>;
  readonly imageSignerPublicKey: pulumi.Input<string>;
  /** Secret. */
  readonly schedulerJwks: pulumi.Input<string>;
  /** Secret. */
  readonly demandKey: pulumi.Input<string>;
  readonly readyTimeoutSeconds: number;
}
export abstract class NodePool extends pulumi.ComponentResource {
  constructor(name: string, args: NodePoolArgs, opts: pulumi.ComponentResourceOptions) {
    super("logos:substrate:NodePool", name, args, opts);
  }
}

/** A part of a target: how it is made. */
type PartOf<Args, Part> = new (name: string, args: Args, opts: pulumi.ComponentResourceOptions) => Part;

/** A target: all parts, and the one question that is asked before anything is declared. */
export interface Target {
  readonly Network: PartOf<NetworkArgs, Network>;
  readonly Keys: PartOf<KeysArgs, Keys>;
  readonly BaseImage: PartOf<BaseImageArgs, BaseImage>;
  readonly Bastion: PartOf<BastionArgs, Bastion>;
  readonly ControlPlane: PartOf<ControlPlaneArgs, ControlPlane>;
  readonly Image: PartOf<ImageArgs, Image>;
  readonly NodePool: PartOf<NodePoolArgs, NodePool>;
  /** What stands of the image of this recipe digest. */
  findImage(digest: string): Promise<ImageState>;
}

/** Every target of the list has all its parts, or this does not compile. */
export type TargetTable = { readonly [Name in TargetName]: Target };
