import { createHash } from "node:crypto";
import { createWriteStream, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { SetupError } from "./report.ts";
import { run } from "./run.ts";

/** An official release: a gzipped tar, and the list of SHA-256 sums that its publisher puts beside it. */
export interface Archive {
  readonly url: string;
  readonly checksumsUrl: string;
  /** The folder inside the archive that holds the programs; "." when they lie at its top. */
  readonly folder: string;
}

/** How long a server may take, in milliseconds: to answer at all, and between two pieces of an answer. */
export interface Patience {
  readonly answer: number;
  readonly stall: number;
}

/** Long enough for a slow line, short enough that a machine behind a closed firewall soon compiles instead. */
const patience: Patience = { answer: 5_000, stall: 20_000 };

/** The archive cannot be had from here; something else may stand in. */
export class Unavailable extends Error {
  override readonly name = "Unavailable";
}

/**
 * Downloads an archive, verifies it and moves its programs into an existing folder.
 *
 * @throws Unavailable when the server cannot be reached, has no such release or stops sending.
 * @throws SetupError when what came is not what its publisher has signed for: no stand-in may hide that.
 */
export async function fetchArchive(archive: Archive, into: string, limits: Patience = patience): Promise<void> {
  const sum = await publishedSum(archive, limits);
  const file = join(into, "download.tar.gz");
  const actual = await save(archive.url, file, limits);
  if (actual !== sum) {
    throw new SetupError(
      `${archive.url}: SHA-256 is ${actual}, its publisher says ${sum} in ${archive.checksumsUrl}.\n` +
        "Nothing was installed. Try again; if it stays so, somebody between here and there alters downloads.",
    );
  }
  unpack(file, archive.folder, into);
}

async function publishedSum(archive: Archive, limits: Patience): Promise<string> {
  const list = await get(archive.checksumsUrl, limits, async (body) => {
    let text = "";
    for await (const piece of body) text += Buffer.from(piece).toString("latin1");
    return text;
  });
  const name = basename(archive.url);
  for (const line of list.split("\n")) {
    const [sum, file] = line.trim().split(/\s+\*?/);
    if (file === name && sum !== undefined && /^[0-9a-f]{64}$/.test(sum)) return sum;
  }
  throw new Unavailable(`${archive.checksumsUrl} has no SHA-256 for ${name}`);
}

/** Saves a URL to a file and returns its SHA-256 in hex. */
async function save(url: string, file: string, limits: Patience): Promise<string> {
  const hash = createHash("sha256");
  const tee = new Transform({
    transform(piece: Buffer, _encoding, done) {
      hash.update(piece);
      done(null, piece);
    },
  });
  await get(url, limits, (body) => pipeline(body, tee, createWriteStream(file)));
  return hash.digest("hex");
}

async function get<T>(url: string, limits: Patience, consume: (body: Readable) => Promise<T>): Promise<T> {
  const cut = new AbortController();
  let timer = setTimeout(() => cut.abort(new Error(`no answer in ${limits.answer / 1000} s`)), limits.answer);
  const postpone = () => {
    clearTimeout(timer);
    timer = setTimeout(() => cut.abort(new Error(`stalled for ${limits.stall / 1000} s`)), limits.stall);
  };
  try {
    const response = await fetch(url, { signal: cut.signal });
    if (!response.ok || response.body === null) throw new Error(`HTTP ${response.status}`);
    postpone();
    return await consume(Readable.fromWeb(response.body).on("data", postpone));
  } catch (error) {
    throw new Unavailable(`cannot download ${url} (${reason(error)})`, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // fetch says only "fetch failed"; the cause says that the name is unknown or the connection was refused.
  return error.cause instanceof Error ? error.cause.message : error.message;
}

function unpack(file: string, folder: string, into: string): void {
  const scratch = join(into, "unpacked");
  mkdirSync(scratch);
  const tar = run("tar", ["-xzf", file, "-C", scratch, "--no-same-owner"]);
  if (!tar.ok) throw new SetupError(`tar cannot unpack ${file}: ${tar.complaint}`);
  const programs = join(scratch, folder);
  for (const name of readdirSync(programs)) renameSync(join(programs, name), join(into, name));
  rmSync(scratch, { recursive: true });
  rmSync(file);
}
