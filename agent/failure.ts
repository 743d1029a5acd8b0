/** A check that did not pass. `couldNotRun` tells "it is wrong" from "it could not be looked at"; both keep a machine out. */
export class CheckFailure extends Error {
  readonly outputTail: string;
  readonly couldNotRun: boolean;
  constructor(message: string, details: { readonly outputTail?: string; readonly couldNotRun?: boolean } = {}) {
    super(message);
    this.name = "CheckFailure";
    this.outputTail = details.outputTail ?? "";
    this.couldNotRun = details.couldNotRun ?? false;
  }
}

/** A command that cannot do what it was asked for. The message is the whole explanation: no stack trace is printed. */
export class Refusal extends Error {
  constructor(message: string) {
    super(message);
    this.name = "Refusal";
  }
}

/** The code of a failed system call, such as ENOENT; undefined for every other error. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}
