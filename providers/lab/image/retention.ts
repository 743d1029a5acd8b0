import { rm, stat } from "node:fs/promises";
import { digestPattern } from "../../../core/lab/names.ts";
import {
  basePaths,
  basesFolder,
  hostLock,
  imagePaths,
  labPaths,
  labsFolder,
  poolPaths,
} from "../../../core/lab/paths.ts";
import { namesIn, readIfThere } from "../host/files.ts";
import { withLock } from "../host/lock.ts";
import { root } from "../host/root.ts";
import { intentsOf } from "../machine/record.ts";
import type { Work } from "../resource.ts";
import { allImages, parseImageId } from "./record.ts";

/** How many images, and how many bases, are kept beyond those in use: for rollback, and for a fast next `up`. */
const kept = 3;

type Removing = Pick<Work, "signal" | "info">;

/** Removes images that no lab refers to, then bases that neither a lab nor an image does; of each, the newest three stay. */
export async function prune({ signal, info }: Removing): Promise<void> {
  await withLock(hostLock(root), signal, async () => {
    const labs = await namesIn(labsFolder(root));
    const inUse = new Set((await Promise.all(labs.map(referencesOf))).flat());
    for (const { digest } of removable(await allImages(), inUse)) {
      info(`Removing the image ${digest.slice(0, 12)}: no lab refers to it, and ${kept} newer ones are kept`);
      await removeRecorded(imagePaths(root, digest));
    }
    for (const { base } of await allImages()) inUse.add(base);
    for (const { digest } of removable(await allBases(), inUse)) {
      info(`Removing the base image ${digest.slice(0, 12)}: nothing refers to it, and ${kept} newer ones are kept`);
      await removeRecorded(basePaths(root, digest));
    }
  });
}

/** Which may go. `candidates` are newest first. */
export function removable<T extends { readonly digest: string }>(
  candidates: readonly T[],
  inUse: ReadonlySet<string>,
): T[] {
  return candidates.filter(({ digest }) => !inUse.has(digest)).slice(kept);
}

/** Without its record a folder is no image any more, whenever this is cut short. */
async function removeRecorded({ record, folder }: { readonly record: string; readonly folder: string }): Promise<void> {
  await rm(record, { force: true });
  await rm(folder, { recursive: true, force: true });
}

/** All bases of this host, newest first. */
async function allBases(): Promise<{ readonly digest: string; readonly madeAt: number }[]> {
  const digests = (await namesIn(basesFolder(root))).filter((name) => digestPattern.test(name));
  const bases = await Promise.all(
    digests.map(async (digest) => {
      const made = await stat(basePaths(root, digest).record).catch(() => undefined);
      return { digest, madeAt: made?.mtimeMs ?? 0 };
    }),
  );
  return bases.sort((a, b) => b.madeAt - a.madeAt);
}

/** Digests of the images and bases that a lab's snapshots, machines and pools refer to. */
async function referencesOf(labId: string): Promise<string[]> {
  const paths = labPaths(root, labId);
  const machines = (await intentsOf(labId)).map(({ imageId }) => parseImageId(imageId).digest);
  const specs = await Promise.all(
    (await namesIn(paths.pools)).map((name) => readIfThere(poolPaths(root, labId, name).spec)),
  );
  const pools = specs.flatMap((spec) =>
    [...(spec ?? "").matchAll(/"image:([0-9a-f]{64})"/g)].flatMap((match) => match[1] ?? []),
  );
  return [...(await namesIn(paths.images)), ...machines, ...pools];
}
