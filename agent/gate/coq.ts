import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { messageOf } from "../../core/errors.ts";
import { CheckFailure } from "../failure.ts";
import { parseAssumptions } from "./assumptions.ts";
import { mustSucceed, runAsWorkload } from "./context.ts";
import { bindingOptions, type CoqProject, parseCoqProject } from "./coq-project.ts";

type Workshop = Parameters<typeof runAsWorkload>[0];

/** Loading a library takes seconds; a minute is a hang. */
const loadTimeoutSeconds = 300;

/** Reads the checkout's `_CoqProject`. Throws {@link CheckFailure}. */
export function readCoqProject(checkout: string): CoqProject {
  const path = join(checkout, "_CoqProject");
  try {
    return parseCoqProject(readFileSync(path, "utf8"));
  } catch (error) {
    throw new CheckFailure(`${path} cannot be used: ${messageOf(error)}`, { couldNotRun: true });
  }
}

/** Version of the Coq that is installed, e.g. "8.20.1". Throws {@link CheckFailure}. */
export async function coqVersion(workshop: Workshop): Promise<string> {
  const argv = ["coqc", "--print-version"] as const;
  const { stdout } = mustSucceed("coqc --print-version", await runAsWorkload(workshop, argv, 60, workshop.scratch), 60);
  const version = /^(?<version>\d+\.\d+(\.\d+)?\S*) /.exec(stdout)?.groups?.version;
  if (version === undefined)
    throw new CheckFailure(`coqc --print-version answered "${stdout.trim()}"`, { couldNotRun: true });
  return version;
}

/**
 * Asks Coq which axioms each theorem rests on, with every module of the project loaded by `Require` alone, so that no
 * import can shadow a name. Throws {@link CheckFailure}.
 */
export async function assumptionsOf(
  workshop: Workshop,
  project: CoqProject,
  theorems: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const source = join(workshop.scratch, "LogosAssumptions.v");
  const answer = (index: number) => join(workshop.scratch, `theorem${index}`);
  const lines = [
    `Require ${project.modules.join(" ")}.`,
    "Set Printing Width 1000000.",
    ...theorems.map((theorem, index) => `Redirect "${answer(index)}" Print Assumptions ${theorem}.`),
  ];
  // Exclusive and then opened to all: the folder belongs to the workload's user, who must read the file whatever the umask.
  writeFileSync(source, `${lines.join("\n")}\n`, { flag: "wx" });
  chmodSync(source, 0o644);
  const argv = ["coqc", "-q", ...bindingOptions(project), source] as const;
  const finished = await runAsWorkload(workshop, argv, loadTimeoutSeconds);
  const unknown = /The reference (?<name>\S+) was not found/.exec(finished.stderr)?.groups?.name;
  if (unknown !== undefined)
    throw new CheckFailure(`The pinned theorem ${unknown} does not exist: it was removed or renamed`, {
      outputTail: finished.tail,
    });
  mustSucceed("coqc, asked for the axioms of the pinned theorems,", finished, loadTimeoutSeconds);
  return new Map(theorems.map((theorem, index) => [theorem, readAnswer(theorem, `${answer(index)}.out`)]));
}

function readAnswer(theorem: string, path: string): readonly string[] {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new CheckFailure(`Coq gave no answer for ${theorem} (${messageOf(error)})`, { couldNotRun: true });
  }
  try {
    return parseAssumptions(text);
  } catch (error) {
    throw new CheckFailure(`Print Assumptions ${theorem} cannot be understood: ${messageOf(error)}`, {
      outputTail: text,
    });
  }
}
