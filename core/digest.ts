import { createHash } from "node:crypto";

/** 64 lower-case hex digits: a sha256. */
export const sha256Pattern = /^[0-9a-f]{64}$/;

/** A full Git commit id. */
export const commitPattern = /^[0-9a-f]{40}$/;

export function sha256Hex(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}
