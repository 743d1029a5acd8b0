import * as lab from "../../core/lab/resources.ts";
import { baseImage } from "./image/base.ts";
import { getImage, getImageShape, snapshot } from "./image/snapshot.ts";
import { randomSecret } from "./keys/random-secret.ts";
import { sshKey } from "./keys/ssh-key.ts";
import { machine } from "./machine/resource.ts";
import { network } from "./network/resource.ts";
import { nodePool } from "./pool/resource.ts";
import type { ResourceHandler } from "./resource.ts";
import { type Served, serve } from "./serve.ts";
import { type Parsed, parse } from "./shape.ts";
import { volume } from "./volume/resource.ts";

/** Every resource that a program can declare, with what goes in and what comes out. */
interface Resources {
  Network: [lab.NetworkArgs, lab.NetworkOutputs];
  BaseImage: [lab.BaseImageArgs, lab.BaseImageOutputs];
  SshKey: [lab.SshKeyArgs, lab.SshKeyOutputs];
  RandomSecret: [lab.RandomSecretArgs, lab.RandomSecretOutputs];
  Volume: [lab.VolumeArgs, lab.VolumeOutputs];
  Machine: [lab.MachineArgs, lab.MachineOutputs];
  Snapshot: [lab.SnapshotArgs, lab.SnapshotOutputs];
  NodePool: [lab.NodePoolArgs, lab.NodePoolOutputs];
}

/** One handler for each: a missing one does not compile. */
const handlers: { readonly [K in keyof Resources]: Served } = {
  Network: typed<"Network">(network),
  BaseImage: typed<"BaseImage">(baseImage),
  SshKey: typed<"SshKey">(sshKey),
  RandomSecret: typed<"RandomSecret">(randomSecret),
  Volume: typed<"Volume">(volume),
  Machine: typed<"Machine">(machine),
  Snapshot: typed<"Snapshot">(snapshot),
  NodePool: typed<"NodePool">(nodePool),
};

/** Handlers by type token, `lab:index:Network` and so on. */
export const served: ReadonlyMap<string, Served> = new Map(
  Object.entries(handlers).map(([name, handler]) => [`${lab.labPackage}:index:${name}`, handler]),
);

/** Functions that a program can call, by token. An input that is not known yet is answered with undefined. */
export const functions: ReadonlyMap<string, (args: unknown) => Promise<Parsed<object>>> = new Map([
  [
    `${lab.labPackage}:index:getImage`,
    async (args: unknown): Promise<Parsed<object>> => {
      const parsed = parse(getImageShape, args);
      return parsed.kind === "known" ? { kind: "known", value: await getImage(parsed.value) } : parsed;
    },
  ],
]);

function typed<K extends keyof Resources>(handler: ResourceHandler<Resources[K][0], Resources[K][1]>): Served {
  return serve(handler);
}
