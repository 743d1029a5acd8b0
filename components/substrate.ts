import * as pulumi from "@pulumi/pulumi";
import type { SubstrateConfig } from "../core/config/schema.ts";
import { flowRules } from "../core/flow.ts";
import { renderSlurmConf } from "../core/slurm/conf.ts";
import type { BaseImageArgs, ImageState, MachineSize, Target } from "./contract.ts";
import { type RoleFiles, withFiles } from "./remote/stage.ts";
import type { Workload } from "./workload.ts";

export interface SubstrateArgs {
  readonly target: Target;
  readonly config: SubstrateConfig;
  readonly base: BaseImageArgs;
  /** What is put on the machines of each role. */
  readonly files: { readonly bastion: RoleFiles; readonly control: RoleFiles; readonly image: RoleFiles };
  readonly workload: Workload;
  /** Recipe digest of the nodes' image, and what of it stands already. */
  readonly imageDigest: string;
  readonly imageState: ImageState;
}

/** Sizes of the machines that are not nodes: they carry no proofs. */
const sizes = {
  bastion: { cpus: 1, memoryMb: 512, diskMb: 4096 },
  control: { cpus: 1, memoryMb: 1024, diskMb: 8192 },
  // As a bake needs it: coqchk of a workload with all its dependencies holds about 1 GiB.
  builder: { cpus: 2, memoryMb: 4096, diskMb: 16_384 },
} as const satisfies Record<string, MachineSize>;

const mibPerGib = 1024;

/** Everything that a stack stands up, in the order in which it comes to be, on whatever target. */
export class Substrate extends pulumi.ComponentResource {
  readonly bastionAddress: string;
  readonly bastionHostKey: pulumi.Output<string>;
  readonly controlAddress: string;
  readonly controlHostKey: pulumi.Output<string>;
  /** Secret. */
  readonly operatorKey: pulumi.Output<string>;
  readonly imageDigest: string;

  constructor(name: string, args: SubstrateArgs, opts: pulumi.ComponentResourceOptions = {}) {
    const { target, config, files } = args;
    super("logos:substrate:Substrate", name, { target: config.target, pool: config.pool, pilot: config.pilot }, opts);
    const child = { parent: this };

    const network = new target.Network("network", { cidr: config.network.cidr, rules: flowRules }, child);
    const keys = new target.Keys("keys", { stack: pulumi.getStack() }, child);
    const base = new target.BaseImage("base", args.base, child);
    const machine = { networkId: network.networkId, baseImageId: base.imageId, operatorKey: keys.operator };

    const bastion = new target.Bastion(
      "bastion",
      {
        ...machine,
        size: sizes.bastion,
        address: network.bastionAddress,
        hostKey: keys.bastionHost,
        files: files.bastion,
      },
      child,
    );
    const slurmConf = renderSlurmConf({
      controlAddress: network.controlAddress,
      poolMax: config.pool.max,
      node: config.node,
    });
    const controlPlane = new target.ControlPlane(
      "control",
      {
        ...machine,
        size: sizes.control,
        address: network.controlAddress,
        hostKey: keys.controlHost,
        files: withFiles(files.control, [{ path: "/etc/slurm/slurm.conf", text: slurmConf }]),
        bastion,
        schedulerJwks: keys.schedulerJwks,
        demandKey: keys.demandKey,
      },
      child,
    );
    const image = new target.Image(
      "image",
      {
        ...machine,
        size: sizes.builder,
        digest: args.imageDigest,
        state: args.imageState,
        hostKey: keys.builderHost,
        signer: keys.imageSigner,
        files: files.image,
        workload: { commit: args.workload.commit, bundle: args.workload.bundle },
        bastion,
      },
      child,
    );
    new target.NodePool(
      "pool",
      {
        networkId: network.networkId,
        ...config.pool,
        pilot: config.pilot,
        image,
        imageDigest: args.imageDigest,
        imageId: image.imageId,
        node: {
          cpus: config.node.cpus,
          memoryMb: config.node.memoryMb,
          diskMb: config.node.diskGb * mibPerGib,
          cacheDiskMb: config.node.cacheGb * mibPerGib,
          cacheDiskEncrypted: true,
        },
        controlPlane,
        bastionAddress: network.bastionAddress,
        operatorPublicKey: keys.operator.publicKey,
        imageSignerPublicKey: image.signedBy,
        schedulerJwks: keys.schedulerJwks,
        demandKey: keys.demandKey,
        readyTimeoutSeconds: config.readyTimeoutSeconds,
      },
      child,
    );

    this.bastionAddress = network.bastionAddress;
    this.bastionHostKey = keys.bastionHost.publicKey;
    this.controlAddress = network.controlAddress;
    this.controlHostKey = keys.controlHost.publicKey;
    this.operatorKey = keys.operator.privateKey;
    this.imageDigest = args.imageDigest;
    this.registerOutputs({ imageDigest: this.imageDigest, bastionAddress: this.bastionAddress });
  }
}
