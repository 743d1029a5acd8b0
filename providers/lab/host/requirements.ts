import { accessSync, constants } from "node:fs";
import { toolPath } from "./run.ts";

/** Tools that the provider runs, and the Debian package that each comes from. */
const tools = {
  "systemd-nspawn": "systemd-container",
  mmdebstrap: "mmdebstrap",
  nft: "nftables",
  ip: "iproute2",
  flock: "util-linux",
  losetup: "mount",
  nsenter: "util-linux",
  setpriv: "util-linux",
  unshare: "util-linux",
  "mkfs.ext4": "e2fsprogs",
  resize2fs: "e2fsprogs",
  e2fsck: "e2fsprogs",
  "ssh-keygen": "openssh-client",
  bash: "bash",
  awk: "mawk",
} as const;

/** What keeps this host from being a lab, in one text that says how to mend it; undefined when nothing does. */
export function missingRequirements(): string | undefined {
  if (process.platform !== "linux") {
    return `The lab runs machines on this host with systemd-nspawn, which needs Linux; this is ${process.platform}. Choose another target, or run in a Linux machine.`;
  }
  if (process.getuid?.() !== 0) {
    return "The lab makes bridges, mounts and machines on this host, which needs root. Run the same command again as root (sudo -E).";
  }
  const missing = Object.entries(tools).filter(([tool]) => !isInstalled(tool));
  if (missing.length === 0) return undefined;
  const packages = [...new Set(missing.map(([, name]) => name))].join(" ");
  return `The lab needs tools that this host lacks: ${missing.map(([tool]) => tool).join(", ")}. Install them: apt-get install ${packages}`;
}

function isInstalled(tool: string): boolean {
  return toolPath.split(":").some((folder) => {
    try {
      accessSync(`${folder}/${tool}`, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
