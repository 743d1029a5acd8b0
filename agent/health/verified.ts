import { sha256Pattern } from "../../core/digest.ts";
import { readJson } from "../../core/json.ts";
import type { VerifiedFile } from "../io/files.ts";

/** The list that the gate leaves for the health check: path → content and state. */
export function renderVerified(files: ReadonlyMap<string, VerifiedFile>): string {
  return JSON.stringify(Object.fromEntries(files));
}

/** Throws `Malformed`. An empty list is malformed: it would vouch for everything. */
export function parseVerified(text: string, source: string): ReadonlyMap<string, VerifiedFile> {
  const digits = /^\d+$/;
  return readJson(text, source, (fields) => {
    if (fields.keys().length === 0) fields.problem("*", "must name at least one file");
    return new Map(
      fields.keys().map((path) => [
        path,
        fields.object(path, (file) => ({
          sha256: file.string("sha256", "64 hex digits", sha256Pattern),
          stamp: file.object("stamp", (stamp) => ({
            size: stamp.string("size", "digits", digits),
            inode: stamp.string("inode", "digits", digits),
            modified: stamp.string("modified", "digits", digits),
            changed: stamp.string("changed", "digits", digits),
          })),
        })),
      ]),
    );
  });
}
