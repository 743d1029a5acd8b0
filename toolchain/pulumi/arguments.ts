const guardedCommands = new Set(["up", "update", "preview", "pre"]);
const updateCommands = new Set(["up", "update"]);
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
 * The CLI's arguments with the guardrails added: `up` and `preview` get `--policy-pack PACK`, beside packs that the user names.
 * Everything else is left as it is.
 */
export function withPolicyPack(args: readonly string[], pack: string): readonly string[] {
  const at = commandAt(args);
  if (!guardedCommands.has(args[at] ?? "")) return args;
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

/**
 * Why an update may not begin, where it is to run without its preview: the engine asks the guardrails for one resource after another while
 * it makes them, so that what comes before the first violation is made. Only a preview has them see everything first.
 */
export function unpreviewed(args: readonly string[], environment: NodeJS.ProcessEnv): string | undefined {
  const at = commandAt(args);
  const command = args[at] ?? "";
  const instead = "`npx pulumi up --yes` previews, and goes on by itself when the guardrails hold.";
  if (command === "watch")
    return `\`watch\` updates without a preview, so the guardrails would come too late. ${instead}`;
  if (!updateCommands.has(command)) return undefined;
  const { PULUMI_OPTION_SKIP_PREVIEW: byEnvironment = "" } = environment;
  const how = args.slice(at + 1).some(skipsPreview)
    ? "--skip-preview"
    : /^(?:1|true)$/i.test(byEnvironment) && "PULUMI_OPTION_SKIP_PREVIEW";
  if (how === false) return undefined;
  return `An update without its preview makes what comes before the first violation of a guardrail. Leave out ${how}: ${instead}`;
}

/** The option, whole or as a letter among others that take no value. */
function skipsPreview(arg: string): boolean {
  return /^--skip-preview(?:=(?!false$|0$|f$).*)?$/i.test(arg) || /^-[ydjeQ]*f/.test(arg);
}

/** Index of the command: the first argument that is neither an option nor an option's value. */
function commandAt(args: readonly string[]): number {
  let at = 0;
  for (let arg = args[at]; arg?.startsWith("-"); arg = args[at]) at += optionsWithValue.has(arg) ? 2 : 1;
  return at;
}
