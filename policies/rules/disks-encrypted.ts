import { resourceRule, type Violations } from "../rule.ts";
import type { View } from "../view.ts";

/** The key of a node's cache disk, by its credential name. It is made for each node and goes with it. */
const diskKey = "logos.disk-key";

export const disksEncrypted = resourceRule({
  name: "disks-encrypted",
  description: "Every node has a cache disk of its own, encrypted with a key that no other machine has.",
  checks: {
    "logos:substrate:NodePool": function* ({ props }) {
      if (props.boolean("node", "cacheDiskEncrypted") !== true) {
        yield 'has a cache disk that is not encrypted. Set "node.cacheDiskEncrypted" to true.';
      }
      yield* requireDisk(props);
    },
    "lab:index:NodePool": function* ({ props }) {
      yield* requireDisk(props);
      yield* refuseSharedKey(props.keys("node", "credentials"));
    },
    "lab:index:Machine": ({ props }) => refuseSharedKey(props.keys("credentials")),
  },
});

function* requireDisk(props: View): Violations {
  const size = props.number("node", "cacheDiskMb");
  if (size === undefined || !(size > 0)) {
    yield 'has no cache disk, so proofs would lie on the root disk. Set "node.cacheDiskMb" (logos:node.cacheGb).';
  }
}

function* refuseSharedKey(credentials: readonly string[]): Violations {
  if (credentials.includes(diskKey)) {
    yield `is handed the disk key "${diskKey}" by the program. Leave it out: each node is given a key of its own.`;
  }
}
