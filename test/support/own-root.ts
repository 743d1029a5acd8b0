import { type SpawnSyncReturns, spawnSync } from "node:child_process";

/** Folders that a program of ours writes to; what it writes there is gone when it ends. */
const covered = ["etc", "opt", "usr", "var"];

const cover = `mount -t tmpfs none /run
for folder in ${covered.join(" ")}; do
  mkdir -p /run/own/$folder/upper /run/own/$folder/work
  mount -t overlay -o lowerdir=/$folder,upperdir=/run/own/$folder/upper,workdir=/run/own/$folder/work none /$folder
done
`;

export const canHaveOwnRoot = process.getuid?.() === 0;

/**
 * Runs a shell script in a mount namespace of its own, in which /run is empty and nothing that is written below /etc, /opt, /usr or
 * /var reaches this host. Needs root (`canHaveOwnRoot`).
 *
 * @param args what the script has as `$1` and on
 */
export function inOwnRoot(script: string, args: readonly string[], input = ""): SpawnSyncReturns<string> {
  return spawnSync("unshare", ["--mount", "sh", "-ec", cover + script, "sh", ...args], { input, encoding: "utf8" });
}
