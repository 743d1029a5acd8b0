import * as pulumi from "@pulumi/pulumi";
import type { FlowRule } from "../core/lab/resources.ts";
import type { Role } from "../core/roles.ts";
import type { Hop } from "./remote/connection.ts";
import type { RoleFiles } from "./remote/stage.ts";

/**
 * What a target provides. Each part is a component whose arguments reach the engine, so that the guardrails can read
 * them on every target alike. Parts hand each other their components: {@link Parts} names the classes of one target, so
 * that its own parts know each other whole and everybody else knows only what stands here.
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

/** The classes of one target. */
export interface Parts {
  readonly network: Network;
  /** Undefined where a target has no such part yet; its `differences` then say why. */
  readonly data: Data | undefined;
  readonly channels: Channels | undefined;
  readonly credentials: Credentials;
  readonly base: BaseImage;
  readonly bastion: Bastion;
  readonly control: ControlPlane;
  readonly image: Image;
}

/** How the operator's SSH reaches the bastion. */
export type Access =
  /** At its address, from these ranges only. */
  | { readonly by: "address"; readonly ranges: readonly string[] }
  /** Through a tunnel that the cloud's own client holds open on this port of the operator's host; the bastion then has no public address. */
  | { readonly by: "tunnel"; readonly localPort: number };

export interface NetworkArgs {
  /** A /24: every target's plan of addresses fits into it. */
  readonly cidr: string;
  /** Everything that may flow between machines; what no rule names is dropped. */
  readonly rules: readonly FlowRule[];
  readonly access: Access;
  /** Where machines that are set up may fetch packages from, by TCP 80 and 443. Nodes may not: they reach the target's own services only. */
  readonly packageRanges: readonly string[];
}
export abstract class Network extends pulumi.ComponentResource {
  /** Names the network for people and policies. */
  abstract readonly networkId: pulumi.Output<string>;
  /** Fixed private addresses of the two machines that others are told about. */
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

export interface DataArgs {
  readonly stack: string;
  /** Stores and keys outlive a destroy of the rest: they are protected, and a second, deliberate step removes them. */
  readonly keep: boolean;
  /** How long nobody may delete or change an audit entry. */
  readonly retentionDays: number;
  /** `governance`: a named right may lift the lock. `compliance`: nobody may. */
  readonly lock: "governance" | "compliance";
  /** Age at which the archive's objects go to the cold class. */
  readonly coldAfterDays: number;
}
/** Encryption keys and the three stores: what must outlive machines. */
export abstract class Data extends pulumi.ComponentResource {
  /** The key that encrypts disks and stores, as the target names it. */
  abstract readonly keyId: pulumi.Output<string>;
  /** Where each store is, as a URL of the target's own scheme (`s3://`, `gs://`, `https://…blob…`). */
  abstract readonly cacheUrl: pulumi.Output<string>;
  abstract readonly auditUrl: pulumi.Output<string>;
  abstract readonly archiveUrl: pulumi.Output<string>;
  constructor(name: string, args: DataArgs, opts: pulumi.ComponentResourceOptions) {
    super("logos:substrate:Data", name, args, opts);
  }
}

export interface ChannelsArgs<P extends Parts = Parts> {
  readonly stack: string;
  readonly data: P["data"];
  /** Who is told. */
  readonly email: string;
  /** Above it, and when it is forecast to be passed, the budget alarm speaks. */
  readonly monthlyBudgetUsd: number;
}
/** Where alarms and logs go: topics, log groups, the budget alarm. The rules that speak through them are not part of it. */
export abstract class Channels extends pulumi.ComponentResource {
  /** Topic, notification channel or action group that alarms use. */
  abstract readonly alarmId: pulumi.Output<string>;
  /** Log group or workspace that machines write to. */
  abstract readonly logId: pulumi.Output<string>;
  constructor(name: string, args: ChannelsArgs, opts: pulumi.ComponentResourceOptions) {
    super("logos:substrate:Channels", name, args, opts);
  }
}

export interface CredentialsArgs<P extends Parts = Parts> {
  readonly role: Role;
  /** systemd credentials, name → value, all secret. Machines of the role, and no others, can read them. */
  readonly values: Readonly<Record<string, pulumi.Input<string>>>;
  readonly network: P["network"];
  readonly data: P["data"];
}
/**
 * What machines of one role may know and do: the target's secret store and its machine identity, or nothing but the
 * values where machines are handed them at birth.
 */
export abstract class Credentials extends pulumi.ComponentResource {
  constructor(name: string, args: CredentialsArgs, opts: pulumi.ComponentResourceOptions) {
    // The values are no property of the component: the guardrails need their names alone.
    super("logos:substrate:Credentials", name, { role: args.role, names: Object.keys(args.values).toSorted() }, opts);
  }
}

export interface BaseImageArgs {
  readonly suite: string;
  readonly packages: readonly string[];
  /** Script that is run inside the new system once. */
  readonly customize: string;
}
/** What machines are born from: made here, or a vendor's image that the stack's settings pin. */
export abstract class BaseImage extends pulumi.ComponentResource {
  abstract readonly imageId: pulumi.Output<string>;
  constructor(name: string, args: BaseImageArgs | { readonly pinned: string }, opts: pulumi.ComponentResourceOptions) {
    super("logos:substrate:BaseImage", name, args, opts);
  }
}

/** What every machine that is set up over SSH is told. */
export interface MachineArgs<P extends Parts = Parts> {
  readonly network: P["network"];
  readonly base: P["base"];
  readonly data: P["data"];
  readonly size: MachineSize;
  readonly hostKey: KeyPair;
  readonly operatorKey: KeyPair;
  readonly credentials: P["credentials"];
}

export interface BastionArgs<P extends Parts = Parts> extends MachineArgs<P> {
  readonly address: string;
  readonly access: Access;
  readonly files: RoleFiles;
}
export abstract class Bastion extends pulumi.ComponentResource {
  /** The only way in: where it is reached, and the key by which it proves itself. */
  abstract readonly hop: Hop;
  /** The command that holds the tunnel open on the operator's host, where the way in is one. */
  readonly tunnelCommand: pulumi.Output<string> | undefined;
  constructor(name: string, args: BastionArgs, opts: pulumi.ComponentResourceOptions) {
    super("logos:substrate:Bastion", name, args, opts);
  }
}

export interface ControlPlaneArgs<P extends Parts = Parts> extends MachineArgs<P> {
  readonly address: string;
  readonly bastion: P["bastion"];
  readonly files: RoleFiles;
}
export abstract class ControlPlane extends pulumi.ComponentResource {
  /** Name of the machine on which the scheduler is asked. */
  abstract readonly machineName: pulumi.Output<string>;
  abstract readonly address: string;
  /** The host key, where the machine keeps one of its own and not the one that the stack made for it. */
  get ownHostKey(): pulumi.Output<string> | undefined {
    return undefined;
  }
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

export interface ImageArgs<P extends Parts = Parts> extends MachineArgs<P> {
  /** Recipe digest, 64 hex: names the image. */
  readonly digest: string;
  readonly state: ImageState;
  readonly bastion: P["bastion"];
  readonly signer: KeyPair;
  readonly files: RoleFiles;
  readonly workload: { readonly commit: string; readonly bundle: string };
}
export abstract class Image extends pulumi.ComponentResource {
  /** As the target names it. Known at preview where it follows from the digest. */
  abstract readonly imageId: pulumi.Input<string>;
  abstract readonly digest: string;
  /** Public key of whoever signed the image that stands. */
  abstract readonly signedBy: pulumi.Output<string>;
  constructor(name: string, args: ImageArgs, opts: pulumi.ComponentResourceOptions) {
    // What stands before the run is no property of the image: as one, it would differ in the next run.
    const { state: _, ...properties } = args;
    super("logos:substrate:Image", name, properties, opts);
  }
}

export interface NodePoolArgs<P extends Parts = Parts> {
  readonly network: P["network"];
  readonly data: P["data"];
  readonly channels: P["channels"];
  readonly min: number;
  readonly max: number;
  /** Proven nodes beside those that work, ready to take a lost one's place or the pool's growth. */
  readonly standby: number;
  readonly pilot: boolean;
  readonly image: P["image"];
  /** Recipe digest of that image: what the guardrails check. */
  readonly imageDigest: string;
  readonly imageId: pulumi.Input<string>;
  readonly node: MachineSize & {
    readonly cacheDiskMb: number;
    /** The cache disk holds what the workload made; it is encrypted on every target. */
    readonly cacheDiskEncrypted: true;
  };
  readonly controlPlane: P["control"];
  readonly bastion: P["bastion"];
  readonly bastionAddress: string;
  readonly operatorKey: KeyPair;
  readonly credentials: P["credentials"];
  /** What the control plane signs its demand with: base64 of 32 bytes. Secret. */
  readonly demandKey: pulumi.Input<string>;
  readonly readyTimeoutSeconds: number;
}
export abstract class NodePool extends pulumi.ComponentResource {
  constructor(name: string, args: NodePoolArgs, opts: pulumi.ComponentResourceOptions) {
    super("logos:substrate:NodePool", name, args, opts);
  }
}

/** How one part of a target is made. */
type Make<Args, Part> = (name: string, args: Args, opts: pulumi.ComponentResourceOptions) => Part;

/** Something that this target does otherwise than the others, or not: shown in the stack's outputs. */
export interface Difference {
  readonly part: string;
  readonly reason: string;
}

/** Every part of a target: one that lacks one does not compile. */
export interface TargetParts<P extends Parts> {
  /**
   * `prebuilt`: the base image holds every package already. `stock`: machines are born from a vendor's image, and what
   * they need is installed over SSH before anything else.
   */
  readonly machines: "prebuilt" | "stock";
  /** Folders below images/files that every machine of this target gets, between what all have and what its role has. */
  readonly trees: readonly string[];
  /** The vendor's image that stock machines are born from: another one is another recipe. */
  readonly vendorImage?: string;
  /** What is changed in every resource of this target before it is declared. */
  readonly transformations?: readonly pulumi.ResourceTransformation[];
  readonly differences: readonly Difference[];
  /** The operator's key pair where machines let it in before the stack is there; absent, the stack makes one. */
  readonly operatorKey?: KeyPair;
  readonly network: Make<NetworkArgs, P["network"]>;
  readonly data: Make<DataArgs, P["data"]>;
  readonly channels: Make<ChannelsArgs<P>, P["channels"]>;
  readonly credentials: Make<CredentialsArgs<P>, P["credentials"]>;
  readonly base: Make<BaseImageArgs, P["base"]>;
  readonly bastion: Make<BastionArgs<P>, P["bastion"]>;
  readonly control: Make<ControlPlaneArgs<P>, P["control"]>;
  readonly image: Make<ImageArgs<P>, P["image"]>;
  readonly pool: Make<NodePoolArgs<P>, NodePool>;
  /** What stands of the image of this recipe digest. */
  findImage(digest: string): Promise<ImageState>;
}
