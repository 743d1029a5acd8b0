import { spawnSync } from "node:child_process";
import { mkdirSync, renameSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Complaint } from "./complaint.ts";
import type { StackOutputs } from "./outputs.ts";
import { repository } from "./pulumi.ts";

/** Magic number of a tmpfs in statfs(2). */
const tmpfsMagic = 0x01021994;

/** Where the files of a stack's SSH access lie. The folder is safe to remove; `up` writes it again. */
export function sshFolder(stack: string): string {
  return join(repository, "build", "ssh", stack);
}

/** The key's folder: never on a disk that keeps what was written. */
export function keyFolder(stack: string): string {
  const memory = ["/run", "/dev/shm"].find((folder) => statfsSync(folder).type === tmpfsMagic);
  if (memory === undefined) {
    throw new Complaint(
      "Neither /run nor /dev/shm is in memory, so the key has no place that no disk keeps. Mount a tmpfs on /run.",
    );
  }
  return join(memory, "logos-operator", stack);
}

/** Writes what `ssh -F` needs to reach the stack's machines through the bastion, and answers with the config's path. */
export function writeSshAccess(stack: string, outputs: StackOutputs): string {
  const folder = sshFolder(stack);
  const keys = keyFolder(stack);
  mkdirSync(folder, { recursive: true });
  mkdirSync(keys, { recursive: true, mode: 0o700 });
  const key = join(keys, "key");
  const config = join(folder, "config");
  writeWhole(key, outputs.operatorKey.replace(/\n*$/, "\n"), 0o600);
  writeWhole(join(folder, "known_hosts"), renderKnownHosts(outputs), 0o644);
  writeWhole(config, renderSshConfig(outputs, key, join(folder, "known_hosts")), 0o644);
  return config;
}

/** Removes what `writeSshAccess` wrote. */
export function removeSshAccess(stack: string): void {
  for (const folder of [sshFolder(stack), keyFolder(stack)]) rmSync(folder, { recursive: true, force: true });
}

export function renderKnownHosts({ bastion, control }: StackOutputs): string {
  const name = bastion.port === 22 ? bastion.address : `[${bastion.address}]:${bastion.port}`;
  return `${name} ${bastion.hostKey}\n${control.address} ${control.hostKey}\n`;
}

export function renderSshConfig(outputs: StackOutputs, key: string, knownHosts: string): string {
  return [
    "Host bastion",
    `  HostName ${outputs.bastion.address}`,
    `  Port ${outputs.bastion.port}`,
    "Host control",
    `  HostName ${outputs.control.address}`,
    "  ProxyJump bastion",
    "Host *",
    "  User operator",
    ...strictSettings(key, knownHosts),
    "",
  ].join("\n");
}

/** What holds for every machine: one key, pinned host keys, no password, and an end to waiting. */
export function strictSettings(key: string, knownHosts: string): readonly string[] {
  return [
    `  IdentityFile ${key}`,
    "  IdentitiesOnly yes",
    `  UserKnownHostsFile ${knownHosts}`,
    "  GlobalKnownHostsFile /dev/null",
    "  StrictHostKeyChecking yes",
    "  PasswordAuthentication no",
    "  ConnectTimeout 10",
    "  ServerAliveInterval 5",
  ];
}

/**
 * Runs a command on a machine of the stack and answers with what it printed.
 * @throws Complaint with the end of what went wrong.
 */
export function runOver(config: string, host: "bastion" | "control", command: string): string {
  // The bastion is reached by a second ssh, which is told of the same file.
  const result = spawnSync("ssh", ["-F", config, "-o", "BatchMode=yes", host, command], {
    encoding: "utf8",
    maxBuffer: 16 * 1024 * 1024,
    timeout: 30_000,
  });
  if (result.status === 0) return result.stdout;
  const reason = result.error?.message ?? result.stderr.trim().split("\n").slice(-3).join("; ");
  throw new Complaint(`"${command}" on ${host} failed: ${reason}`);
}

/** Writes a file in one step. */
export function writeWhole(path: string, text: string, mode: number): void {
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, text, { mode });
  renameSync(temporary, path);
}
