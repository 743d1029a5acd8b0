import type { MockSettings } from "./engine.ts";

/** What the lab's provider and the command plugin would answer, for every type that the program may declare. */
export const labOutputs: MockSettings["outputs"] = {
  "lab:index:Network": () => ({ bridge: "lg-00000000", gateway: "10.83.0.1" }),
  "lab:index:BaseImage": () => ({ digest: "ba".repeat(32), imageId: `base:${"ba".repeat(32)}` }),
  "lab:index:SshKey": (_inputs, name) => ({
    publicKey: `ssh-ed25519 ${"A".repeat(68)} ${name}`,
    privateKey: `canary private half of ${name}`,
  }),
  "lab:index:RandomSecret": () => ({ base64: Buffer.from("canary".padEnd(32, "x")).toString("base64") }),
  "lab:index:Volume": (_inputs, name) => ({ path: `/volumes/${name}` }),
  "lab:index:Machine": (inputs, name) => ({
    instanceId: `instance of ${name}`,
    address: inputs.address ?? "10.83.0.16",
  }),
  "lab:index:Snapshot": (inputs) => ({ imageId: `image:${String(inputs.digest)}`, signedBy: String(inputs.signer) }),
  "lab:index:NodePool": () => ({}),
  "command:remote:Command": () => ({ stdout: "", stderr: "" }),
  "command:remote:CopyToRemote": () => ({}),
};
