import { mkdtempSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { signatureNamespace } from "../../core/manifest.ts";
import { Refusal } from "../failure.ts";
import { run, systemPath } from "../io/process.ts";

const memoryFolder = "/dev/shm";
/** TMPFS_MAGIC of linux/magic.h. */
const tmpfsMagic = 0x01021994;

/**
 * Signs `text` as an image record and gives the armoured signature. ssh-keygen takes a key from a file only, so the key
 * lies for that moment in a folder on a tmpfs that root alone can read. Throws {@link Refusal}.
 */
export async function signText(text: string, privateKey: string): Promise<string> {
  if (statfsSync(memoryFolder).type !== tmpfsMagic)
    throw new Refusal(`${memoryFolder} is not a tmpfs: the signing key must not touch a disk`);
  const folder = mkdtempSync(join(memoryFolder, "logos-sign-"));
  try {
    const key = join(folder, "key");
    writeFileSync(key, privateKey.endsWith("\n") ? privateKey : `${privateKey}\n`, { mode: 0o600 });
    const argv = ["ssh-keygen", "-q", "-Y", "sign", "-n", signatureNamespace, "-f", key] as const;
    const finished = await run({ argv, cwd: "/", env: { PATH: systemPath }, timeoutSeconds: 30, input: text });
    if (finished.code !== 0)
      throw new Refusal(
        `ssh-keygen could not sign: is standard input an OpenSSH private key without passphrase? ${finished.stderr.trim()}`,
      );
    return finished.stdout;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
