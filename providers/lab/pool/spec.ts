import { createHash } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import { machineNamePattern, machineNameRule } from "../../../core/lab/names.ts";
import { poolPaths } from "../../../core/lab/paths.ts";
import type { NodePoolArgs, NodeTemplate } from "../../../core/lab/resources.ts";
import { parseAddress } from "../../../core/net.ts";
import { largestPool } from "../../../core/slurm/conf.ts";
import { namesIn, readIfThere, readJson, writeJson, writeWhole } from "../host/files.ts";
import { root } from "../host/root.ts";
import { imageIdPattern, imageIdRule } from "../machine/record.ts";
import { labIdShape } from "../network/record.ts";
import { UserError } from "../resource.ts";
import { dictionary, integer, object, pattern, secretText, text } from "../shape.ts";

/** What the pool's manager is to keep, without the credentials, which stand apart on the lab's tmpfs. */
export interface PoolSpec extends Omit<NodePoolArgs, "node" | "demandKey"> {
  /** One more with each change. */
  readonly generation: number;
  /** Image, machine shape and credentials in short: nodes of another version are replaced. */
  readonly version: string;
  readonly node: Omit<NodeTemplate, "credentials">;
}

const address = text((value) => (parseAddress(value) === undefined ? "must be an IPv4 address" : undefined));
const machineName = pattern(machineNamePattern, machineNameRule);
const nodeFields = {
  cpus: integer(1, 1024),
  memoryMb: integer(512, 2 ** 24),
  diskMb: integer(256, 2 ** 24),
  cacheDiskMb: integer(64, 2 ** 24),
};
const credentials = dictionary(pattern(/^[a-z][a-z0-9.-]*$/, "a credential name"), secretText());
const poolFields = {
  labId: labIdShape,
  name: machineName,
  min: integer(1, largestPool),
  max: integer(1, largestPool),
  standby: integer(0, largestPool),
  imageId: pattern(imageIdPattern, imageIdRule),
  controlName: machineName,
  controlAddress: address,
  bastionAddress: address,
  readyTimeoutSeconds: integer(1, 3600),
};

/** The resource's inputs. */
export const poolShape = object<NodePoolArgs>(
  { ...poolFields, demandKey: secretText(), node: object<NodeTemplate>({ ...nodeFields, credentials }) },
  ({ min, max }) =>
    min <= max ? undefined : { property: "min", reason: `must not be more than max, which is ${max}; it is ${min}` },
);

const specShape = object<PoolSpec>({
  ...poolFields,
  generation: integer(1, Number.MAX_SAFE_INTEGER),
  version: pattern(/^[0-9a-f]{12}$/, "12 hex digits"),
  node: object<PoolSpec["node"]>(nodeFields),
});

/** The spec that stands, or undefined when there is no such pool. */
export function readSpec(labId: string, name: string): Promise<PoolSpec | undefined> {
  return readJson(poolPaths(root, labId, name).spec, specShape);
}

/** Writes the spec with the next generation and its credentials. Killed half-way, it leaves the old spec in force. */
export async function writeSpec(args: NodePoolArgs): Promise<PoolSpec> {
  const { demandKey, ...open } = args;
  const { labId, name, node } = open;
  const paths = poolPaths(root, labId, name);
  const { credentials: secret, ...shape } = node;
  const version = versionOf(args);
  const generation = ((await readSpec(labId, name))?.generation ?? 0) + 1;
  const spec: PoolSpec = { ...open, node: shape, version, generation };

  await mkdir(paths.secrets, { recursive: true, mode: 0o700 });
  const file = credentialsFile(spec);
  await writeWhole(file, JSON.stringify(secret), 0o600);
  await writeWhole(demandKeyFile(labId, name), demandKey, 0o600);
  await writeJson(paths.spec, spec);
  for (const old of await namesIn(paths.secrets)) {
    if (old.endsWith(".json") && `${paths.secrets}/${old}` !== file) await rm(`${paths.secrets}/${old}`);
  }
  return spec;
}

/** Credentials for new nodes. They are gone when the host was started anew; `pulumi up` hands them out again. */
export async function readCredentials(spec: PoolSpec): Promise<Readonly<Record<string, string>>> {
  const found = await readJson(credentialsFile(spec), credentials);
  if (found !== undefined) return found;
  throw new UserError(`The credentials of pool ${spec.name} are gone from this host's memory. Run \`pulumi up\`.`);
}

/** What the control plane signs its demand with, base64; undefined when this host was started anew since the last `up`. */
export function readDemandKey(spec: PoolSpec): Promise<string | undefined> {
  return readIfThere(demandKeyFile(spec.labId, spec.name));
}

export function demandKeyFile(labId: string, name: string): string {
  return `${poolPaths(root, labId, name).secrets}/demand.key`;
}

export function credentialsFile({ labId, name, version }: PoolSpec): string {
  return `${poolPaths(root, labId, name).secrets}/${version}.json`;
}

export function versionOf({ imageId, node }: Pick<NodePoolArgs, "imageId" | "node">): string {
  const { credentials: secret, ...shape } = node;
  const sorted = Object.entries(secret).toSorted(([one], [other]) => (one < other ? -1 : 1));
  const parts = [imageId, shape.cpus, shape.memoryMb, shape.diskMb, shape.cacheDiskMb, sorted];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 12);
}
