import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { filesFolder } from "../../../images/files.ts";

const sshd = "/usr/sbin/sshd";
const port = 22022;
let folder: string;
let daemon: ChildProcess;
let elsewhere: Server;
let elsewherePort: number;

/** The settings that a bastion runs with: the role's file first, then the one that every machine has from its base. */
function bastionSettings(): string {
  const customize = readFileSync(join(filesFolder, "../base/customize.sh"), "utf8");
  const base = /50-logos\.conf <<'SSHD'\n(?<text>[\s\S]*?)\nSSHD\n/.exec(customize)?.groups?.["text"];
  if (base === undefined) throw new Error("customize.sh no longer writes 50-logos.conf as a here-document");
  return `${readFileSync(join(filesFolder, "bastion/etc/ssh/sshd_config.d/40-bastion.conf"), "utf8")}\n${base}\n`;
}

/** A real sshd with these settings, but with a host key, a port and a user that this machine has. */
beforeAll(async () => {
  if (!runnable()) return;
  folder = mkdtempSync(join(tmpdir(), "logos-sshd-"));
  for (const key of ["host", "user", "other"])
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", join(folder, key)]);
  copyFileSync(join(folder, "user.pub"), join(folder, "authorized"));
  const own = [
    `Port ${port}`,
    "ListenAddress 127.0.0.1",
    `HostKey ${join(folder, "host")}`,
    `AuthorizedKeysFile ${join(folder, "authorized")}`,
    "AllowUsers root",
    "PermitRootLogin prohibit-password",
    "StrictModes no",
    "PidFile none",
    "",
  ].join("\n");
  writeFileSync(join(folder, "config"), `${own}${bastionSettings().replace(/^HostKey .*$/m, "")}`);
  mkdirSync("/run/sshd", { recursive: true });
  elsewhere = createServer((socket) => socket.end("reached\n"));
  elsewherePort = await new Promise((resolve) => {
    elsewhere.listen(0, "127.0.0.1", () => {
      const address = elsewhere.address();
      if (address !== null && typeof address === "object") resolve(address.port);
    });
  });
  daemon = spawn(sshd, ["-D", "-e", "-f", join(folder, "config")], { stdio: ["ignore", "ignore", "pipe"] });
  await new Promise<void>((resolve, reject) => {
    daemon.stderr?.on("data", (chunk: Buffer) => {
      if (chunk.toString().includes("Server listening")) resolve();
    });
    daemon.once("exit", (code) => reject(new Error(`sshd ended with ${code}`)));
  });
});
afterAll(() => {
  if (!runnable()) return;
  daemon.kill();
  elsewhere.close();
  rmSync(folder, { recursive: true, force: true });
});

function runnable(): boolean {
  return process.getuid?.() === 0 && existsSync(sshd);
}

function ssh(args: readonly string[], key = "user") {
  const options = [
    "BatchMode=yes",
    "StrictHostKeyChecking=no",
    "UserKnownHostsFile=/dev/null",
    "IdentitiesOnly=yes",
    "ConnectTimeout=5",
  ];
  return spawnSync(
    "ssh",
    [
      "-F",
      "none",
      "-p",
      String(port),
      "-i",
      join(folder, key),
      ...options.flatMap((option) => ["-o", option]),
      ...args,
    ],
    { encoding: "utf8", input: "", timeout: 15_000 },
  );
}

describe.skipIf(!runnable())("a bastion's sshd", () => {
  it("lets the operator's key in, and no other", () => {
    expect(ssh(["root@127.0.0.1", "echo in"]).stdout).toBe("in\n");
    expect(ssh(["root@127.0.0.1", "echo in"], "other").stderr).toMatch(/Permission denied \(publickey\)/);
  });

  it("does not forward to any port but SSH's", () => {
    const refused = ssh(["-W", `127.0.0.1:${elsewherePort}`, "root@127.0.0.1"]);
    expect(refused.stdout).toBe("");
    expect(refused.stderr).toMatch(/administratively prohibited/);
  });

  it("forwards to port 22", () => {
    // Whether anything listens there is another matter: what counts is that sshd tries.
    expect(ssh(["-W", "127.0.0.1:22", "root@127.0.0.1"]).stderr).not.toMatch(/administratively prohibited/);
  });

  it("opens no port of its own, and passes no socket on", () => {
    expect(ssh(["-o", "ExitOnForwardFailure=yes", "-R", "0:127.0.0.1:22", "root@127.0.0.1", "true"]).stderr).toMatch(
      /forwarding failed/,
    );
    const agent = ssh(["-A", "root@127.0.0.1", 'echo "agent:$SSH_AUTH_SOCK"']);
    expect(agent.stdout).toBe("agent:\n");
  });

  it("runs with what was meant", () => {
    const config = join(folder, "meant");
    writeFileSync(config, bastionSettings().replace(/^HostKey .*$/m, `HostKey ${join(folder, "host")}`));
    const shown = execFileSync(sshd, ["-T", "-f", config], { encoding: "utf8" }).split("\n");
    for (const line of [
      "permitrootlogin no",
      "passwordauthentication no",
      "kbdinteractiveauthentication no",
      "allowusers operator",
      "x11forwarding no",
      "allowagentforwarding no",
      "allowtcpforwarding local",
      "allowstreamlocalforwarding no",
      "permittunnel no",
      "gatewayports no",
      "permitopen *:22",
      "permitlisten none",
    ])
      expect(shown).toContain(line);
  });
});
