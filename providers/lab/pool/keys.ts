import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { run } from "../host/run.ts";

export interface NodeKeys {
  /** OpenSSH private key text. */
  readonly hostKey: string;
  readonly hostKeyPublic: string;
  /** 32 random bytes, base64: the key of the node's encrypted disk. */
  readonly diskKey: string;
}

/** Keys of one node's own, made in a folder on the lab's tmpfs and kept nowhere else. */
export async function makeKeys(node: string, tmpfs: string): Promise<NodeKeys> {
  const folder = await mkdtemp(`${tmpfs}/keys-`);
  try {
    const file = `${folder}/host`;
    await run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", node, "-f", file]);
    return {
      hostKey: await readFile(file, "utf8"),
      hostKeyPublic: (await readFile(`${file}.pub`, "utf8")).trim(),
      diskKey: randomBytes(32).toString("base64"),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
