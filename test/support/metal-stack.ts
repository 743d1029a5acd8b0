import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseNodes, type SlurmNode, slurmJsonOption } from "../../core/slurm/nodes.ts";
import { type BareServer, BareServers } from "./bare-servers.ts";
import { type Run, TestStack } from "./stack.ts";
import { type WorkloadVariant, workloadVariant } from "./workload-variant.ts";

/** A metal stack over bare servers of the lab, with a workload whose commits are signed by a key of its own. */
export class MetalStack {
  readonly servers: BareServers;
  readonly stack: TestStack;
  readonly bastion: BareServer;
  readonly control: BareServer;
  readonly hosts = new Map<string, BareServer>();
  /** Signs commits of the workload; the stack's allowed signers name it. */
  readonly signingKey: string;
  workload: WorkloadVariant;

  private constructor(servers: BareServers, stack: TestStack, bastion: BareServer, control: BareServer) {
    this.servers = servers;
    this.stack = stack;
    this.bastion = bastion;
    this.control = control;
    this.signingKey = join(servers.folder, "signer");
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "signer", "-f", this.signingKey]);
    const signer = readFileSync(`${this.signingKey}.pub`, "utf8");
    writeFileSync(join(servers.folder, "signers"), `reviewer namespaces="git" ${signer}`);
    this.workload = this.signedWorkload(() => undefined);
  }

  /** Installs the servers; none of them knows of a stack yet. */
  static async install(name: string, cidr: string, hosts: readonly string[]): Promise<MetalStack> {
    const servers = new BareServers(`${name}-bare`, cidr);
    await servers.init();
    const bastion = await servers.install("bastion", "bastion", 2, 512);
    const control = await servers.install("control", "control", 3, 1024);
    const metal = new MetalStack(servers, new TestStack(name, cidr), bastion, control);
    for (const host of hosts) await metal.installHost(host);
    metal.configure();
    await metal.stack.init();
    return metal;
  }

  async installHost(name: string): Promise<void> {
    const place = this.hosts.get(name)?.address.split(".").at(-1);
    const host = await this.servers.install(
      name,
      "node",
      place === undefined ? 64 + this.hosts.size : Number(place),
      3072,
    );
    this.hosts.set(name, host);
  }

  /** The reference workload with a change, its commit signed. @param key path of the signing key; null signs nothing */
  signedWorkload(change: (folder: string) => void, key: string | null = this.signingKey): WorkloadVariant {
    const variant = workloadVariant(change);
    if (key === null) return variant;
    const git = (...args: readonly string[]) =>
      execFileSync(
        "git",
        ["-C", variant.repository, "-c", "user.name=reviewer", "-c", "user.email=reviewer@example.org", ...args],
        {
          encoding: "utf8",
        },
      ).trim();
    git("-c", "gpg.format=ssh", "-c", `user.signingKey=${key}`, "commit", "--quiet", "--amend", "--no-edit", "-S");
    return { ...variant, commit: git("rev-parse", "HEAD") };
  }

  /** Writes the settings: these hosts, this workload. */
  configure(hosts: readonly string[] = [...this.hosts.keys()], more: readonly string[] = []): void {
    const machine = ({ address, hostKey }: BareServer) => ({ address, hostKey });
    const metal = {
      bastion: machine(this.bastion),
      control: machine(this.control),
      hosts: hosts.flatMap((name) => {
        const host = this.hosts.get(name);
        return host === undefined ? [] : [{ name, ...machine(host), cacheDisk: "/dev/logos-data" }];
      }),
      signers: join(this.servers.folder, "signers"),
      operatorKey: this.servers.operatorKey,
    };
    // JSON is YAML: one line a key.
    this.stack.configure(
      [
        "  logos:target: metal",
        `  logos:network: ${JSON.stringify({ cidr: this.servers.cidr })}`,
        `  logos:access: ${JSON.stringify({ ranges: [this.servers.cidr.replace(/0\/24$/, "1/32")] })}`,
        `  logos:workload: ${JSON.stringify({ repository: this.workload.repository, commit: this.workload.commit })}`,
        `  logos:metal: ${JSON.stringify(metal)}`,
        ...more,
        "",
      ].join("\n"),
    );
  }

  /** `up`, with the guardrails told which profile the stack is of. */
  apply(): Promise<Run> {
    return this.stack.up();
  }
  preview(): Promise<Run> {
    return this.stack.preview();
  }

  /** @throws Error with the run's output when it fails */
  async up(): Promise<Run> {
    const run = await this.apply();
    if (run.code !== 0) throw new Error(`up of ${this.stack.name} failed:\n${run.output}`);
    return run;
  }

  /** The nodes that the scheduler lists, without placeholders. */
  async nodes(): Promise<readonly SlurmNode[]> {
    const text = await this.servers.must("control", `scontrol show nodes ${slurmJsonOption}`);
    return parseNodes(text).filter(({ name }) => !name.startsWith("vacant-"));
  }

  async end(): Promise<void> {
    await this.servers.end();
    this.stack.remove();
  }
}
