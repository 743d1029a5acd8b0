import { type CommandArgument, forEachChild, type PipelineNode, parse, type SyntaxNode, type Word } from "unbash";

/**
 * Shell text, as a shell reads it: by a parser, because a pattern over text sees neither quotes nor nesting. No I/O.
 * mvdan/sh as WASM (`sh-syntax`) was tried first: it leaves out what a command's words are, and takes 7 ms for each text.
 */

/** One simple command of plain words: no expansion, redirection, assignment, list or substitution anywhere. */
export type PlainCommand =
  | { readonly words: readonly string[] }
  /** Why the text is not one. */
  | { readonly problem: string };

/** Reads text that may be nothing but one simple command. */
export function plainCommand(text: string): PlainCommand {
  const commands = plainCommands(text);
  if ("problem" in commands) return commands;
  const [first, ...more] = commands.commands;
  if (first === undefined) return { problem: "is empty" };
  return more.length > 0 ? { problem: 'joins commands by "&&"' } : { words: first };
}

/** Reads text that may be nothing but simple commands of plain words, joined by `&&`. */
export function plainCommands(
  text: string,
): { readonly commands: readonly (readonly string[])[] } | { readonly problem: string } {
  if (/[\n\r\0]/.test(text)) return { problem: "has more than one line" };
  const script = parse(text);
  if (script.errors !== undefined && script.errors.length > 0) return { problem: "is not shell text" };
  const [statement, ...more] = script.commands;
  if (statement === undefined) return { problem: "is empty" };
  if (more.length > 0) return { problem: "runs more than one command" };
  // What ends a statement (`;`, `&`) and comments lie beyond the command's own end.
  if (text.slice(statement.command.end).trim() !== "") return { problem: 'goes on after its command (";", "&", "#")' };
  const { command } = statement;
  const parts = command.type === "AndOr" ? command.commands : [command];
  if (command.type === "AndOr" && command.operators.some((operator) => operator !== "&&")) {
    return { problem: 'joins commands by "||"' };
  }
  const commands: (readonly string[])[] = [];
  for (const part of parts) {
    const read = simple(part);
    if ("problem" in read) return read;
    commands.push(read.words);
  }
  return { commands };
}

function simple(node: PipelineNode): PlainCommand {
  if (node.type !== "Command") return { problem: `has the shell construct "${node.type}"` };
  if (node.prefix.length > 0) return { problem: "sets variables or redirects before its command" };
  if (node.redirects.length > 0) return { problem: "redirects input or output" };
  const words: string[] = [];
  for (const argument of [...(node.name === undefined ? [] : [node.name]), ...node.args]) {
    if (argument.type !== "Word") return { problem: "has an assignment among its words" };
    const word = literal(argument);
    if (word === undefined) return { problem: `expands "${argument.text.slice(0, 40)}"` };
    words.push(word);
  }
  return words.length === 0 ? { problem: "is empty" } : { words };
}

/** The value of a word that the shell takes as it stands; undefined when it expands something. */
function literal(word: Word): string | undefined {
  if ((word.parts ?? []).some((part) => !isLiteral(part))) return undefined;
  // Unquoted, these are expanded without being a part of their own.
  return /^~|[*?[\]{}]/.test(word.text) && word.parts === undefined ? undefined : word.value;
}

function isLiteral(part: { readonly type: string; readonly parts?: unknown }): boolean {
  if (part.type === "Literal" || part.type === "SingleQuoted") return true;
  return (
    part.type === "DoubleQuoted" && Array.isArray(part.parts) && part.parts.every((inner) => inner.type === "Literal")
  );
}

/** Programs that run the words after their own options as another command, and those of their options whose value is a word of its own. */
const wrappers: ReadonlyMap<string, RegExp> = new Map([
  [
    "sudo",
    /^(-[A-Za-z]*[CDRTUghprtu]|--(user|group|host|prompt|chdir|chroot|close-from|role|type|other-user|command-timeout))$/,
  ],
  ["doas", /^-[A-Za-z]*[Cu]$/],
  ["env", /^(-[A-Za-z0-9]*[Cu]|--(unset|chdir))$/],
  ["nice", /^(-n|--adjustment)$/],
  ["timeout", /^(-[A-Za-z]*[ks]|--(signal|kill-after))$/],
  ["xargs", /^(-[A-Za-z0-9]*[EILPadns]|--(arg-file|delimiter|max-args|max-procs|max-chars|replace))$/],
  ["time", /^(-[A-Za-z]*[fo]|--(format|output))$/],
  ["exec", /^-[cl]*a$/],
  ...["nohup", "command", "setsid"].map((name) => [name, /^$/] as const),
]);
const shells = new Set(["sh", "bash", "dash", "zsh", "ksh", "su", "eval", "ssh"]);

/**
 * Every simple command that a script would run, as its words; in lists, pipes, functions, substitutions, and in the text
 * that is handed to another shell (`bash -c`, `eval`, `ssh host …`). Words that expand something stand as written.
 * `readable` is false when the text is not shell text.
 */
export function commandsIn(text: string): {
  readonly readable: boolean;
  readonly commands: readonly (readonly string[])[];
} {
  const commands: (readonly string[])[] = [];
  const readable = collect(text, commands, 0);
  return { readable, commands };
}

function collect(text: string, commands: (readonly string[])[], depth: number): boolean {
  if (depth > 8) return false;
  const script = parse(text);
  let readable = script.errors === undefined || script.errors.length === 0;
  for (const words of wordsOf(script)) {
    const command = unwrap(words);
    commands.push(command);
    const [name, ...rest] = command;
    if (name === undefined || !shells.has(base(name))) continue;
    // Options and host names are no commands that matter; read as text, each argument is searched by itself and together.
    for (const inner of [
      ...rest.filter((word) => word.includes(" ")),
      rest.filter((word) => !word.startsWith("-")).join(" "),
    ]) {
      if (inner !== "" && inner !== text) readable = collect(inner, commands, depth + 1) && readable;
    }
    const host = rest.findIndex((word) => !word.startsWith("-"));
    if (base(name) === "ssh" && host >= 0)
      readable = collect(rest.slice(host + 1).join(" "), commands, depth + 1) && readable;
  }
  return readable;
}

function wordsOf(node: SyntaxNode): readonly (readonly string[])[] {
  const found: (readonly string[])[] = [];
  if (node.type === "Command") {
    const words = [...(node.name === undefined ? [] : [node.name]), ...node.args].map(textOf);
    if (words.length > 0) found.push(words);
  }
  forEachChild(node, (child) => {
    found.push(...wordsOf(child));
  });
  return found;
}

function textOf(word: CommandArgument): string {
  return word.type === "Word" ? word.value : word.text;
}

/** The command behind `sudo -u x`, `env A=1`, `timeout 5` and so on. */
function unwrap(words: readonly string[]): readonly string[] {
  let rest = words;
  for (;;) {
    const valued = wrappers.get(base(rest[0] ?? ""));
    if (valued === undefined) return rest;
    const start = rest.findIndex(
      (word, index) => index > 0 && !valued.test(rest[index - 1] ?? "") && !/^-|=|^\d+[smhd]?$/.test(word),
    );
    if (start < 0) return rest;
    rest = rest.slice(start);
  }
}

function base(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
