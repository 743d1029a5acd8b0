import { createInterface } from "node:readline";
import type { Writable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import { type DemandDocument, parseDemand } from "../../../core/demand/document.ts";
import { messageOf } from "../../../core/errors.ts";
import { converse } from "../host/run.ts";
import { argvInMachine } from "../machine/exec.ts";
import type { Bell } from "./bell.ts";
import { type PoolSpec, readDemandKey } from "./spec.ts";

/** Before the control plane is tried again, in milliseconds. */
const retryPause = 1000;

/**
 * The conversation with the control plane: one program there hands over each demand the moment it is published, and
 * takes what this pool is like. It is begun again whenever it ends. Only what is signed with the pool's key gets in.
 */
export class DemandFeed {
  readonly #bell: Bell;
  readonly #log: (line: string) => void;
  #document: DemandDocument | undefined;
  #trouble: string | undefined = "the control plane was not asked yet";
  #to: Writable | undefined;
  #told = "";
  #following: string | undefined;
  #stopped = false;

  constructor(bell: Bell, log: (line: string) => void) {
    this.#bell = bell;
    this.#log = log;
  }

  /** The last demand whose signature was right, however old. */
  get document(): DemandDocument | undefined {
    return this.#document;
  }

  /** Why there is none. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  /** Begins the conversation, unless it is under way with this control plane already. */
  follow(spec: PoolSpec): void {
    if (this.#following === spec.controlName) return;
    this.#following = spec.controlName;
    void this.#keep(spec);
  }

  /** Says what the pool is like: one line of JSON. */
  tell(status: string): void {
    if (status === this.#told) return;
    this.#told = status;
    this.#to?.write(`${status}\n`);
  }

  stop(): void {
    this.#stopped = true;
    this.#to?.end();
  }

  async #keep(spec: PoolSpec): Promise<void> {
    while (!this.#stopped && this.#following === spec.controlName) {
      try {
        await this.#converse(spec);
        this.#note("the control plane ended the conversation");
      } catch (error) {
        this.#note(messageOf(error));
      }
      await pause(retryPause, undefined, { ref: false });
    }
  }

  async #converse(spec: PoolSpec): Promise<void> {
    const key = await readDemandKey(spec);
    if (key === undefined) throw new Error("the demand key is gone from this host's memory: run `pulumi up`");
    const argv = ["/usr/bin/logos-agent", "demand", "--exchange"] as const;
    const child = converse(await argvInMachine(spec.labId, spec.controlName, argv));
    const over = new Promise<void>((resolve) => {
      child.on("error", () => resolve());
      child.on("close", () => resolve());
    });
    // The program may end before it has read what it is told; that it ended is seen anyway.
    child.stdin.on("error", () => undefined);
    createInterface(child.stdout).on("line", (line) => this.#take(line, key));
    this.#to = child.stdin;
    if (this.#told !== "") child.stdin.write(`${this.#told}\n`);
    if (this.#stopped) child.stdin.end();
    await over;
    this.#to = undefined;
  }

  #take(line: string, key: string): void {
    try {
      this.#document = parseDemand(line, key);
      this.#trouble = undefined;
    } catch (error) {
      this.#note(messageOf(error));
    }
    this.#bell.ring();
  }

  #note(trouble: string): void {
    if (trouble !== this.#trouble) this.#log(`demand: ${trouble}`);
    this.#trouble = trouble;
  }
}
