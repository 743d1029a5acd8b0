import { readFileSync } from "node:fs";
import { sha256Hex } from "../../core/digest.ts";
import { messageOf } from "../../core/errors.ts";
import { parseImageRecord, parseManifest, parseWorkloadRecord, signatureNamespace } from "../../core/manifest.ts";
import { CheckFailure, errorCode } from "../failure.ts";
import { hashFile, type VerifiedFile } from "../io/files.ts";
import { run, systemPath } from "../io/process.ts";
import { readMachineRecord } from "../machine.ts";
import type { Paths } from "../paths.ts";
import { type Check, mustSucceed } from "./context.ts";

/** The machine runs the image it was launched with, signed by a signer it was told to trust, and no file of it was changed. */
export const manifestCheck: Check = {
  id: "manifest",
  title: "image signature and file hashes",
  async run({ paths }) {
    await verifySignature(paths);
    const image = parseImageRecord(readText(paths.image, "the image record"), paths.image);
    const launchedWith = readMachineRecord(paths.machine).imageDigest;
    if (launchedWith !== image.digest)
      throw new CheckFailure(
        `The image calls itself ${image.digest}, but this machine was launched with ${launchedWith ?? "none"}`,
      );
    const manifest = readText(paths.manifest, "the manifest");
    if (sha256Hex(manifest) !== image.manifestSha256)
      throw new CheckFailure(`${paths.manifest} is not the manifest that was signed`);
    const entries = parseManifest(manifest, paths.manifest);
    for (const needed of [paths.pins, paths.workload])
      if (!entries.some((entry) => entry.path === needed))
        throw new CheckFailure(`The manifest does not cover ${needed}`);
    const verified = new Map<string, VerifiedFile>();
    const wrong: string[] = [];
    const records = [paths.image, paths.manifest].map((path) => ({
      path,
      sha256: sha256Hex(readText(path, "a record")),
    }));
    for (const { path, sha256 } of [...entries, ...records]) {
      const found = compare(path, sha256);
      if (typeof found === "string") wrong.push(found);
      else verified.set(path, found);
    }
    if (wrong.length > 0) {
      const more = wrong.length > 5 ? ` and ${wrong.length - 5} more` : "";
      throw new CheckFailure(`Files of the image were changed: ${wrong.slice(0, 5).join(", ")}${more}`);
    }
    const { commit } = parseWorkloadRecord(readText(paths.workload, "the workload record"), paths.workload);
    if (commit !== image.workload.commit)
      throw new CheckFailure(`${paths.workload} names commit ${commit}, but the image holds ${image.workload.commit}`);
    return { imageDigest: image.digest, verified };
  },
};

/** What is wrong with the file, in words, or the file as it was found. */
export function compare(path: string, sha256: string): string | VerifiedFile {
  try {
    const found = hashFile(path);
    return found.sha256 === sha256 ? found : `${path} (content)`;
  } catch (error) {
    const code = errorCode(error);
    if (code === "ENOENT") return `${path} (missing)`;
    return `${path} (${code === "ELOOP" || code === "EINVAL" ? "not a plain file" : (code ?? messageOf(error))})`;
  }
}

async function verifySignature(paths: Paths): Promise<void> {
  const text = readText(paths.image, "the image record");
  for (const [path, what] of [
    [paths.imageSignature, "the image's signature"],
    [paths.allowedSigners, "the list of allowed signers (credential logos.allowed-signers)"],
  ] as const)
    readText(path, what);
  const argv = [
    "ssh-keygen",
    "-Y",
    "verify",
    "-n",
    signatureNamespace,
    "-I",
    signatureNamespace,
    "-f",
    paths.allowedSigners,
    "-s",
    paths.imageSignature,
  ] as const;
  const finished = await run({ argv, cwd: "/", env: { PATH: systemPath }, timeoutSeconds: 30, input: text });
  if (finished.code === 0) return;
  mustSucceed(`The signature ${paths.imageSignature} is not of an allowed signer: ssh-keygen -Y verify`, finished, 30);
}

function readText(path: string, what: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new CheckFailure(`${path}, ${what}, cannot be read (${errorCode(error) ?? "unknown"})`, {
      couldNotRun: true,
    });
  }
}
