import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Run, repository } from "../../support/stack.ts";
import { EngineStack, type Settings } from "../stack.ts";

/** A program of a few lines on the real engine, without guardrails where nothing else is said, over simulated clouds. */
export class Program {
  readonly stack: EngineStack;
  readonly #folder: string;

  constructor(name: string, { guarded = false } = {}) {
    this.#folder = mkdtempSync(join(tmpdir(), "logos-engine-program-"));
    symlinkSync(join(repository, "node_modules"), join(this.#folder, "node_modules"));
    writeFileSync(join(this.#folder, "package.json"), '{ "name": "program", "type": "module", "main": "index.ts" }\n');
    writeFileSync(
      join(this.#folder, "Pulumi.yaml"),
      "name: program\nmain: index.ts\nruntime:\n  name: nodejs\n  options: { typescript: false }\n",
    );
    this.stack = new EngineStack(name, { project: this.#folder, unguarded: !guarded });
  }

  async init(settings: Settings): Promise<void> {
    await this.stack.init(settings);
  }

  /** Replaces the program's text. */
  write(source: string): void {
    writeFileSync(join(this.#folder, "index.ts"), source);
  }

  /** Writes the program and brings it up. */
  async up(source: string): Promise<Run> {
    this.write(source);
    return this.stack.up();
  }

  remove(): void {
    this.stack.remove();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
