import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { parseArgs } from "node:util";
import { sha256Hex, sha256Pattern } from "../../core/digest.ts";
import { type ImageRecord, parseWorkloadRecord, renderManifest } from "../../core/manifest.ts";
import { parseVerdict } from "../../core/verdict.ts";
import { Refusal } from "../failure.ts";
import { bakedFiles, packageList } from "../image/baked-files.ts";
import { signText } from "../image/sign.ts";
import { hashFile, writeAtomically } from "../io/files.ts";
import { checkoutPath, machinePaths as paths } from "../paths.ts";

/**
 * `logos-agent manifest write --digest D`: the last step of a bake that changes what an image is. Lists and hashes what was
 * baked and signs it with the OpenSSH private key on standard input. Refuses without a passed smoke rebuild of this commit:
 * the machine's last verdict, or the one in the file that `--smoke` names, on a machine that has been through its gate since.
 */
export async function manifestCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { digest: { type: "string" }, smoke: { type: "string" } },
    allowPositionals: true,
  });
  const { digest, smoke: verdict = paths.verdict } = values;
  if (positionals.join(" ") !== "write" || digest === undefined || !sha256Pattern.test(digest))
    throw new Refusal(
      "Usage: logos-agent manifest write --digest <recipe digest, 64 hex> [--smoke <verdict of the smoke rebuild>], with the signing key on standard input",
    );
  const workload = parseWorkloadRecord(readFileSync(paths.workload, "utf8"), paths.workload);
  const transcript = readFileSync(verdict, "utf8");
  const smoke = parseVerdict(transcript, verdict);
  if (
    smoke.kind !== "bake" ||
    smoke.result !== "PASS" ||
    smoke.commit !== workload.commit ||
    smoke.coqVersion === undefined
  )
    throw new Refusal(`${verdict} is not a passed smoke rebuild of ${workload.commit}: run logos-agent gate --bake`);
  const privateKey = await text(process.stdin);

  writeAtomically(paths.smoke, transcript);
  const files = await bakedFiles(checkoutPath, paths);
  const manifest = renderManifest(files.map((path) => ({ path, sha256: hashFile(path).sha256 })));
  const record: ImageRecord = {
    digest,
    workload,
    coqVersion: smoke.coqVersion,
    packagesSha256: sha256Hex(await packageList()),
    manifestSha256: sha256Hex(manifest),
    smokeTranscriptSha256: sha256Hex(transcript),
    createdAt: new Date().toISOString(),
  };
  const image = `${JSON.stringify(record, null, 2)}\n`;
  const signature = await signText(image, privateKey);
  writeAtomically(paths.manifest, manifest);
  writeAtomically(paths.image, image);
  writeAtomically(paths.imageSignature, signature);
  process.stdout.write(`${files.length} files, manifest sha256 ${record.manifestSha256}, image ${digest} signed\n`);
  return 0;
}
