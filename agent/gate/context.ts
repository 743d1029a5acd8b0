import type { Pins } from "../../core/pins.ts";
import type { CheckId, VerdictKind } from "../../core/verdict.ts";
import { CheckFailure } from "../failure.ts";
import type { VerifiedFile } from "../io/files.ts";
import { type Command, type Finished, type Identity, ProgramMissing, run } from "../io/process.ts";
import type { Paths } from "../paths.ts";

/** What every check may use. */
export interface GateContext {
  readonly kind: VerdictKind;
  readonly checkout: string;
  /** Commit that must be checked out. */
  readonly commit: string;
  readonly pins: Pins;
  readonly paths: Paths;
  /** The workload's own code runs as this user; absent when the agent itself is not root. */
  readonly identity: Identity | undefined;
  /** CPUs this machine may use, which is not what the kernel shows inside a container. */
  readonly slots: number;
  readonly lockFd: number | undefined;
  /** Empty folder, owned by the identity. */
  readonly scratch: string;
  readonly searchPath: string;
}

/** What a check learns and the verdict, or the health check, keeps. */
export interface Facts {
  readonly commit?: string;
  readonly imageDigest?: string;
  readonly coqVersion?: string;
  /** Every file of the image that was verified, with the state it was seen in. */
  readonly verified?: ReadonlyMap<string, VerifiedFile>;
}

/** One question of the gate. `run` throws {@link CheckFailure} when the answer is no, or cannot be had. */
export interface Check {
  readonly id: CheckId;
  readonly title: string;
  run(context: GateContext): Promise<Facts>;
}

/** Runs a program as the workload's user, in the checkout unless told otherwise. */
export async function runAsWorkload(
  context: Pick<GateContext, "checkout" | "identity" | "lockFd" | "scratch" | "searchPath" | "slots">,
  argv: readonly [string, ...string[]],
  timeoutSeconds: number,
  cwd: string = context.checkout,
): Promise<Finished> {
  const command: Command = {
    argv,
    cwd,
    timeoutSeconds,
    identity: context.identity,
    lockFd: context.lockFd,
    env: {
      PATH: context.searchPath,
      HOME: context.scratch,
      TMPDIR: context.scratch,
      LANG: "C.UTF-8",
      GIT_OPTIONAL_LOCKS: "0",
      GIT_TERMINAL_PROMPT: "0",
      PYTHONDONTWRITEBYTECODE: "1",
      // Python 3.13 answers os.cpu_count() with it, and the workload starts that many compilers.
      PYTHON_CPU_COUNT: String(context.slots),
    },
  };
  try {
    return await run(command);
  } catch (error) {
    if (error instanceof ProgramMissing) throw new CheckFailure(error.message, { couldNotRun: true });
    throw error;
  }
}

/** Passes a program's result on when it ended with code 0; otherwise says how it ended. */
export function mustSucceed(what: string, finished: Finished, timeoutSeconds: number): Finished {
  const outputTail = finished.tail;
  if (finished.timedOut)
    throw new CheckFailure(`${what} did not end within ${timeoutSeconds} s and was stopped`, { outputTail });
  if (finished.signal !== null)
    throw new CheckFailure(`${what} was killed by ${finished.signal}: not enough memory, or stopped from outside`, {
      outputTail,
      couldNotRun: true,
    });
  if (finished.code !== 0) throw new CheckFailure(`${what} ended with exit code ${finished.code}`, { outputTail });
  return finished;
}
