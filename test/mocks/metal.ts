import { defaults, type SubstrateConfig } from "../../core/config/schema.ts";
import type { MockSettings } from "./engine.ts";
import { labOutputs } from "./lab.ts";

const hostKey = (letter: string) => `ssh-ed25519 ${letter.repeat(68)} host`;

/** Three servers, a bastion and a control plane. The key is no key: nothing reads it here. */
export const metalConfig: SubstrateConfig = {
  ...defaults,
  place: {
    target: "metal",
    profile: "standard",
    metal: {
      bastion: { address: "10.83.0.2", hostKey: hostKey("B") },
      control: { address: "10.83.0.3", hostKey: hostKey("C") },
      hosts: ["rack-1", "rack-2", "rack-3"].map((name, index) => ({
        name,
        address: `10.83.0.${64 + index}`,
        user: "operator",
        hostKey: hostKey(String(index)),
        cacheDisk: `/dev/disk/by-id/${name}`,
      })),
      signers: "test/mocks/signers",
      operatorKey: "canary private half of the operator's own key",
    },
  },
  access: { ...defaults.access, ranges: ["198.51.100.0/24"] },
};

export const metalOutputs: MockSettings["outputs"] = { ...labOutputs, "logos:metal:Host": () => ({}) };
