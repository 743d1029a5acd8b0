import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { Complaint } from "../complaint.ts";
import { keyFolder, sshFolder, strictSettings, writeWhole } from "../ssh.ts";
import type { MetalAccess, NodeHost } from "./host.ts";

/** Runs commands on hosts as a person would: through the bastion, with pinned keys, by the owner's key. */
export class NodeShell {
  readonly #config: string;

  constructor(stack: string, access: MetalAccess) {
    if (access.operatorKey === "") throw new Complaint("metal.operatorKey is not set: nobody can log in to the hosts.");
    const folder = join(sshFolder(stack), "nodes");
    const keys = keyFolder(stack);
    mkdirSync(folder, { recursive: true });
    mkdirSync(keys, { recursive: true, mode: 0o700 });
    const key = join(keys, "owner");
    writeWhole(key, access.operatorKey.replace(/\n*$/, "\n"), 0o600);
    const machines = [access.bastion, ...access.hosts];
    writeWhole(
      join(folder, "known_hosts"),
      machines.map(({ address, hostKey }) => `${address} ${hostKey}\n`).join(""),
      0o644,
    );
    this.#config = join(folder, "config");
    writeWhole(this.#config, renderConfig(access, key, join(folder, "known_hosts")), 0o644);
  }

  /** @throws Complaint when the host does not answer, or the command fails */
  run(host: NodeHost, command: string, input = ""): string {
    const result = spawnSync(
      "ssh",
      ["-F", this.#config, "-o", "BatchMode=yes", "-o", "LogLevel=ERROR", host.name, command],
      {
        input,
        encoding: "utf8",
        maxBuffer: 16 * 1024 * 1024,
        timeout: 300_000,
      },
    );
    if (result.status === 0) return result.stdout;
    const said = result.error?.message ?? `${result.stdout}${result.stderr}`.trim().split("\n").slice(-3).join("; ");
    throw new Complaint(
      result.status === 255 || result.status === null
        ? `${host.name} does not answer: ${said}`
        : `"${command}" on ${host.name} ended with ${result.status}: ${said}`,
    );
  }
}

function renderConfig({ bastion, hosts }: MetalAccess, key: string, knownHosts: string): string {
  return [
    "Host bastion",
    `  HostName ${bastion.address}`,
    "  User operator",
    ...hosts.flatMap(({ name, address, user }) => [
      `Host ${name}`,
      `  HostName ${address}`,
      `  User ${user}`,
      "  ProxyJump bastion",
    ]),
    "Host *",
    ...strictSettings(key, knownHosts),
    "",
  ].join("\n");
}
