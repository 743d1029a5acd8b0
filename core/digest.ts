import { createHash } from "node:crypto";

/** 64 lower-case hex digits: a sha256. */
export const sha256Pattern = /^[0-9a-f]{64}$/;

/** A full Git commit id. */
export const commitPattern = /^[0-9a-f]{40}$/;

export function sha256Hex(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

/**
 * Number of a recipe's image in Azure's gallery: three numbers of 31 bits, since Azure takes nothing else. 93 bits of the
 * digest are enough to tell recipes apart.
 * @param digest 64 hex digits
 */
export function galleryVersion(digest: string): string {
  const part = (index: number) => Number.parseInt(digest.slice(8 * index, 8 * index + 8), 16) & 0x7fff_ffff;
  return [part(0), part(1), part(2)].join(".");
}
