import * as pulumi from "@pulumi/pulumi";
import type { SubstrateConfig } from "../core/config/schema.ts";
import { flowRules } from "../core/flow.ts";
import { renderSlurmConf } from "../core/slurm/conf.ts";
import { renderJobSubmit } from "../core/slurm/submit.ts";
import type { BaseImageArgs, Difference, ImageState, MachineSize, Parts, TargetParts } from "./contract.ts";
import { allowedSigners, authorizedKeys, loginCredentials } from "./credentials.ts";
import { Keys } from "./keys.ts";
import { type RoleFiles, withFiles } from "./remote/stage.ts";
import type { Workload } from "./workload.ts";

export interface SubstrateArgs {
  readonly config: SubstrateConfig;
  readonly base: BaseImageArgs;
  /** What is put on the machines of each role. */
  readonly files: { readonly bastion: RoleFiles; readonly control: RoleFiles; readonly image: RoleFiles };
  readonly workload: Workload;
  /** Recipe digest of the nodes' image, and what of it stands already. */
  readonly imageDigest: string;
  readonly imageState: ImageState;
}

/** What a person, or another program, needs to know of a stack that stands. */
export interface StackOutputs {
  readonly bastion: {
    readonly address: pulumi.Input<string>;
    readonly port: number;
    readonly hostKey: pulumi.Input<string>;
    /** What has to run on the operator's host meanwhile, where the way in is a tunnel. */
    readonly openTunnelWith?: pulumi.Output<string>;
  };
  readonly control: { readonly address: string; readonly hostKey: pulumi.Output<string> };
  /** Secret. */
  readonly operatorKey: pulumi.Output<string>;
  readonly imageDigest: string;
  /** URLs of the stores, where the target has them. */
  readonly stores: Readonly<Record<"cache" | "audit" | "archive", pulumi.Output<string>>> | undefined;
  readonly differences: readonly Difference[];
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
export class Substrate<P extends Parts> extends pulumi.ComponentResource {
  readonly outputs: StackOutputs;

  constructor(name: string, parts: TargetParts<P>, args: SubstrateArgs, opts: pulumi.ComponentResourceOptions = {}) {
    const { config, files } = args;
    const { place, pool, pilot, access } = config;
    const transformations = [...(opts.transformations ?? []), ...(parts.transformations ?? [])];
    const own = { target: place.target, profile: config.profile, pool, pilot };
    super("logos:substrate:Substrate", name, own, { ...opts, transformations });
    const child = { parent: this };
    const stack = pulumi.getStack();

    const network = parts.network(
      "network",
      { cidr: config.network.cidr, rules: flowRules, access, packageRanges: config.network.packageRanges },
      child,
    );
    const keys = new Keys("keys", { stack }, child, parts.operatorKey);
    const data = parts.data("data", { stack, ...config.data }, child);
    const channels = parts.channels("channels", { stack, data, ...config.alerts }, child);
    const base = parts.base("base", args.base, child);
    const machine = { network, base, data, operatorKey: keys.operator };
    const operatorKey = keys.operator.publicKey;

    const bastion = parts.bastion(
      "bastion",
      {
        ...machine,
        size: sizes.bastion,
        address: network.bastionAddress,
        access,
        hostKey: keys.bastionHost,
        files: files.bastion,
        credentials: parts.credentials(
          "bastion-credentials",
          { role: "bastion", values: loginCredentials(keys.bastionHost, operatorKey), network, data },
          child,
        ),
      },
      child,
    );
    const slurmConf = renderSlurmConf({
      controlAddress: network.controlAddress,
      poolMax: pool.max,
      node: config.node,
    });
    const controlPlane = parts.control(
      "control",
      {
        ...machine,
        size: sizes.control,
        address: network.controlAddress,
        hostKey: keys.controlHost,
        files: withFiles(files.control, [
          { path: "/etc/slurm/slurm.conf", text: slurmConf },
          { path: "/etc/slurm/job_submit.lua", text: renderJobSubmit({ poolMax: config.pool.max, node: config.node }) },
          { path: "/etc/logos/workload-history", text: `${args.workload.history.join("\n")}\n` },
        ]),
        bastion,
        credentials: parts.credentials(
          "control-credentials",
          {
            role: "control",
            values: {
              ...loginCredentials(keys.controlHost, operatorKey),
              "slurm.jwks": keys.schedulerJwks,
              "logos.demand-key": keys.demandKey,
            },
            network,
            data,
          },
          child,
        ),
      },
      child,
    );
    const image = parts.image(
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
        credentials: parts.credentials(
          "builder-credentials",
          { role: "builder", values: loginCredentials(keys.builderHost, operatorKey), network, data },
          child,
        ),
      },
      child,
    );
    parts.pool(
      "pool",
      {
        network,
        data,
        channels,
        ...pool,
        pilot,
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
        bastion,
        bastionAddress: network.bastionAddress,
        operatorKey: keys.operator,
        credentials: parts.credentials(
          "node-credentials",
          {
            role: "node",
            values: {
              "logos.authorized-keys": authorizedKeys(operatorKey),
              "logos.allowed-signers": allowedSigners(image.signedBy),
              "slurm.jwks": keys.schedulerJwks,
            },
            network,
            data,
          },
          child,
        ),
        demandKey: keys.demandKey,
        readyTimeoutSeconds: config.readyTimeoutSeconds,
      },
      child,
    );

    this.outputs = {
      bastion: {
        address: bastion.hop.address,
        port: bastion.hop.port ?? 22,
        hostKey: bastion.hop.hostKey,
        ...(bastion.tunnelCommand && { openTunnelWith: bastion.tunnelCommand }),
      },
      control: { address: network.controlAddress, hostKey: controlPlane.ownHostKey ?? keys.controlHost.publicKey },
      operatorKey: keys.operator.privateKey,
      imageDigest: args.imageDigest,
      stores: data && { cache: data.cacheUrl, audit: data.auditUrl, archive: data.archiveUrl },
      differences: parts.differences,
    };
    this.registerOutputs({ imageDigest: args.imageDigest, bastionAddress: network.bastionAddress });
  }
}
