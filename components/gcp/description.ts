import * as pulumi from "@pulumi/pulumi";
import { sha256Pattern } from "../../core/digest.ts";
import { Malformed, readJson } from "../../core/json.ts";

/** What is written on an image of ours: its whole digest, and by whose key it was signed. Labels take no upper case. */
export interface ImageDescription {
  readonly digest: string;
  /** Public key, `ssh-ed25519 …`. */
  readonly signer: string;
  /** Commit of the workload. */
  readonly commit: string;
}

/** As one line of JSON, of which the signer may be known later. */
export function renderDescription({
  digest,
  signer,
  commit,
}: Omit<ImageDescription, "signer"> & { readonly signer: pulumi.Input<string> }): pulumi.Output<string> {
  return pulumi.output(signer).apply((known) => JSON.stringify({ digest, signer: known, commit }));
}

/**
 * The key that signed an image that stands.
 * @throws pulumi.RunError when the image does not say it, or is of another recipe: it is then not one of ours.
 */
export function parseDescription(text: string, digest: string, imageId: string): string {
  const refuse = (why: string) =>
    new pulumi.RunError(
      `The image ${imageId} has the name of one of ours, but ${why}. Delete it, and it is baked again: ` +
        `gcloud compute images delete ${imageId.split("/").at(-1)}`,
    );
  try {
    const found = readJson(text, "its description", (fields) => ({
      digest: fields.string("digest", "64 hexadecimal digits", sha256Pattern),
      signer: fields.string("signer", "an ed25519 key", /^ssh-ed25519 [A-Za-z0-9+/=]+( .*)?$/),
      commit: fields.string("commit"),
    }));
    if (found.digest !== digest) throw refuse(`is of the recipe ${found.digest}`);
    return found.signer;
  } catch (error) {
    if (error instanceof Malformed) throw refuse(error.message);
    throw error;
  }
}
