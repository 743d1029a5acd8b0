import { randomBytes } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { UserError } from "../resource.ts";
import { parse, type Shape } from "../shape.ts";

/** Writes a whole file or none of it, on the disk before the call returns. `mode` defaults to 0644. */
export async function writeWhole(file: string, content: string | Buffer, mode = 0o644): Promise<void> {
  const scratch = `${file}.${randomBytes(4).toString("hex")}.tmp`;
  await mkdir(dirname(file), { recursive: true });
  const handle = await open(scratch, "wx", mode);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } catch (error) {
    await rm(scratch, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
  await rename(scratch, file);
}

export function writeJson(file: string, value: unknown): Promise<void> {
  return writeWhole(file, `${JSON.stringify(value, undefined, 2)}\n`);
}

/** Content of a file, or undefined when there is none. */
export async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (isErrno(error, "ENOENT") || isErrno(error, "ENOTDIR")) return undefined;
    throw error;
  }
}

/** A JSON record of ours, or undefined when there is none. A record that cannot be read is an error, never "none". */
export async function readJson<T>(file: string, shape: Shape<T>): Promise<T | undefined> {
  const text = await readIfThere(file);
  if (text === undefined) return undefined;
  const advice = "Remove the file; `pulumi refresh` and `pulumi up` then make anew what it describes.";
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new UserError(`${file} is no JSON. ${advice}`);
  }
  const parsed = parse(shape, value);
  if (parsed.kind === "known") return parsed.value;
  const reasons =
    parsed.kind === "wrong" ? parsed.mistakes.map((m) => `${m.property} ${m.reason}`).join("; ") : "empty";
  throw new UserError(`${file} is not what the lab wrote there: ${reasons}. ${advice}`);
}

/** Names in a folder, sorted; none when there is no such folder. */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    if (isErrno(error, "ENOENT")) return [];
    throw error;
  }
}

export function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
