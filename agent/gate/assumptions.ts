/**
 * Reads what `Print Assumptions` printed for one theorem and gives the sorted names of its axioms.
 * Throws an Error on every text that is not exactly of the two known forms: Coq also reports broken guards, type-in-type
 * and the like here, and none of those may pass as "no axiom".
 */
export function parseAssumptions(text: string): readonly string[] {
  const [first, ...rest] = text.trimEnd().split("\n");
  if (first === "Closed under the global context" && rest.length === 0) return [];
  if (first !== "Axioms:" || rest.length === 0) throw new Error(`unexpected text "${first ?? ""}"`);
  const names: string[] = [];
  for (const line of rest) {
    const name = /^(?<name>[A-Za-z_][\w']*(\.[A-Za-z_][\w']*)*)( : .*)?$/.exec(line)?.groups?.name;
    if (name !== undefined) names.push(name);
    // A type that does not fit goes on, indented, below its name.
    else if (names.length === 0 || !/^ {2}/.test(line)) throw new Error(`unexpected text "${line}"`);
  }
  return names.sort();
}

/** The difference between what a theorem rests on and what it may rest on, in words; empty when they are the same. */
export function compareAxioms(theorem: string, pinned: readonly string[], found: readonly string[]): string {
  const added = found.filter((name) => !pinned.includes(name));
  const gone = pinned.filter((name) => !found.includes(name));
  if (added.length === 0 && gone.length === 0) return "";
  const parts = [
    ...(added.length === 0 ? [] : [`rests on ${added.join(", ")}, which is not pinned`]),
    ...(gone.length === 0 ? [] : [`no longer rests on ${gone.join(", ")}, which is pinned`]),
  ];
  return `${theorem} ${parts.join(" and ")}`;
}
