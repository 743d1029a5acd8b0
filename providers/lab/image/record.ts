import { readdir } from "node:fs/promises";
import { digestPattern } from "../../../core/lab/names.ts";
import { basePaths, imagePaths, imagesFolder } from "../../../core/lab/paths.ts";
import { readJson } from "../host/files.ts";
import { root } from "../host/root.ts";
import { UserError } from "../resource.ts";
import { object, pattern, text } from "../shape.ts";
import { baseStands } from "./base.ts";

/** What stands in image.json beside a captured layer. */
export interface ImageRecord {
  readonly digest: string;
  /** Digest of the base that the layer lies on. */
  readonly base: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  /** The lab whose builder it was captured from. */
  readonly builtBy: string;
  /** Public key that its manifest is signed with. It lies beside the layer, so that an altered layer cannot name its own. */
  readonly signedBy: string;
}

const digest = pattern(digestPattern, "64 hex digits");
const shape = object<ImageRecord>({ digest, base: digest, createdAt: text(), builtBy: text(), signedBy: text() });

export function readImage(imageDigest: string): Promise<ImageRecord | undefined> {
  return readJson(imagePaths(root, imageDigest).record, shape);
}

/** All captured images of this host, newest first. */
export async function allImages(): Promise<ImageRecord[]> {
  const entries = await readdir(imagesFolder(root)).catch(() => []);
  const images = await Promise.all(entries.filter((name) => digestPattern.test(name)).map(readImage));
  return images.filter((image) => image !== undefined).sort((a, b) => b.createdAt.localeCompare(a.createdAt));
}

export interface ParsedImageId {
  readonly kind: "base" | "image";
  readonly digest: string;
}

export function parseImageId(imageId: string): ParsedImageId {
  const [kind, imageDigest] = imageId.split(":");
  if ((kind !== "base" && kind !== "image") || imageDigest === undefined) throw new Error(`${imageId} was not checked`);
  return { kind, digest: imageDigest };
}

/** Folders that a machine of that image is laid over, top first. */
export async function lowerFolders(imageId: string): Promise<string[]> {
  const { kind, digest: imageDigest } = parseImageId(imageId);
  if (kind === "base") return [await baseFolder(imageDigest, imageId)];
  const image = await readImage(imageDigest);
  if (image === undefined) throw missing(imageId);
  return [imagePaths(root, imageDigest).layer, await baseFolder(image.base, imageId)];
}

async function baseFolder(baseDigest: string, imageId: string): Promise<string> {
  if (!(await baseStands(baseDigest))) throw missing(imageId);
  return basePaths(root, baseDigest).rootfs;
}

function missing(imageId: string): UserError {
  return new UserError(
    `The image ${imageId} is not on this host, or not whole. Run \`pulumi refresh\`, then \`pulumi up\`, which makes it again.`,
  );
}
