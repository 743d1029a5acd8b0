import { attempt, type Outcome, type Rule } from "../../rule.ts";
import type { View } from "../../view.ts";

/** The key of a node's cache disk, by its credential name. It is made for each node and goes with it. */
const diskKey = "logos.disk-key";

export const disksEncrypted: Rule = {
  id: "Q03",
  name: "disks-encrypted",
  title: "Every node has a cache disk of its own, encrypted with a key that no other machine has.",
  family: "encryption",
  severity: "critical",
  reason: "Proofs and their caches would lie readable on a disk that outlives its machine.",
  remediation: 'Set "node.cacheDiskEncrypted" to true.',
  upstream: [],
  checks: {
    "logos:substrate:NodePool": function* ({ props }) {
      yield* attempt(function* () {
        const encrypted = props.at("node", "cacheDiskEncrypted");
        if (encrypted.boolean() !== true) {
          yield { at: encrypted, found: "has a cache disk that is not encrypted", expected: "true" };
        }
      });
      yield* attempt(() => requireDisk(props));
    },
    "lab:index:NodePool": function* ({ props }) {
      yield* attempt(() => requireDisk(props));
      yield* attempt(() => refuseSharedKey(props.at("node", "credentials")));
    },
    "lab:index:Machine": ({ props }) => refuseSharedKey(props.at("credentials")),
  },
};

function* requireDisk(props: View): Generator<Outcome> {
  const size = props.at("node", "cacheDiskMb");
  if (!((size.number() ?? 0) > 0)) {
    yield {
      at: size,
      found: "has no cache disk, so proofs would lie on the root disk",
      mend: 'Set "node.cacheDiskMb" (logos:node.cacheGb).',
    };
  }
}

function* refuseSharedKey(credentials: View): Generator<Outcome> {
  if (credentials.keys().includes(diskKey)) {
    yield {
      at: credentials,
      found: `is handed the disk key "${diskKey}" by the program`,
      mend: "Leave it out: each node is given a key of its own.",
    };
  }
}
