import { commitPattern, sha256Pattern } from "./digest.ts";
import { type Fields, Malformed, readJson } from "./json.ts";

/** Namespace of the image's signature (`ssh-keygen -Y sign -n`), and the principal that signs. */
export const signatureNamespace = "logos-image";

/** Which proofs an image holds. */
export interface WorkloadRecord {
  readonly repository: string;
  /** 40 hex. */
  readonly commit: string;
}

/** `/etc/logos/image.json`: what an image says it is. Signed; everything else is reached from it by digest. */
export interface ImageRecord {
  /** Recipe digest, 64 hex: the image's name. */
  readonly digest: string;
  readonly workload: WorkloadRecord;
  readonly coqVersion: string;
  /** sha256 over the sorted lines `package version` of the package database. */
  readonly packagesSha256: string;
  readonly manifestSha256: string;
  /** sha256 of the smoke rebuild's verdict, `/etc/logos/smoke.json`. */
  readonly smokeTranscriptSha256: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
}

export interface ManifestEntry {
  /** Absolute path of a regular file. */
  readonly path: string;
  readonly sha256: string;
}

/** The manifest in the format of sha256sum, sorted by path, so that `sha256sum -c` checks it too. */
export function renderManifest(entries: readonly ManifestEntry[]): string {
  const sorted = [...entries].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  return sorted.map((entry) => `${entry.sha256}  ${entry.path}\n`).join("");
}

/** Throws `Malformed` at the first line that is not an entry, at a path that stands twice, and when there is no entry. */
export function parseManifest(text: string, source: string): readonly ManifestEntry[] {
  const entries: ManifestEntry[] = [];
  const seen = new Set<string>();
  if (!text.endsWith("\n")) throw new Malformed(source, ["is empty or cut off: the last line is not complete"]);
  for (const [index, line] of text.slice(0, -1).split("\n").entries()) {
    const match = /^(?<sha256>[0-9a-f]{64}) {2}(?<path>\/.+)$/.exec(line);
    const { sha256, path } = match?.groups ?? {};
    if (sha256 === undefined || path === undefined)
      throw new Malformed(source, [`line ${index + 1} is not "<sha256>  <absolute path>"`]);
    if (seen.has(path)) throw new Malformed(source, [`line ${index + 1} names ${path} again`]);
    seen.add(path);
    entries.push({ path, sha256 });
  }
  return entries;
}

/** Throws `Malformed`. */
export function parseImageRecord(text: string, source: string): ImageRecord {
  return readJson(text, source, (fields) => ({
    digest: fields.string("digest", "64 hex digits", sha256Pattern),
    workload: fields.object("workload", readWorkload),
    coqVersion: fields.string("coqVersion"),
    packagesSha256: fields.string("packagesSha256", "64 hex digits", sha256Pattern),
    manifestSha256: fields.string("manifestSha256", "64 hex digits", sha256Pattern),
    smokeTranscriptSha256: fields.string("smokeTranscriptSha256", "64 hex digits", sha256Pattern),
    createdAt: fields.string("createdAt"),
  }));
}

/** Throws `Malformed`. */
export function parseWorkloadRecord(text: string, source: string): WorkloadRecord {
  return readJson(text, source, readWorkload);
}

function readWorkload(fields: Fields): WorkloadRecord {
  return {
    repository: fields.string("repository"),
    commit: fields.string("commit", "a full commit id, 40 hex digits", commitPattern),
  };
}
