import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { digestPattern, machineNamePattern, machineNameRule } from "../../../core/lab/names.ts";
import { imagePaths, labPaths, machinePaths } from "../../../core/lab/paths.ts";
import type { GetImageArgs, GetImageResult, SnapshotArgs, SnapshotOutputs } from "../../../core/lab/resources.ts";
import { writeJson } from "../host/files.ts";
import { withLock } from "../host/lock.ts";
import { root } from "../host/root.ts";
import { run } from "../host/run.ts";
import { retireAs } from "../machine/lifecycle.ts";
import { intentsOf } from "../machine/record.ts";
import { labIdShape } from "../network/record.ts";
import { type ResourceHandler, UserError, type Work } from "../resource.ts";
import { object, optional, pattern, text } from "../shape.ts";
import { type ImageRecord, parseImageId, readImage } from "./record.ts";
import { prune } from "./retention.ts";

const digest = pattern(digestPattern, "64 hex digits");
const fields = {
  labId: labIdShape,
  digest,
  machineName: optional(pattern(machineNamePattern, machineNameRule)),
  instanceId: optional(text()),
  signer: text(),
};

export const getImageShape = object<GetImageArgs>({ labId: labIdShape, digest });

/** An image, captured from a machine that was made from a base, under the digest of its recipe. */
export const snapshot: ResourceHandler<SnapshotArgs, SnapshotOutputs> = {
  inputs: object<SnapshotArgs>(fields),
  state: object<SnapshotOutputs>({ ...fields, imageId: text(), signedBy: text() }),
  secrets: [],
  changes: {
    labId: "replace",
    digest: "replace",
    // The image has the digest of what is in it. Who made it, and whether that one still stands, changes nothing.
    machineName: "update",
    instanceId: "update",
    signer: "update",
  },
  deleteBeforeReplace: false,

  foresee({ digest: known }) {
    return known === undefined ? {} : { imageId: `image:${known}` };
  },

  async create(inputs, work) {
    await holdOn(inputs);
    const image = await ensure(inputs, work);
    await prune(work);
    return { id: `image:${inputs.digest}`, state: outputs(inputs, image) };
  },

  async read(_id, state) {
    return (await readImage(state.digest)) === undefined ? undefined : state;
  },

  async update(_id, _state, inputs, work) {
    await holdOn(inputs);
    return outputs(inputs, await ensure(inputs, work));
  },

  async delete(_id, { labId, digest: held }, work) {
    await rm(`${labPaths(root, labId).images}/${held}`, { force: true });
    await prune(work);
  },
};

/** What the program asks before it declares a builder. */
export async function getImage({ labId, digest: wanted }: GetImageArgs): Promise<GetImageResult> {
  const [image, machines] = await Promise.all([readImage(wanted), intentsOf(labId)]);
  return { exists: image !== undefined, hasBuilder: machines.some((machine) => machine.capturedAs === wanted) };
}

function outputs(inputs: SnapshotArgs, { signedBy }: ImageRecord): SnapshotOutputs {
  return { ...inputs, imageId: `image:${inputs.digest}`, signedBy };
}

/** Marks the image as one that this lab needs, before anything else may remove it. */
async function holdOn({ labId, digest: held }: SnapshotArgs): Promise<void> {
  const { images } = labPaths(root, labId);
  await mkdir(images, { recursive: true });
  await writeFile(`${images}/${held}`, "");
}

function ensure(inputs: SnapshotArgs, work: Work): Promise<ImageRecord> {
  return withLock(imagePaths(root, inputs.digest).lock, work.signal, async () => {
    const standing = await readImage(inputs.digest);
    if (standing === undefined) return capture(inputs, work);
    if (inputs.machineName !== undefined) await retireAs(inputs.labId, inputs.machineName, inputs.digest, work.signal);
    return standing;
  });
}

async function capture(inputs: SnapshotArgs, work: Work): Promise<ImageRecord> {
  const { labId, digest: name, machineName } = inputs;
  if (machineName === undefined) {
    throw new UserError(
      `The image ${name} is not on this host, and no builder is declared to capture it from. Run \`pulumi up\` again.`,
    );
  }
  work.progress(`powering off ${machineName}`);
  const builder = await retireAs(labId, machineName, name, work.signal);
  const source = parseImageId(builder.imageId);
  if (source.kind !== "base") {
    throw new UserError(
      `The machine ${machineName} was made from ${builder.imageId}; an image is captured from a machine on a base.`,
    );
  }
  const paths = imagePaths(root, name);
  const scratch = paths.scratch;
  await rm(scratch, { recursive: true, force: true });
  await rm(paths.folder, { recursive: true, force: true });
  await mkdir(scratch, { recursive: true });
  work.progress("copying the disk");
  const upper = machinePaths(root, labId, machineName).upper;
  await run(["cp", "--archive", "--sparse=auto", upper, `${scratch}/layer`], { signal: work.signal });
  // Its own id: each machine of the image is given another before it boots.
  await rm(`${scratch}/layer/etc/machine-id`, { force: true });
  const record: ImageRecord = {
    digest: name,
    base: source.digest,
    createdAt: new Date().toISOString(),
    builtBy: labId,
    signedBy: inputs.signer,
  };
  await writeJson(`${scratch}/image.json`, record);
  await run(["sync", "--file-system", scratch]);
  await rename(scratch, paths.folder);
  return record;
}
