import { CheckFailure } from "../failure.ts";
import { type Check, mustSucceed, runAsWorkload } from "./context.ts";
import { readCoqProject } from "./coq.ts";
import { bindingOptions } from "./coq-project.ts";

/**
 * Coq's independent checker accepts the compiled proofs. At the bake it goes through the standard library too; later that
 * library is covered by the image's manifest, and only the workload's own modules are checked again.
 */
export const coqchkCheck: Check = {
  id: "coqchk",
  title: "compiled proofs by the independent checker",
  async run(context) {
    const project = readCoqProject(context.checkout);
    const whole = context.kind === "bake";
    const modules = whole ? project.modules : project.modules.flatMap((name) => ["-norec", name]);
    const timeoutSeconds = whole ? 1800 : 600;
    const argv = ["coqchk", ...bindingOptions(project), ...modules] as const;
    const finished = mustSucceed("coqchk", await runAsWorkload(context, argv, timeoutSeconds), timeoutSeconds);
    if (!/^Modules were successfully checked$/m.test(`${finished.stdout}\n${finished.stderr}`))
      throw new CheckFailure("coqchk ended with exit code 0 but did not say that the modules were checked", {
        outputTail: finished.tail,
      });
    return {};
  },
};
