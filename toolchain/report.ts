/** A set-up that cannot go on for a reason that the user can mend. The message says what, where, and what to do. */
export class SetupError extends Error {
  override readonly name = "SetupError";
}

/** Tells the user about a step that takes time. On stderr, since stdout belongs to the command that follows. */
export function say(text: string): void {
  process.stderr.write(`set-up: ${text}\n`);
}
