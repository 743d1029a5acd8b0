import { type ChildProcessByStdio, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { UserError } from "../resource.ts";

export interface RunOptions {
  /** Aborting kills the command; the call then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Given on standard input: the only way in for secrets. */
  readonly input?: string | Buffer;
  /** Called with each line of output, both streams, as it comes. */
  readonly onLine?: (line: string) => void;
}

/** A command that ended with something else than 0. Holds the end of what it said. */
export class CommandFailed extends Error {
  override readonly name = "CommandFailed";
  readonly code: number | null;
  readonly stderr: string;

  constructor(argv: readonly string[], code: number | null, stderr: string) {
    const said = stderr.trim().split("\n").slice(-15).join("\n");
    super(`${argv.slice(0, 4).join(" ")}${argv.length > 4 ? " …" : ""} failed (exit ${code ?? "by signal"}): ${said}`);
    this.code = code;
    this.stderr = stderr;
  }
}

/** Debian keeps administrators' tools in folders that a user's PATH may lack. */
export const toolPath = `${process.env.PATH ?? ""}:/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin`;

/**
 * A command dies with this process, however that ends: what goes on working alone would meet the next run in the same
 * folder. Every step is safe to cut short, so a cancel is a kill as well.
 */
const dieWithParent = ["--pdeathsig", "KILL", "--"];

/** Starts a command that stays, with both its ends open as pipes; what it says on standard error is not read. */
export function converse(argv: readonly [string, ...string[]]): ChildProcessByStdio<Writable, Readable, null> {
  return spawn("setpriv", [...dieWithParent, ...argv], {
    env: { ...process.env, PATH: toolPath, LC_ALL: "C.UTF-8" },
    stdio: ["pipe", "pipe", "ignore"],
  });
}

/** Runs a command to its end and answers what it wrote to standard output. Rejects with {@link CommandFailed}. */
export function run(argv: readonly [string, ...string[]], options: RunOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const aborted = () => reject(options.signal?.reason);
    if (options.signal?.aborted) return aborted();
    const child = spawn("setpriv", [...dieWithParent, ...argv], {
      env: { ...process.env, PATH: toolPath, LC_ALL: "C.UTF-8" },
    });
    const stop = () => child.kill("SIGKILL");
    options.signal?.addEventListener("abort", stop, { once: true });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
    if (options.onLine) {
      createInterface(child.stdout).on("line", options.onLine);
      createInterface(child.stderr).on("line", options.onLine);
    }
    child.on("error", (error) => reject(new UserError(`Cannot run ${argv[0]}: ${error.message}`)));
    child.on("close", (code) => {
      options.signal?.removeEventListener("abort", stop);
      if (options.signal?.aborted) return aborted();
      if (code === 0) return resolve(Buffer.concat(stdout).toString("utf8"));
      reject(new CommandFailed(argv, code, Buffer.concat(stderr).toString("utf8")));
    });
    // A command that ends without reading its input closes the pipe; its exit code says what that meant.
    child.stdin.on("error", () => undefined);
    child.stdin.end(options.input ?? "");
  });
}
