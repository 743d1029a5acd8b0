import * as pulumi from "@pulumi/pulumi";
import {
  type BaseImageArgs,
  type BaseImageOutputs,
  type GetImageArgs,
  type GetImageResult,
  labPackage,
  labVersion,
  type MachineArgs,
  type MachineOutputs,
  type NetworkArgs,
  type NetworkOutputs,
  type NodePoolArgs,
  type RandomSecretArgs,
  type RandomSecretOutputs,
  type SnapshotArgs,
  type SnapshotOutputs,
  type SshKeyArgs,
  type SshKeyOutputs,
  type VolumeArgs,
  type VolumeOutputs,
} from "../../core/lab/resources.ts";

/**
 * The lab's resources as Pulumi classes. Inputs and outputs are the types of `core/lab/resources.ts`, which the provider
 * is written against too.
 */

/** Every field, at any depth, may be an output of another resource. */
export type Inputs<T> = { readonly [K in keyof T]: pulumi.Input<Nested<T[K]>> };
type Nested<T> = T extends string | number | boolean | undefined
  ? T
  : T extends readonly (infer Item)[]
    ? readonly pulumi.Input<Nested<Item>>[]
    : { readonly [K in keyof T]: pulumi.Input<Nested<T[K]>> };

/** An output property is filled in by the engine; it starts out undefined, which is how Pulumi knows to fill it. */
type Declared<T> = { readonly [K in keyof T]: undefined };

abstract class LabResource<In> extends pulumi.CustomResource {
  constructor(kind: string, name: string, args: Inputs<In>, declared: object, opts: pulumi.CustomResourceOptions) {
    super(token(kind), name, { ...declared, ...args }, { ...opts, version: labVersion });
  }
}

export class Network extends LabResource<NetworkArgs> {
  declare readonly labId: pulumi.Output<string>;
  declare readonly bridge: pulumi.Output<string>;
  declare readonly gateway: pulumi.Output<string>;
  constructor(name: string, args: Inputs<NetworkArgs>, opts: pulumi.CustomResourceOptions) {
    const declared: Declared<Omit<NetworkOutputs, keyof NetworkArgs>> = { bridge: undefined, gateway: undefined };
    super("Network", name, args, declared, opts);
  }
}

export class BaseImage extends LabResource<BaseImageArgs> {
  declare readonly digest: pulumi.Output<string>;
  declare readonly imageId: pulumi.Output<string>;
  constructor(name: string, args: Inputs<BaseImageArgs>, opts: pulumi.CustomResourceOptions) {
    const declared: Declared<Omit<BaseImageOutputs, keyof BaseImageArgs>> = { digest: undefined, imageId: undefined };
    super("BaseImage", name, args, declared, opts);
  }
}

export class SshKey extends LabResource<SshKeyArgs> {
  declare readonly publicKey: pulumi.Output<string>;
  declare readonly privateKey: pulumi.Output<string>;
  constructor(name: string, args: Inputs<SshKeyArgs>, opts: pulumi.CustomResourceOptions) {
    const declared: Declared<Omit<SshKeyOutputs, keyof SshKeyArgs>> = { publicKey: undefined, privateKey: undefined };
    super("SshKey", name, args, declared, secretOutput(opts, "privateKey"));
  }
}

export class RandomSecret extends LabResource<RandomSecretArgs> {
  declare readonly base64: pulumi.Output<string>;
  constructor(name: string, args: Inputs<RandomSecretArgs>, opts: pulumi.CustomResourceOptions) {
    const declared: Declared<Omit<RandomSecretOutputs, keyof RandomSecretArgs>> = { base64: undefined };
    super("RandomSecret", name, args, declared, secretOutput(opts, "base64"));
  }
}

export class Volume extends LabResource<VolumeArgs> {
  constructor(name: string, args: Inputs<VolumeArgs>, opts: pulumi.CustomResourceOptions) {
    const declared: Declared<Pick<VolumeOutputs, "path">> = { path: undefined };
    super("Volume", name, args, declared, opts);
  }
}

export class Machine extends LabResource<MachineArgs> {
  declare readonly name: pulumi.Output<string>;
  declare readonly instanceId: pulumi.Output<string>;
  declare readonly address: pulumi.Output<string>;
  constructor(name: string, args: Inputs<MachineArgs>, opts: pulumi.CustomResourceOptions) {
    const declared: Declared<Pick<MachineOutputs, "instanceId" | "address">> = {
      instanceId: undefined,
      address: undefined,
    };
    super("Machine", name, args, declared, secretOutput(opts, "credentials"));
  }
}

export class Snapshot extends LabResource<SnapshotArgs> {
  declare readonly imageId: pulumi.Output<string>;
  declare readonly digest: pulumi.Output<string>;
  declare readonly signedBy: pulumi.Output<string>;
  constructor(name: string, args: Inputs<SnapshotArgs>, opts: pulumi.CustomResourceOptions) {
    const declared: Declared<Omit<SnapshotOutputs, keyof SnapshotArgs>> = { imageId: undefined, signedBy: undefined };
    super("Snapshot", name, args, declared, opts);
  }
}

export class NodePool extends LabResource<NodePoolArgs> {
  constructor(name: string, args: Inputs<NodePoolArgs>, opts: pulumi.CustomResourceOptions) {
    super("NodePool", name, args, {}, opts);
  }
}

/** Does the image of a recipe stand on this host, and does this lab still hold the builder that made it? */
export async function getImage(args: GetImageArgs, opts: pulumi.InvokeOptions = {}): Promise<GetImageResult> {
  const result: unknown = await pulumi.runtime.invoke(token("getImage"), { ...args }, { ...opts, version: labVersion });
  if (
    typeof result === "object" &&
    result !== null &&
    "exists" in result &&
    "hasBuilder" in result &&
    typeof result.exists === "boolean" &&
    typeof result.hasBuilder === "boolean"
  ) {
    return { exists: result.exists, hasBuilder: result.hasBuilder };
  }
  throw new pulumi.RunError(`${token("getImage")} answered ${JSON.stringify(result)} instead of {exists, hasBuilder}`);
}

function token(name: string): string {
  return `${labPackage}:index:${name}`;
}

function secretOutput(opts: pulumi.CustomResourceOptions, name: string): pulumi.CustomResourceOptions {
  return { ...opts, additionalSecretOutputs: [...(opts.additionalSecretOutputs ?? []), name] };
}
