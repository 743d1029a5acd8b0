/** A folder bound to a logical name: `-Q folder Name` or `-R folder Name`. */
export interface Binding {
  readonly flag: "-Q" | "-R";
  readonly folder: string;
  readonly name: string;
}

export interface CoqProject {
  readonly bindings: readonly Binding[];
  /** Logical names of every listed file, in the order listed. */
  readonly modules: readonly string[];
}

/**
 * Reads a `_CoqProject` as far as the gate needs it. Throws an Error that names the line's word which it does not know:
 * a module that is not understood is a module that would not be checked.
 */
export function parseCoqProject(text: string): CoqProject {
  const words = text
    .split("\n")
    .flatMap((line) => line.replace(/(^|\s)#.*$/, "").match(/"[^"]*"|\S+/g) ?? [])
    .map((word) => word.replace(/^"(.*)"$/, "$1"));
  const bindings: Binding[] = [];
  const files: string[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? "";
    if (word === "-Q" || word === "-R") {
      const [folder, name] = words.slice(index + 1, index + 3);
      if (folder === undefined || name === undefined)
        throw new Error(`${word} must be followed by a folder and a name`);
      bindings.push({ flag: word, folder: tidy(folder), name });
      index += 2;
    } else if (word === "-arg" || word === "-docroot") {
      index += 1;
    } else if (word.endsWith(".v")) {
      files.push(tidy(word));
    } else {
      throw new Error(`"${word}" is not understood; known are -Q, -R, -arg, -docroot and .v files`);
    }
  }
  if (files.length === 0) throw new Error("it lists no .v file");
  return { bindings, modules: files.map((file) => moduleName(file, bindings)) };
}

/** The options that give a Coq program the project's names, with folders relative to the checkout. */
export function bindingOptions(project: CoqProject): readonly string[] {
  return project.bindings.flatMap((binding) => [binding.flag, binding.folder, binding.name]);
}

function moduleName(file: string, bindings: readonly Binding[]): string {
  const holding = bindings
    .filter((binding) => binding.folder === "." || file.startsWith(`${binding.folder}/`))
    .sort((a, b) => b.folder.length - a.folder.length)[0];
  if (holding === undefined) throw new Error(`no -Q or -R names the folder of ${file}`);
  const inside = holding.folder === "." ? file : file.slice(holding.folder.length + 1);
  const name = [holding.name, ...inside.replace(/\.v$/, "").split("/")].filter((part) => part !== "").join(".");
  if (!/^[A-Za-z_][\w']*(\.[A-Za-z_][\w']*)*$/.test(name)) throw new Error(`${file} does not give a Coq module name`);
  return name;
}

function tidy(path: string): string {
  const tidied = path.replace(/^(\.\/)+/, "").replace(/\/+$/, "");
  return tidied === "" ? "." : tidied;
}
