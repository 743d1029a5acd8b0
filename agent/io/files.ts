import { createHash } from "node:crypto";
import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  fsyncSync,
  openSync,
  readSync,
  renameSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";

/** What identifies one state of a file without reading it. Nanoseconds, so that a change within a millisecond shows. */
export interface FileStamp {
  readonly size: string;
  readonly inode: string;
  readonly modified: string;
  readonly changed: string;
}

/** A file's content, and the state it was in when the content was read. */
export interface VerifiedFile {
  readonly sha256: string;
  readonly stamp: FileStamp;
}

/**
 * Replaces `path` by `text` in one step: a reader, or a crash at any moment, sees the old file or the new one.
 * @param mode permission bits, whatever the umask says.
 */
export function writeAtomically(path: string, text: string, mode = 0o644): void {
  const temporary = `${path}.${process.pid}.tmp`;
  const fd = openSync(temporary, "w", 0o600);
  try {
    writeSync(fd, text);
    fchmodSync(fd, mode);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(temporary, path);
  const folder = openSync(dirname(path), "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/**
 * sha256 of a regular file and its stamp, taken from one open file so that both speak of the same content.
 * A symbolic link, or anything else that is not a regular file, throws ELOOP or EINVAL.
 */
export function hashFile(path: string): VerifiedFile {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const before = fstatSync(fd, { bigint: true });
    if (!before.isFile()) throw Object.assign(new Error(`${path} is not a regular file`), { code: "EINVAL" });
    const hash = createHash("sha256");
    const chunk = Buffer.allocUnsafe(1024 * 1024);
    for (let length = readSync(fd, chunk); length > 0; length = readSync(fd, chunk))
      hash.update(chunk.subarray(0, length));
    return { sha256: hash.digest("hex"), stamp: stampOf(before) };
  } finally {
    closeSync(fd);
  }
}

export function stampOf(stats: {
  readonly size: bigint;
  readonly ino: bigint;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
}): FileStamp {
  return {
    size: String(stats.size),
    inode: String(stats.ino),
    modified: String(stats.mtimeNs),
    changed: String(stats.ctimeNs),
  };
}
