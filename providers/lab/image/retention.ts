import { rm } from "node:fs/promises";
import { hostLock, imagePaths, labPaths, labsFolder, poolPaths } from "../../../core/lab/paths.ts";
import { namesIn, readIfThere } from "../host/files.ts";
import { withLock } from "../host/lock.ts";
import { root } from "../host/root.ts";
import { intentsOf } from "../machine/record.ts";
import type { Work } from "../resource.ts";
import { allImages, type ImageRecord, parseImageId } from "./record.ts";

/** How many images are kept for rollback beyond those in use. */
const kept = 3;

/** Removes images that no lab refers to, except the newest three of them. */
export async function prune({ signal, info }: Pick<Work, "signal" | "info">): Promise<void> {
  await withLock(hostLock(root), signal, async () => {
    const inUse = new Set((await Promise.all((await namesIn(labsFolder(root))).map(imagesOf))).flat());
    for (const { digest } of removable(await allImages(), inUse)) {
      info(`Removing the image ${digest.slice(0, 12)}: no lab refers to it, and ${kept} newer ones are kept`);
      const { record, folder } = imagePaths(root, digest);
      // Without its record the folder is no image any more, whenever this is cut short.
      await rm(record, { force: true });
      await rm(folder, { recursive: true, force: true });
    }
  });
}

/** Which images may go. `images` are newest first. */
export function removable(images: readonly ImageRecord[], inUse: ReadonlySet<string>): ImageRecord[] {
  return images.filter(({ digest }) => !inUse.has(digest)).slice(kept);
}

/** Digests of the images that a lab's snapshots, machines and pools refer to. */
async function imagesOf(labId: string): Promise<string[]> {
  const paths = labPaths(root, labId);
  const machines = (await intentsOf(labId)).flatMap(({ imageId }) => {
    const image = parseImageId(imageId);
    return image.kind === "image" ? [image.digest] : [];
  });
  const specs = await Promise.all(
    (await namesIn(paths.pools)).map((name) => readIfThere(poolPaths(root, labId, name).spec)),
  );
  const pools = specs.flatMap((spec) =>
    [...(spec ?? "").matchAll(/"image:([0-9a-f]{64})"/g)].flatMap((match) => match[1] ?? []),
  );
  return [...(await namesIn(paths.images)), ...machines, ...pools];
}
