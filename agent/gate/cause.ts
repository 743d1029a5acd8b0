/**
 * What a failed rebuild itself says went wrong, on one line: the first error of Coq with its place, else the lines that
 * the workload's script marks with "ERROR:". Empty when the output says neither.
 */
export function causeOf(output: string): string {
  const coq = /^File "(?:\.\/)?(?<file>[^"]+)", line (?<line>\d+)[^\n]*:\n(?:[^\n]*\n)*?Error:\s*(?<text>[^\n]+)/m.exec(
    output,
  )?.groups;
  if (coq !== undefined) return `${coq.file} line ${coq.line}: ${coq.text}`;
  const marked = [...output.matchAll(/^ERROR: (?<text>.+)$/gm)].map((match) => match.groups?.text ?? "");
  return marked.slice(0, 3).join("; ");
}
