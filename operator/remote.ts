import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { exitCodes } from "../core/jobs/exit-codes.ts";
import { Complaint } from "./complaint.ts";

export interface Answer {
  /** `unreachable`: nothing is known of what became of the command, not even whether it began. */
  readonly code: number | "unreachable";
  readonly stdout: string;
  readonly stderr: string;
}

/** The control plane, as far as `logos` needs it. */
export interface Remote {
  run(command: string, options?: { readonly input?: string; readonly seconds?: number }): Promise<Answer>;
  /** Hands on each line of standard output as it comes; the answer's `stdout` is empty. Ends at once when `signal` aborts. */
  stream(command: string, onLine: (line: string) => void, signal: AbortSignal): Promise<Answer>;
}

/** ssh's own exit code: it could not connect, or lost the connection. */
const sshFailed = 255;
const defaultSeconds = 30;

/** Over SSH, by the configuration that `writeSshAccess` wrote. A dead connection is noticed within 6 s. */
export class SshRemote implements Remote {
  readonly #config: string;

  constructor(config: string) {
    this.#config = config;
  }

  async run(
    command: string,
    { input = "", seconds = defaultSeconds }: { input?: string; seconds?: number } = {},
  ): Promise<Answer> {
    const chunks: string[] = [];
    const signal = AbortSignal.timeout(seconds * 1000);
    const answer = await this.#ssh(command, input, signal, (child) => {
      child.stdout.setEncoding("utf8").on("data", (text: string) => chunks.push(text));
    });
    return { ...answer, stdout: chunks.join("") };
  }

  stream(command: string, onLine: (line: string) => void, signal: AbortSignal): Promise<Answer> {
    return this.#ssh(command, "", signal, (child) => {
      createInterface({ input: child.stdout, crlfDelay: Number.POSITIVE_INFINITY }).on("line", onLine);
    });
  }

  #ssh(
    command: string,
    input: string,
    signal: AbortSignal,
    listen: (child: ReturnType<typeof start>) => void,
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const child = start(this.#config, command);
      const errors: string[] = [];
      const stop = () => child.kill("SIGKILL");
      signal.addEventListener("abort", stop);
      if (signal.aborted) stop();
      listen(child);
      child.stderr.setEncoding("utf8").on("data", (text: string) => errors.push(text));
      // ssh may end before it took the input; its exit code says why.
      child.stdin.on("error", () => undefined);
      child.stdin.end(input);
      child.on("error", (error) =>
        reject(new Complaint(`ssh cannot be run (${error.message}): install openssh-client`)),
      );
      child.on("close", (code) => {
        signal.removeEventListener("abort", stop);
        const reached = code !== null && code !== sshFailed;
        const stderr = errors.join("");
        resolve({
          code: reached ? code : "unreachable",
          stdout: "",
          stderr: signal.aborted && stderr === "" ? "no answer in time" : stderr,
        });
      });
    });
  }
}

function start(config: string, command: string) {
  const options = ["BatchMode=yes", "LogLevel=ERROR", "ServerAliveInterval=2", "ServerAliveCountMax=3"];
  return spawn("ssh", ["-F", config, ...options.flatMap((option) => ["-o", option]), "control", command], {
    stdio: ["pipe", "pipe", "pipe"],
    // A Ctrl-C is for `logos`, which then ends this in order.
    detached: true,
  });
}

/** Milliseconds between two tries. */
const retryMs = 1000;

/**
 * Asks the scheduler something that may be asked twice, for at most `seconds`.
 * @throws Complaint that says what does not answer and what to do, or what the scheduler said.
 */
export async function ask(remote: Remote, command: string, seconds = 20): Promise<string> {
  const deadline = performance.now() + seconds * 1000;
  for (;;) {
    const answer = await remote.run(command);
    if (answer.code === 0) return answer.stdout;
    if (!isPassing(answer)) throw new Complaint(lastLines(answer.stderr) || `"${command}" failed on the control plane`);
    if (performance.now() > deadline) throw unavailable(answer, seconds);
    await new Promise((resolve) => setTimeout(resolve, retryMs));
  }
}

/** It may go better the next time. */
export function isPassing({ code, stderr }: Answer): boolean {
  return code === "unreachable" || code === exitCodes.unavailable || code === notFound || schedulerDown.test(stderr);
}

/** The shell's for a command that is not there: a control plane that `up` is just making takes logins before it has its files. */
const notFound = 127;

/** The last is what Slurm's commands say where its configuration is not there yet. */
const schedulerDown =
  /unable to contact slurm controller|socket timed out|zero bytes were transmitted|could not establish a configuration source/i;

export function unavailable(answer: Answer, seconds: number): Complaint {
  const what =
    answer.code === "unreachable"
      ? "The bastion or the control plane does not answer over SSH"
      : "The control plane answers, but its scheduler does not";
  return new Complaint(
    `${what}; tried for ${seconds} s. Last: ${lastLines(answer.stderr) || "no message"}\n` +
      "Jobs that were submitted are not lost. Look with `npx pulumi refresh`; `npm run up` mends what is gone. Then try again.",
    exitCodes.unavailable,
  );
}

export function lastLines(text: string): string {
  return text.trim().split("\n").slice(-3).join("; ");
}
