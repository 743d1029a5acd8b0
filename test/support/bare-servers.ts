/**
 * Machines of the lab that play servers which people own: a plain Debian with sshd, a user and a key, no file of any role, and
 * no package beyond that. They are made by the lab's own provider, apart from any stack.
 */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, get, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { flowRules } from "../../core/flow.ts";
import type { Group } from "../../core/lab/resources.ts";
import { suite } from "../../images/versions.ts";
import { removeLab } from "../../providers/lab/cleanup.ts";
import { baseImage } from "../../providers/lab/image/base.ts";
import { execInMachine } from "../../providers/lab/machine/exec.ts";
import { changeMachine, machineState, removeMachine, startMachine } from "../../providers/lab/machine/lifecycle.ts";
import type { MachineSpec } from "../../providers/lab/machine/spec.ts";
import { network } from "../../providers/lab/network/resource.ts";
import type { Work } from "../../providers/lab/resource.ts";
import type { Run } from "./stack.ts";

/** A server as its owner knows it. */
export interface BareServer {
  readonly name: string;
  readonly address: string;
  /** Public host key. */
  readonly hostKey: string;
}

/** Where the machines find the packages of their release: a proxy on this host, at the end of a tunnel. */
const proxyPort = 3128;

/** What a person installs: no more than a server needs to be logged in to. */
const packages = [
  "systemd",
  "systemd-sysv",
  "dbus",
  "openssh-server",
  "sudo",
  "iproute2",
  "ca-certificates",
  "libnss-myhostname",
];

const customize = `set -eu
useradd --uid 1000 --create-home --shell /bin/bash --password '*' --user-group operator 2>/dev/null ||
  { groupmod --gid 1000 operator; useradd --uid 1000 --gid 1000 --create-home --shell /bin/bash --password '*' operator; }
printf 'operator ALL=(ALL) NOPASSWD: ALL\\n' >/etc/sudoers.d/operator
chmod 0440 /etc/sudoers.d/operator
rm -f /etc/ssh/ssh_host_*
cat >/usr/local/sbin/first-boot <<'SCRIPT'
#!/bin/sh
# What the installer of a system asks for: the host's key and who may log in.
set -eu
[ -e /etc/ssh/ssh_host_ed25519_key ] && exit 0
umask 077
cp "$CREDENTIALS_DIRECTORY/test.host-key" /etc/ssh/ssh_host_ed25519_key
ssh-keygen -y -f /etc/ssh/ssh_host_ed25519_key >/etc/ssh/ssh_host_ed25519_key.pub
install -d -o operator -g operator -m 0700 /home/operator/.ssh
install -o operator -g operator -m 0600 "$CREDENTIALS_DIRECTORY/test.authorized-keys" /home/operator/.ssh/authorized_keys
SCRIPT
chmod 0755 /usr/local/sbin/first-boot
cat >/usr/lib/systemd/system/first-boot.service <<'UNIT'
[Unit]
Before=ssh.service
[Service]
Type=oneshot
RemainAfterExit=yes
ImportCredential=test.*
ExecStart=/usr/local/sbin/first-boot
[Install]
RequiredBy=ssh.service
UNIT
echo 'Acquire::http::Proxy "http://127.0.0.1:${proxyPort}";' >/etc/apt/apt.conf.d/90proxy
# Addresses come from the lab as networkd's own credential.
systemctl enable first-boot.service ssh.service systemd-networkd.service systemd-network-generator.service
systemctl mask systemd-networkd-wait-online.service systemd-firstboot.service sshd-keygen.service
# These servers live for one test: their packages need not survive a power cut.
echo force-unsafe-io >/etc/dpkg/dpkg.cfg.d/unsafe
rm -rf /var/lib/apt/lists/*
: >/etc/machine-id
`;

const work: Work = { signal: new AbortController().signal, info: () => {}, warn: () => {}, progress: () => {} };

export class BareServers {
  readonly labId: string;
  readonly cidr: string;
  readonly folder: string;
  readonly #proxy: Server;
  readonly #tunnels = new Map<string, ChildProcess>();
  readonly #servers = new Map<string, BareServer>();
  readonly #specs = new Map<string, MachineSpec>();

  constructor(labId: string, cidr: string) {
    this.labId = labId;
    this.cidr = cidr;
    this.folder = mkdtempSync(join(tmpdir(), `logos-${labId}-`));
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "owner", "-f", join(this.folder, "operator")]);
    this.#proxy = createServer((request, response) => {
      get(request.url ?? "", { headers: { ...request.headers, connection: "close" } }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      }).on("error", () => response.writeHead(502).end());
    });
  }

  /** OpenSSH private key of the owner, whom every server lets in. */
  get operatorKey(): string {
    return readFileSync(join(this.folder, "operator"), "utf8");
  }

  /** Clears what an earlier run left, and makes the network. */
  async init(): Promise<void> {
    await removeLab(this.labId);
    await network.create({ labId: this.labId, cidr: this.cidr, rules: flowRules }, work);
    await new Promise<void>((resolve) => this.#proxy.listen(0, "127.0.0.1", resolve));
  }

  /** Installs a server: a new disk, a new host key. @param place last part of its address */
  async install(name: string, group: Group, place: number, memoryMb: number): Promise<BareServer> {
    const key = join(this.folder, `${name}-host`);
    rmSync(key, { force: true });
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", name, "-f", key]);
    const base = await baseImage.create({ suite, packages, customize }, work);
    await removeMachine(this.labId, name);
    const address = this.cidr.replace(/0\/24$/, String(place));
    const spec: MachineSpec = {
      labId: this.labId,
      name,
      group,
      imageId: base.state.imageId,
      address,
      cpus: 2,
      memoryMb,
      diskMb: 8192,
      disks: [],
      ownDisks: group === "node" ? [{ device: "data", sizeMb: 1024 }] : [],
      credentials: {
        "test.host-key": readFileSync(key, "utf8"),
        "test.authorized-keys": readFileSync(join(this.folder, "operator.pub"), "utf8"),
      },
    };
    await startMachine(spec);
    this.#specs.set(name, spec);
    const server = { name, address, hostKey: readFileSync(`${key}.pub`, "utf8").trim() };
    this.#servers.set(name, server);
    this.#writeSshConfig();
    await this.#openTunnel(name);
    return server;
  }

  /** Runs a command on a server as its owner does. */
  on(name: string, command: string): Promise<Run> {
    return this.#ssh([name, command]);
  }

  /** @throws Error when the command fails */
  async must(name: string, command: string): Promise<string> {
    const run = await this.on(name, command);
    if (run.code !== 0) throw new Error(`"${command}" on ${name} ended with ${run.code}: ${run.output.slice(-2000)}`);
    return run.output;
  }

  /** Runs a command with this on its standard input. @throws Error when it fails */
  async send(name: string, command: string, input: Buffer): Promise<void> {
    execFileSync("ssh", ["-F", join(this.folder, "config"), "-o", "BatchMode=yes", name, command], { input });
  }

  /** As root of a server's own console, past its sshd and firewall. */
  console(name: string, script: string): Promise<unknown> {
    return execInMachine(this.labId, name, ["/bin/sh", "-ec", script]);
  }

  /** Switches a server on that powered off: the same disks and keys. The lab does that for a machine whose disk grows. */
  async powerOn(name: string): Promise<void> {
    const spec = this.#specs.get(name);
    if (spec === undefined) throw new Error(`there is no server ${name}`);
    const larger = { ...spec, diskMb: spec.diskMb + 64 };
    await changeMachine(larger, work.signal);
    this.#specs.set(name, larger);
  }

  async isRunning(name: string): Promise<boolean> {
    return (await machineState(this.labId, name)).kind === "running";
  }

  /** Ends all of it. */
  async end(): Promise<void> {
    for (const tunnel of this.#tunnels.values()) tunnel.kill();
    this.#proxy.close();
    await removeLab(this.labId);
    rmSync(this.folder, { recursive: true, force: true });
  }

  #ssh(args: readonly string[]): Promise<Run> {
    const start = performance.now();
    return new Promise((resolve, reject) => {
      const child = spawn(
        "ssh",
        ["-F", join(this.folder, "config"), "-o", "BatchMode=yes", "-o", "LogLevel=ERROR", ...args],
        {
          stdio: ["ignore", "pipe", "pipe"],
        },
      );
      let output = "";
      for (const stream of [child.stdout, child.stderr])
        stream.on("data", (data: Buffer) => (output += data.toString()));
      child.on("error", reject);
      child.on("close", (code) => resolve({ code: code ?? 255, output, seconds: (performance.now() - start) / 1000 }));
    });
  }

  #writeSshConfig(): void {
    const servers = [...this.#servers.values()];
    writeFileSync(join(this.folder, "known_hosts"), servers.map((one) => `${one.address} ${one.hostKey}\n`).join(""));
    const hosts = servers.map(
      ({ name, address }) =>
        `Host ${name}\n  HostName ${address}\n${name === "bastion" ? "" : "  ProxyJump bastion\n"}`,
    );
    const common = [
      "Host *",
      "  User operator",
      `  IdentityFile ${join(this.folder, "operator")}`,
      "  IdentitiesOnly yes",
      `  UserKnownHostsFile ${join(this.folder, "known_hosts")}`,
      "  GlobalKnownHostsFile /dev/null",
      "  StrictHostKeyChecking yes",
      "  ConnectTimeout 10",
      "",
    ];
    writeFileSync(join(this.folder, "config"), `${hosts.join("")}${common.join("\n")}`);
  }

  /** Nothing leads out of the lab: the way to the mirror is a port that this host forwards. */
  async #openTunnel(name: string): Promise<void> {
    this.#tunnels.get(name)?.kill();
    const address = this.#proxy.address();
    if (typeof address !== "object" || address === null) throw new Error("the proxy does not listen");
    for (let attempt = 0; ; attempt += 1) {
      if ((await this.on(name, "true")).code === 0) break;
      if (attempt > 60) throw new Error(`${name} lets nobody in: ${(await this.on(name, "true")).output}`);
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    const forward = `127.0.0.1:${proxyPort}:127.0.0.1:${address.port}`;
    const options = ["-F", join(this.folder, "config"), "-N", "-R", forward, "-o", "ExitOnForwardFailure=yes"];
    // A firewall that is loaded under the connection takes it for a new one until this side speaks.
    options.push("-o", "ServerAliveInterval=2", "-o", "ServerAliveCountMax=30", name);
    this.#tunnels.set(name, spawn("ssh", options, { stdio: "ignore" }));
  }
}
