/**
 * A stack on the real engine over a simulated cloud. All that is its own lies in one temporary folder: state, passphrase, Pulumi home,
 * and the cloud itself. It is driven as `npx pulumi` would be, without the set-up's checks.
 */
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { callOf } from "../../toolchain/pulumi/call.ts";
import { removeDeadLocks } from "../../toolchain/pulumi/locks.ts";
import { removeTornAttributes } from "../../toolchain/pulumi/torn.ts";
import { type Run, type Running, repository } from "../support/stack.ts";
import { makePulumiHome } from "./cloud/home.ts";
import { CloudStore } from "./cloud/store.ts";

/** Stack settings by their full keys, as in `Pulumi.<stack>.yaml`: `logos:pool`, `aws:region`. */
export type Settings = Readonly<Record<string, unknown>>;

export interface StackOptions {
  /** The stack's own name; \`engine-NAME\` where it is left out. Waivers name it, so that a check of a stack needs it as it is. */
  readonly stack?: string;
  /** Folder of the Pulumi project; this repository where it is left out. */
  readonly project?: string;
  /** Beside what a stack has of its own. */
  readonly environment?: NodeJS.ProcessEnv;
  /** A policy pack to take instead of this repository's: a copy with waivers in it. */
  readonly pack?: string;
  /** Leaves the policy pack out: for programs that break its rules on purpose, or have nothing that it knows. */
  readonly unguarded?: boolean;
}

export class EngineStack {
  readonly name: string;
  readonly folder: string;
  readonly cloud: CloudStore;
  readonly project: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly #unguarded: boolean;
  readonly #pack: string | undefined;

  /** @param name with which `Pulumi.engine-NAME.yaml` of the project is this stack's; two of a name cannot run at once. */
  constructor(name: string, options: StackOptions = {}) {
    this.name = options.stack ?? `engine-${name}`;
    this.project = options.project ?? repository;
    this.#unguarded = options.unguarded === true;
    this.#pack = options.pack;
    this.folder = mkdtempSync(join(tmpdir(), `logos-${this.name}-`));
    const backend = join(this.folder, "state");
    const home = join(this.folder, "home");
    mkdirSync(backend);
    makePulumiHome(home);
    const passphrase = join(this.folder, "passphrase");
    writeFileSync(passphrase, "not a secret: this stack lives for one test\n", { mode: 0o600 });
    const file = join(this.folder, "cloud.sqlite");
    this.cloud = new CloudStore(file);
    this.environment = {
      ...process.env,
      PULUMI_HOME: home,
      PULUMI_BACKEND_URL: `file://${backend}`,
      PULUMI_CONFIG_PASSPHRASE_FILE: passphrase,
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      LOGOS_SIMULATED_CLOUD: file,
      NO_COLOR: "1",
      ...options.environment,
    };
    delete this.environment.PULUMI_CONFIG_PASSPHRASE;
  }

  get configFile(): string {
    return join(this.project, `Pulumi.${this.name}.yaml`);
  }

  /** Makes the stack with these settings. */
  async init(settings: Settings): Promise<void> {
    rmSync(this.configFile, { force: true });
    must(await this.pulumi(["stack", "init", this.name, "--no-select"]), "stack init");
    this.configure(settings);
  }

  /** Replaces the stack's settings, but for the salt that the CLI has put beside them. */
  configure(settings: Settings): void {
    const { encryptionsalt } = parse(readFileSync(this.configFile, "utf8"));
    writeFileSync(this.configFile, stringify({ encryptionsalt, config: settings }));
  }

  preview(...extra: string[]): Promise<Run> {
    return this.on(["preview", ...extra]).done;
  }
  up(...extra: string[]): Promise<Run> {
    return this.on(["up", "--yes", "--skip-preview", ...extra]).done;
  }
  refresh(): Promise<Run> {
    return this.on(["refresh", "--yes", "--skip-preview"]).done;
  }
  destroy(...extra: string[]): Promise<Run> {
    return this.on(["destroy", "--yes", "--skip-preview", ...extra]).done;
  }

  /** What the engine has recorded, without secrets. */
  async state(): Promise<StackState> {
    const exported = must(await this.on(["stack", "export"]).done, "stack export");
    const { deployment }: { deployment: Partial<StackState> } = JSON.parse(exported.output);
    return { resources: deployment.resources ?? [], pending_operations: deployment.pending_operations ?? [] };
  }

  /** The resources in the backend's file as it is at this moment, also while the CLI runs. */
  recorded(): readonly StateResource[] {
    const stacks = join(this.folder, "state/.pulumi/stacks");
    const file = readdirSync(stacks, { recursive: true, encoding: "utf8" }).find((name) =>
      name.endsWith(`${this.name}.json`),
    );
    if (file === undefined) return [];
    const { checkpoint }: { checkpoint: { latest?: Partial<StackState> | null } } = JSON.parse(
      readFileSync(join(stacks, file), "utf8"),
    );
    return checkpoint.latest?.resources ?? [];
  }

  /** Starts a command on this stack, in a process group of its own. */
  on(args: readonly string[]): Running {
    return this.#start([...args, "--stack", this.name]);
  }

  pulumi(args: readonly string[]): Promise<Run> {
    return this.#start(args).done;
  }

  #start(args: readonly string[]): Running {
    const call = callOf([...args, "--non-interactive", "--color", "never"], this.environment);
    removeDeadLocks(call.backend);
    removeTornAttributes(call.backend);
    const start = performance.now();
    const chunks: string[] = [];
    const child = spawn(call.program, this.#withPack(call.args), {
      cwd: this.project,
      env: call.environment,
      detached: true,
      stdio: ["ignore", "pipe", args[0] === "stack" && args[1] === "export" ? "ignore" : "pipe"],
    });
    for (const stream of [child.stdout, child.stderr])
      stream?.on("data", (data: Buffer) => chunks.push(data.toString()));
    const done = new Promise<Run>((resolve, reject) => {
      child.on("error", reject);
      // Not "close": what a killed CLI has started holds its output open for a moment longer.
      child.on("exit", (code, signal) => {
        const finish = () =>
          resolve({
            code: code ?? (signal === null ? 1 : 137),
            output: chunks.join(""),
            seconds: (performance.now() - start) / 1000,
          });
        if (signal === null) child.on("close", finish);
        else finish();
      });
    });
    return { process: child, done, outputSoFar: () => chunks.join("") };
  }

  /** The CLI's arguments with this stack's own pack, or none, for the repository's. */
  #withPack(args: readonly string[]): readonly string[] {
    const at = args.indexOf("--policy-pack");
    if (at === -1) return args;
    if (this.#unguarded) return args.toSpliced(at, 2);
    return this.#pack === undefined ? args : args.with(at + 1, this.#pack);
  }

  /** Removes all that is this stack's own. The cloud goes with it, whatever stands there. */
  remove(): void {
    this.cloud.close();
    rmSync(this.configFile, { force: true });
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly custom: boolean;
  readonly id?: string;
  readonly protect?: boolean;
}

export interface StackState {
  readonly resources: readonly StateResource[];
  readonly pending_operations: readonly { readonly type: string; readonly resource: StateResource }[];
}

/** @throws Error with the end of the output when the run failed */
export function must(run: Run, what: string): Run {
  if (run.code !== 0) throw new Error(`${what} ended with ${run.code}:\n${run.output.slice(-6000)}`);
  return run;
}
