/**
 * A lab stack that several checks share: brought up once, put back to its plain settings by whoever changes it, destroyed last.
 * Everything here goes the ways a person has: the command line, ssh through the bastion, the pool manager's status.
 */
import { spawnSync } from "node:child_process";
import { appendFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { labIdOf } from "../../components/lab/lab-id.ts";
import { placeholderStem } from "../../core/slurm/names.ts";
import { parseNodes, type SlurmNode, slurmJsonOption } from "../../core/slurm/nodes.ts";
import { standbyReason } from "../../core/slurm/reasons.ts";
import { parseOutputs, type StackOutputs } from "../../operator/outputs.ts";
import { removeSshAccess, writeSshAccess } from "../../operator/ssh.ts";
import { leftovers, removeLab } from "../../providers/lab/cleanup.ts";
import { type NodeStatus, type PoolStatus, readStatus } from "../../providers/lab/pool/status.ts";
import { type Run, TestStack } from "./stack.ts";

export class Lab {
  readonly stack: TestStack;
  /** What the lab's things on this host are named by. */
  readonly labId: string;
  readonly cidr: string;
  #ssh: { readonly config: string; readonly outputs: StackOutputs } | undefined;

  constructor(name: string, cidr: string) {
    this.stack = new TestStack(name, cidr);
    this.labId = labIdOf("logos", name);
    this.cidr = cidr;
  }

  /** Makes the stack, clearing what an earlier run of the same name left on this host. */
  async init(): Promise<void> {
    await removeLab(this.labId);
    await this.stack.init();
  }

  /** Settings beside the network's range, as YAML lines below `config:`; none for the defaults. */
  configure(...lines: readonly string[]): void {
    this.stack.configure([`  logos:network:`, `    cidr: ${this.cidr}`, ...lines, ""].join("\n"));
  }

  /** Brings it up with the settings as they are. @throws Error with the run's output when that fails */
  async up(): Promise<Run> {
    const run = await this.stack.up();
    if (run.code !== 0) throw new Error(`up of ${this.stack.name} failed:\n${run.output}`);
    return run;
  }

  /** Destroys the stack and clears the host of the lab, whatever state a check left it in. */
  async end(): Promise<void> {
    const run = await this.stack.destroy();
    removeSshAccess(this.stack.name);
    await removeLab(this.labId);
    this.stack.remove();
    if (run.code !== 0) throw new Error(`destroy of ${this.stack.name} failed:\n${run.output}`);
  }

  /** Runs a command over ssh. `host` is bastion, control or a node's name; its output is standard output and error. */
  async on(host: string, command: string): Promise<Run> {
    return this.ssh(["-o", "LogLevel=ERROR", host, command]);
  }

  /** Runs ssh with the operator's configuration and these arguments, and nothing on standard input. */
  async ssh(args: readonly string[]): Promise<Run> {
    const config = await this.#sshConfig();
    const start = performance.now();
    const result = spawnSync("ssh", ["-F", config, "-o", "BatchMode=yes", ...args], {
      input: "",
      encoding: "utf8",
      maxBuffer: 64 * 1024 * 1024,
      timeout: 600_000,
    });
    return {
      code: result.status ?? 255,
      output: `${result.stdout}${result.stderr}`,
      seconds: (performance.now() - start) / 1000,
    };
  }

  /** As `on`. @throws Error when the command fails */
  async must(host: string, command: string): Promise<string> {
    const run = await this.on(host, command);
    if (run.code !== 0) throw new Error(`"${command}" on ${host} ended with ${run.code}: ${run.output.slice(-2000)}`);
    return run.output;
  }

  /** What the pool manager says. */
  async status(): Promise<PoolStatus> {
    const status = await readStatus(this.labId, "pool");
    if (status === undefined) throw new Error(`The pool of ${this.stack.name} has no status`);
    return status;
  }

  async readyNodes(): Promise<readonly NodeStatus[]> {
    return (await this.status()).nodes.filter((node) => node.phase === "ready");
  }

  /** Nodes that are more than standby or on their way to it. */
  async members(): Promise<readonly NodeStatus[]> {
    return (await this.status()).nodes.filter((node) => node.phase !== "standby" && node.phase !== "starting");
  }

  /** The nodes that the scheduler lists, without placeholders and standby nodes. */
  async slurmNodes(): Promise<readonly SlurmNode[]> {
    const nodes = parseNodes(await this.must("control", `scontrol show nodes ${slurmJsonOption}`));
    // Slurm keeps the reason of a drain that is over.
    const waits = (node: SlurmNode) => node.flags.has("DRAIN") && node.reason === standbyReason;
    return nodes.filter((node) => !node.name.startsWith(`${placeholderStem}-`) && !waits(node));
  }

  outputs(): Promise<StackOutputs> {
    return this.#access().then(({ outputs }) => outputs);
  }

  leftovers(): ReturnType<typeof leftovers> {
    return leftovers(this.labId);
  }

  async #access() {
    if (this.#ssh === undefined) {
      const outputs = parseOutputs(JSON.stringify(await this.stack.outputs()), this.stack.name);
      this.#ssh = { outputs, config: writeSshAccess(this.stack.name, outputs) };
    }
    return this.#ssh;
  }

  /** The operator's ssh configuration, with the pool's present nodes and their pinned keys added. */
  async #sshConfig(): Promise<string> {
    const { config, outputs } = await this.#access();
    writeSshAccess(this.stack.name, outputs);
    for (const { name, address, hostKeyPublic } of (await readStatus(this.labId, "pool"))?.nodes ?? []) {
      if (address === undefined || hostKeyPublic === undefined) continue;
      appendFileSync(config, `Host ${name}\n  HostName ${address}\n  ProxyJump bastion\n`);
      appendFileSync(join(dirname(config), "known_hosts"), `${address} ${hostKeyPublic}\n`);
    }
    return config;
  }
}

/** Waits until `look` gives a value. @throws Error naming `what` after `seconds` */
export async function until<T>(what: string, seconds: number, look: () => Promise<T | undefined>): Promise<T> {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > end) throw new Error(`not seen within ${seconds} s: ${what}`);
    await delay(200);
  }
}

let shared: Promise<Lab> | undefined;

/** The shared lab, up with default settings. */
export function sharedLab(): Promise<Lab> {
  shared ??= (async () => {
    const lab = new Lab("claims", "10.83.10.0/24");
    await lab.init();
    await lab.up();
    return lab;
  })();
  return shared;
}

/** Destroys the shared lab if it was brought up. */
export async function endSharedLab(): Promise<void> {
  const lab = await shared?.catch(() => undefined);
  await lab?.end();
}
