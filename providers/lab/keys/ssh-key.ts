import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import type { SshKeyArgs, SshKeyOutputs } from "../../../core/lab/resources.ts";
import { run } from "../host/run.ts";
import type { ResourceHandler } from "../resource.ts";
import { object, pattern, secretText, text } from "../shape.ts";

/** A tmpfs on every Linux: the private key never lies on a disk. */
const memoryFolder = "/dev/shm";
const comment = pattern(/^[\x21-\x7e]{1,100}$/, "1 to 100 printable characters without spaces");

/** An ed25519 key pair. Its only home is the engine's state, where the private half is encrypted. */
export const sshKey: ResourceHandler<SshKeyArgs, SshKeyOutputs> = {
  inputs: object<SshKeyArgs>({ comment }),
  state: object<SshKeyOutputs>({ comment, publicKey: text(), privateKey: secretText() }),
  secrets: ["privateKey"],
  changes: { comment: "replace" },
  deleteBeforeReplace: false,

  foresee() {
    return {};
  },

  async create(inputs, { signal }) {
    const folder = await mkdtemp(`${memoryFolder}/logos-key-`);
    try {
      await run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", inputs.comment, "-f", `${folder}/key`], {
        signal,
      });
      const privateKey = await readFile(`${folder}/key`, "utf8");
      const publicKey = (await readFile(`${folder}/key.pub`, "utf8")).trim();
      return { id: fingerprint(publicKey), state: { ...inputs, publicKey, privateKey } };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },

  async read(_id, state) {
    return state;
  },

  async update(_id, state) {
    return state;
  },

  async delete() {
    // Nothing of a key is on this host.
  },
};

/** As `ssh-keygen -l` shows it. */
function fingerprint(publicKey: string): string {
  const blob = Buffer.from(publicKey.split(" ")[1] ?? "", "base64");
  return `SHA256:${createHash("sha256").update(blob).digest("base64").replace(/=+$/, "")}`;
}
