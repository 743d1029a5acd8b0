/**
 * A stack of its own for tests, claims and benchmarks: its backend and passphrase lie in a temporary folder, its settings where the
 * CLI looks for them. It drives the same command line that a person uses.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const repository = fileURLToPath(new URL("../..", import.meta.url));

/** What a person calls, and its likeness for an update without its preview, which is refused to a person: it is measured and killed alone. */
const launchers = {
  person: join(repository, "node_modules/.bin/pulumi"),
  alone: join(import.meta.dirname, "update-alone"),
};

/** What a finished command left. */
export interface Run {
  readonly code: number;
  /** Standard output and error, as they came. */
  readonly output: string;
  readonly seconds: number;
}

/** Resource counts of the last `Resources:` block of an `up`, `preview`, `refresh` or `destroy`. */
export interface Changes {
  readonly created: number;
  readonly updated: number;
  readonly replaced: number;
  readonly deleted: number;
  readonly unchanged: number;
}

export interface StartOptions {
  /** Leaves standard error out of the run's output. */
  readonly quietError?: boolean;
  readonly environment?: NodeJS.ProcessEnv;
}

/** A command that still runs; `kill` ends its process group as `kill -9` would. */
export interface Running {
  readonly process: ChildProcess;
  readonly done: Promise<Run>;
  readonly outputSoFar: () => string;
}

export class TestStack {
  readonly name: string;
  readonly folder: string;
  readonly #environment: NodeJS.ProcessEnv;

  /** @param name stack and lab name, so that two stacks do not meet; @param cidr the lab's own /24 */
  constructor(name: string, cidr: string, environment: NodeJS.ProcessEnv = {}) {
    this.name = name;
    this.folder = mkdtempSync(join(tmpdir(), `logos-${name}-`));
    writeFileSync(join(this.folder, "passphrase"), "not a secret: this stack lives for one test\n", { mode: 0o600 });
    this.#environment = {
      ...process.env,
      PULUMI_BACKEND_URL: `file://${this.folder}`,
      PULUMI_CONFIG_PASSPHRASE_FILE: join(this.folder, "passphrase"),
      NO_COLOR: "1",
      ...environment,
    };
    delete this.#environment.PULUMI_CONFIG_PASSPHRASE;
    this.configure(`  logos:network:\n    cidr: ${cidr}\n`);
  }

  /** What a command needs in its environment to work with this stack. */
  get environment(): NodeJS.ProcessEnv {
    return this.#environment;
  }

  get configFile(): string {
    return join(repository, `Pulumi.${this.name}.yaml`);
  }

  /** Replaces the stack's settings; `body` is the YAML below `config:`. Keeps the salt that the CLI put there. */
  configure(body: string): void {
    let salt = "";
    try {
      salt = (readFileSync(this.configFile, "utf8").match(/^encryptionsalt:.*$/m) ?? [""])[0];
    } catch {
      // No file yet: the CLI adds the salt at `stack init`.
    }
    writeFileSync(this.configFile, `${salt === "" ? "" : `${salt}\n`}config:\n${body}`);
  }

  async init(): Promise<void> {
    const run = await this.pulumi(["stack", "init", this.name, "--no-select"]);
    if (run.code !== 0) throw new Error(`stack init failed: ${run.output}`);
  }

  up(...extra: string[]): Promise<Run> {
    return this.pulumi(["up", "--yes", "--skip-preview", ...extra]);
  }
  preview(...extra: string[]): Promise<Run> {
    return this.pulumi(["preview", ...extra]);
  }
  refresh(): Promise<Run> {
    return this.pulumi(["refresh", "--yes", "--skip-preview"]);
  }
  destroy(): Promise<Run> {
    return this.pulumi(["destroy", "--yes", "--skip-preview"]);
  }

  async outputs(): Promise<Record<string, unknown>> {
    const run = await this.pulumi(["stack", "output", "--json", "--show-secrets"], { quietError: true });
    if (run.code !== 0) throw new Error(`stack output failed: ${run.output}`);
    return JSON.parse(run.output);
  }

  pulumi(args: string[], options: StartOptions = {}): Promise<Run> {
    return this.start(args, options).done;
  }

  /** Starts the command in a process group of its own, so that it can be killed as a whole or in part. */
  start(args: string[], options: StartOptions = {}): Running {
    const start = performance.now();
    const chunks: string[] = [];
    const child = spawn(
      launchers[args[0] === "up" && args.includes("--skip-preview") ? "alone" : "person"],
      [...args, ...(args[1] === "init" ? [] : ["--stack", this.name]), "--non-interactive", "--color", "never"],
      {
        cwd: repository,
        env: { ...this.#environment, ...options.environment },
        detached: true,
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    child.stdout.on("data", (d: Buffer) => chunks.push(d.toString()));
    if (options.quietError !== true) child.stderr.on("data", (d: Buffer) => chunks.push(d.toString()));
    const done = new Promise<Run>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code, signal) =>
        resolve({
          code: code ?? (signal === null ? 1 : 137),
          output: chunks.join(""),
          seconds: (performance.now() - start) / 1000,
        }),
      );
    });
    return { process: child, done, outputSoFar: () => chunks.join("") };
  }

  /** Runs `logos` for this stack, as a person does. */
  logos(...args: readonly string[]): Promise<Run> {
    return this.startLogos(...args).done;
  }

  startLogos(...args: readonly string[]): Running {
    const start = performance.now();
    const end = args.includes("--") ? args.indexOf("--") : args.length;
    const entry = join(repository, "operator/logos.ts");
    const words = [entry, ...args.slice(0, end), "--stack", this.name, ...args.slice(end)];
    const child = spawn(process.execPath, words, {
      env: this.#environment,
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    const chunks: string[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (d: Buffer) => chunks.push(d.toString()));
    const done = new Promise<Run>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code) =>
        resolve({ code: code ?? 137, output: chunks.join(""), seconds: (performance.now() - start) / 1000 }),
      );
    });
    return { process: child, done, outputSoFar: () => chunks.join("") };
  }

  /** Removes the folder and the settings. The caller has destroyed the stack. */
  remove(): void {
    rmSync(this.configFile, { force: true });
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Reads the counts out of a run's text; a missing count is 0. */
export function changes(run: Run): Changes {
  const block = run.output.slice(run.output.lastIndexOf("\nResources:"));
  const count = (word: string): number => Number((block.match(new RegExp(`(\\d+) (?:${word})`)) ?? ["", "0"])[1]);
  return {
    created: count("created|to create"),
    updated: count("updated|to update"),
    replaced: count("replaced|to replace"),
    deleted: count("deleted|to delete"),
    unchanged: count("unchanged"),
  };
}

/** Whether the run changed, or would change, nothing. */
export function changedNothing(run: Run): boolean {
  const c = changes(run);
  return run.code === 0 && c.created + c.updated + c.replaced + c.deleted === 0;
}
