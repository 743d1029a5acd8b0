import { type ChildProcess, spawn } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";
import { join } from "node:path";
import { errorCode, Refusal } from "../failure.ts";

/** Whom a program runs as. */
export interface Identity {
  readonly uid: number;
  readonly gid: number;
}

export interface Command {
  readonly argv: readonly [string, ...string[]];
  readonly cwd: string;
  /** The whole environment: nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  /** Absent: as this process. Only root may change it. */
  readonly identity?: Identity | undefined;
  readonly input?: string;
  /** An open lock that the program keeps as long as it lives, so that a killed agent leaves no unlocked build behind. */
  readonly lockFd?: number | undefined;
}

export interface Finished {
  /** null when a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly timedOut: boolean;
  readonly stdout: string;
  readonly stderr: string;
  /** The end of both streams as they came, at most {@link tailBytes}. */
  readonly tail: string;
}

/** The program is not on the search path. */
export class ProgramMissing extends Error {
  constructor(program: string, searchPath: string) {
    super(`"${program}" is not installed: it is in none of ${searchPath.split(":").join(", ")}`);
    this.name = "ProgramMissing";
  }
}

/** Where system programs are; what a user has in PATH plays no part in a check. */
export const systemPath = "/usr/sbin:/usr/bin:/sbin:/bin";

/** Enough for a Coq error with its context, small enough for a verdict. */
const tailBytes = 4096;
/** More than any program here prints; a runaway is ended instead of filling the memory. */
const outputLimitBytes = 64 * 1024 * 1024;

const running = new Set<ChildProcess>();
let stopping = false;

/** Runs one program to its end, in a process group of its own that is killed with it. Throws {@link ProgramMissing}. */
export async function run(command: Command): Promise<Finished> {
  const [program, ...args] = command.argv;
  const searchPath = command.env.PATH ?? systemPath;
  const file = findProgram(program, searchPath);
  if (stopping) throw new Refusal(`${program} was not started: this process was told to stop`);
  if (!existsSync(command.cwd)) throw new Refusal(`The folder ${command.cwd}, where ${program} should run, is missing`);
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      cwd: command.cwd,
      env: command.env,
      detached: true,
      stdio: ["pipe", "pipe", "pipe", ...(command.lockFd === undefined ? [] : [command.lockFd])],
      ...(command.identity === undefined ? {} : command.identity),
    });
    running.add(child);
    const output = new Output(() => killGroup(child));
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      killGroup(child);
    }, command.timeoutSeconds * 1000);
    child.stdout?.on("data", (chunk: Buffer) => output.add("stdout", chunk));
    child.stderr?.on("data", (chunk: Buffer) => output.add("stderr", chunk));
    // A program may end before it has read its input; its exit code tells more than the broken pipe.
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(command.input ?? "");
    const settle = () => {
      clearTimeout(timer);
      running.delete(child);
    };
    child.on("error", (error) => {
      settle();
      reject(new Refusal(`${program} could not be started (${errorCode(error) ?? error.message})`));
    });
    child.on("exit", () => killGroup(child));
    child.on("close", (code, signal) => {
      settle();
      resolve({ code, signal, timedOut, ...output.texts() });
    });
  });
}

/** Absolute path of a program. Throws {@link ProgramMissing}. */
export function findProgram(program: string, searchPath: string): string {
  const candidates = program.includes("/") ? [program] : searchPath.split(":").map((folder) => join(folder, program));
  const found = candidates.find((candidate) => {
    try {
      accessSync(candidate, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
  if (found === undefined) throw new ProgramMissing(program, searchPath);
  return found;
}

/** Ends every program that still runs and lets none begin. For signal handlers: a program in its own group does not get the terminal's signal. */
export function stopRunning(): void {
  stopping = true;
  for (const child of running) killGroup(child);
}

/** For a command that runs until it is ended: it keeps nothing that would have to be finished. */
export function endWhenTold(): void {
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => process.exit(0));
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch (error) {
    if (errorCode(error) !== "ESRCH") throw error;
  }
}

/** Collects two streams, and the end of both in the order they came. */
class Output {
  readonly #chunks: Record<"stdout" | "stderr", Buffer[]> = { stdout: [], stderr: [] };
  readonly #onOverflow: () => void;
  #tail: Buffer = Buffer.alloc(0);
  #total = 0;

  constructor(onOverflow: () => void) {
    this.#onOverflow = onOverflow;
  }

  add(stream: "stdout" | "stderr", chunk: Buffer): void {
    this.#total += chunk.length;
    this.#tail = Buffer.concat([this.#tail, chunk]).subarray(-tailBytes);
    if (this.#total > outputLimitBytes) this.#onOverflow();
    else this.#chunks[stream].push(chunk);
  }

  texts(): { stdout: string; stderr: string; tail: string } {
    return {
      stdout: Buffer.concat(this.#chunks.stdout).toString("utf8"),
      stderr: Buffer.concat(this.#chunks.stderr).toString("utf8"),
      tail: this.#tail.toString("utf8"),
    };
  }
}
