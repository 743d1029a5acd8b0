import { createHash } from "node:crypto";
import { allCases } from "../policy/cases/all.ts";
import { controls } from "../policy/cases/controls.ts";
import { questions, wrongControl } from "../policy/cases/questions.ts";

/** A case that was changed makes another test: Stryker's incremental mode knows tests by name alone. */
const mark = (value: object) => createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 8);

/** What kills a mutant of a rule: its cases, and the negative controls. */
export const tests = [
  ...allCases.flatMap((cases) =>
    questions.map(({ what, wrong }) => ({ id: `${cases.rule.id} ${what} ${mark(cases)}`, wrong: () => wrong(cases) })),
  ),
  ...controls.map((control) => ({ id: `${control[0]} ${mark(control)}`, wrong: () => wrongControl(control) })),
];
