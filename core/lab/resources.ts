/**
 * The resources of the lab, as the Pulumi program declares them and as the lab's provider makes them.
 * Shared by `components/lab` (which declares) and `providers/lab` (which makes): neither imports the other.
 *
 * Sizes are MiB unless the name says otherwise; addresses are IPv4 without prefix length.
 */

/** Package name in type tokens: `lab:index:Network` and so on. */
export const labPackage = "lab";

/** Version of the provider; must equal `plugins.providers[lab].version` in Pulumi.yaml. */
export const labVersion = "0.1.0";

/** Kinds of machines; firewall rules and address blocks go by group. */
export const groups = ["bastion", "control", "builder", "node"] as const;
export type Group = (typeof groups)[number];

/** A flow that the lab's network lets through; everything else between machines is dropped. `operator` is this host. */
export interface FlowRule {
  readonly from: Group | "operator";
  readonly to: Group;
  readonly protocol: "tcp" | "udp";
  readonly ports: readonly number[];
}

export interface NetworkArgs {
  /** Names everything of one stack on this host: bridge, tables, folder. Lower-case letters, digits and hyphens, 1 to 32. */
  readonly labId: string;
  /** Address range, a /24, e.g. "10.83.0.0/24". .1 is the host, .2 bastion, .3 control, .16-.31 other machines, .64-.191 pool nodes. */
  readonly cidr: string;
  readonly rules: readonly FlowRule[];
}
/** Resource id is the labId. */
export interface NetworkOutputs extends NetworkArgs {
  readonly bridge: string;
  readonly gateway: string;
}

export interface BaseImageArgs {
  /** Debian release, e.g. "trixie". */
  readonly suite: string;
  /** Packages, each `name` or `name=version`. */
  readonly packages: readonly string[];
  /** Shell script run inside the new root by chroot, once, last (users, masks, sshd). Part of the digest. */
  readonly customize: string;
}
/** Resource id is the digest: sha256 over suite, packages and customize. The folder is shared by all stacks of the host and kept as a cache. */
export interface BaseImageOutputs extends BaseImageArgs {
  readonly digest: string;
  /** `base:<digest>`, what a Machine takes as image. */
  readonly imageId: string;
}

/** An ed25519 key pair in OpenSSH format, made once; also signs images (`ssh-keygen -Y`). */
export interface SshKeyArgs {
  readonly comment: string;
}
export interface SshKeyOutputs extends SshKeyArgs {
  /** `ssh-ed25519 AAAA… comment` */
  readonly publicKey: string;
  /** OpenSSH private key text. Secret. */
  readonly privateKey: string;
}

/** Random bytes, made once. */
export interface RandomSecretArgs {
  readonly name: string;
  readonly bytes: number;
}
export interface RandomSecretOutputs extends RandomSecretArgs {
  /** Standard base64. Secret. */
  readonly base64: string;
}

export interface VolumeArgs {
  readonly labId: string;
  readonly name: string;
  readonly sizeMb: number;
}
/** Resource id is `<labId>/<name>`. The file is sparse; its size is the bound. It is encrypted by the machine that first mounts it. */
export interface VolumeOutputs extends VolumeArgs {
  readonly path: string;
}

export interface VolumeAttachment {
  readonly volumeId: string;
  /** The machine sees the block device as /dev/logos-<device>. */
  readonly device: string;
}

export interface MachineArgs {
  readonly labId: string;
  /** Host name, unique in the lab. */
  readonly name: string;
  readonly group: Group;
  /** `base:<digest>` or `image:<digest>`. */
  readonly imageId: string;
  /** Fixed address; absent: the provider takes the first free one of .16-.31. */
  readonly address?: string;
  readonly cpus: number;
  readonly memoryMb: number;
  /** Bound of the root disk. */
  readonly diskMb: number;
  readonly volumes: readonly VolumeAttachment[];
  /**
   * systemd credentials, name → value, all secret, kept on a tmpfs only, changed in place without replacing the machine
   * (the machine sees them at its next boot). `logos.ssh-host-key` and `logos.authorized-keys` are among them.
   */
  readonly credentials: Readonly<Record<string, string>>;
}
/** Resource id is `<labId>/<name>`. Create returns when sshd answers. */
export interface MachineOutputs extends MachineArgs {
  /** New for each machine ever made: what `triggers` of remote commands take. */
  readonly instanceId: string;
  readonly address: string;
}

export interface SnapshotArgs {
  readonly labId: string;
  /** Recipe digest, 64 hex: names the image. */
  readonly digest: string;
  /** Machine to capture; absent when the image already stands (adoption). It is powered off first and stays off. */
  readonly machineName?: string;
  /** instanceId of that machine, so that another builder means another capture. */
  readonly instanceId?: string;
  /** Public half of the key that the bake signs with, `ssh-ed25519 …`. */
  readonly signer: string;
}
/** Resource id is `image:<digest>`. Delete keeps the files for rollback; unreferenced images beyond the newest three are removed. */
export interface SnapshotOutputs extends SnapshotArgs {
  readonly imageId: string;
  /** Who signed the image that stands: an adopted one was signed when it was baked, maybe by the key of a stack that is gone. */
  readonly signedBy: string;
}

export interface NodeTemplate {
  readonly cpus: number;
  readonly memoryMb: number;
  readonly diskMb: number;
  /** Bound of the encrypted cache disk, seen as /dev/logos-cache. */
  readonly cacheDiskMb: number;
  /** Credentials that every node gets beside those the manager makes for it (host key, machine record, cache disk key). */
  readonly credentials: Readonly<Record<string, string>>;
}
export interface NodePoolArgs {
  readonly labId: string;
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** Nodes that are booted, proven and drained, beside those that work. */
  readonly standby: number;
  /** What the control plane signs its demand with: base64 of 32 bytes. Secret; the manager gets it over the lab's tmpfs. */
  readonly demandKey: string;
  /** `image:<digest>` */
  readonly imageId: string;
  readonly node: NodeTemplate;
  /** Machine on which `scontrol` and `sinfo` are run. */
  readonly controlName: string;
  readonly controlAddress: string;
  readonly bastionAddress: string;
  /** The longest a node may take from start to ready. */
  readonly readyTimeoutSeconds: number;
}
/**
 * Resource id is `<labId>/<name>`. Nothing that changes by itself is an output: the current nodes stand in Slurm and in the
 * manager's status file. Create and Update return when at least `min` nodes of this image are ready, or fail with the verdict
 * of the node that failed.
 */
export interface NodePoolOutputs extends NodePoolArgs {}

/** `lab:index:getImage`: what the program asks before it declares a builder. */
export interface GetImageArgs {
  readonly labId: string;
  readonly digest: string;
}
export interface GetImageResult {
  /** The image stands on this host. */
  readonly exists: boolean;
  /** This lab still holds the builder that made it, so the program keeps declaring it. */
  readonly hasBuilder: boolean;
}
