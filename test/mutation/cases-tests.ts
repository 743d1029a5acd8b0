import { allCases } from "../policy/cases/all.ts";
import { controls } from "../policy/cases/controls.ts";
import { questions, wrongControl } from "../policy/cases/questions.ts";

/** What kills a mutant of a rule: its cases, and the negative controls. */
export const tests = [
  ...allCases.flatMap((cases) =>
    questions.map(({ what, wrong }) => ({ id: `${cases.rule.id} ${what}`, wrong: () => wrong(cases) })),
  ),
  ...controls.map((control) => ({ id: control[0], wrong: () => wrongControl(control) })),
];
