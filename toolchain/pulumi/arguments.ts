const guardedCommands = new Set(["up", "update", "preview", "pre"]);
const destroyCommands = new Set(["destroy", "down", "dn"]);

/** By these the user says which resources go; nothing is added to that. */
const destroyChoices = ["--target", "-t", "--exclude", "-x", "--exclude-protected", "--ignore-protect"];

/** The CLI's global options that take the next argument as their value, when they stand before the command. */
const optionsWithValue = new Set([
  "--color",
  "--cwd",
  "-C",
  "--memprofilerate",
  "--otel-traces",
  "--profiling",
  "--tracing",
  "--verbose",
  "-v",
]);

/**
 * The CLI's arguments with the guardrails added: `up` and `preview` get `--policy-pack PACK`, unless the user names a
 * pack. Everything else is left as it is.
 */
export function withPolicyPack(args: readonly string[], pack: string): readonly string[] {
  const at = commandAt(args);
  if (!guardedCommands.has(args[at] ?? "")) return args;
  const names = (arg: string) => arg === "--policy-pack" || arg.startsWith("--policy-pack=");
  if (args.some(names)) return args;
  return [...args.slice(0, at + 1), "--policy-pack", pack, ...args.slice(at + 1)];
}

/**
 * The CLI's arguments with `--exclude-protected` added to `destroy`, unless the user says which resources go: a stack's protected
 * data and keys stay, where plain `destroy` would refuse to begin.
 */
export function keepingProtected(args: readonly string[]): readonly string[] {
  const at = commandAt(args);
  if (!destroyCommands.has(args[at] ?? "")) return args;
  const chooses = (arg: string) => destroyChoices.some((option) => arg === option || arg.startsWith(`${option}=`));
  if (args.some(chooses)) return args;
  return [...args.slice(0, at + 1), "--exclude-protected", ...args.slice(at + 1)];
}

/** Index of the command: the first argument that is neither an option nor an option's value. */
function commandAt(args: readonly string[]): number {
  let at = 0;
  for (let arg = args[at]; arg?.startsWith("-"); arg = args[at]) at += optionsWithValue.has(arg) ? 2 : 1;
  return at;
}
