import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { filesFolder, listFiles } from "../../../images/files.ts";

const hostUnits = "/usr/lib/systemd/system";
const targets = [
  "basic",
  "sysinit",
  "local-fs",
  "local-fs-pre",
  "multi-user",
  "network",
  "network-pre",
  "network-online",
  "shutdown",
  "umount",
  "timers",
  "paths",
  "sockets",
];
const programs = [
  "/usr/bin/rm",
  "/usr/bin/mkdir",
  "/usr/bin/flock",
  "/usr/bin/python3",
  "/usr/bin/install",
  "/usr/sbin/slurmd",
  "/usr/sbin/nft",
  "/usr/sbin/sshd",
  "/usr/lib/systemd/systemd-networkd",
];
/** The distribution's units that ours add to, as far as the order of things goes. */
const neighbours: Readonly<Record<string, string>> = {
  "slurmd.service":
    "[Unit]\nAfter=network-online.target\nWants=network-online.target\n[Service]\nType=notify\nExecStart=/usr/sbin/slurmd --systemd\nDelegate=yes\n",
  "nftables.service":
    "[Unit]\nDefaultDependencies=no\nWants=network-pre.target\nBefore=network-pre.target shutdown.target\nConflicts=shutdown.target\n[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/usr/sbin/nft -f /etc/nftables.conf\n",
  "systemd-networkd.service":
    "[Unit]\nDefaultDependencies=no\nAfter=network-pre.target\nBefore=network.target multi-user.target shutdown.target\nConflicts=shutdown.target\n[Service]\nExecStart=/usr/lib/systemd/systemd-networkd\n",
  "systemd-tmpfiles-setup.service":
    "[Unit]\nDefaultDependencies=no\nAfter=local-fs.target\nBefore=sysinit.target shutdown.target\nConflicts=shutdown.target\n[Service]\nType=oneshot\nExecStart=/usr/bin/mkdir\n",
};
const wanted: Readonly<Record<string, readonly string[]>> = {
  "sysinit.target": ["logos-prepare.service", "nftables.service", "systemd-tmpfiles-setup.service"],
  "multi-user.target": [
    "logos-cache-disk.service",
    "var-logos\\x2dcache.mount",
    "logos-smoke.service",
    "logos-mission.service",
    "slurmd.service",
    "systemd-networkd.service",
  ],
};

/** A folder that looks like a machine of this role to systemd's checkers. */
export function makeRoot(trees: readonly string[]): string {
  const root = mkdtempSync(join(tmpdir(), "logos-root-"));
  const put = (path: string, text: string, mode = 0o644) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text, { mode });
  };
  for (const target of targets) cpSync(join(hostUnits, `${target}.target`), join(root, hostUnits, `${target}.target`));
  for (const [unit, text] of Object.entries(neighbours)) put(join(hostUnits, unit), text);
  for (const program of programs) put(program, "#!/bin/sh\n", 0o755);
  for (const tree of trees)
    for (const file of listFiles(tree))
      put(file.path, readFileSync(join(filesFolder, tree, file.path), "utf8"), file.mode);
  for (const [target, units] of Object.entries(wanted))
    put(`/etc/systemd/system/${target}.d/test.conf`, `[Unit]\nWants=${units.join(" ")}\n`);
  return root;
}

/** Major version of systemd on this machine. */
export function systemdVersion(): number {
  return Number(/^systemd (\d+)/.exec(execFileSync("systemctl", ["--version"], { encoding: "utf8" }))?.[1]);
}
