import { redact } from "../core/guard/secrets.ts";
import type { Outcome, Problem, Rule, Severity } from "./rule.ts";
import { Undecided, View } from "./view.ts";
import type { Waiver } from "./waivers.ts";

/** One thing that is wrong with one resource, fit for every report: secrets never stand in it. */
export interface Finding {
  readonly rule: string;
  readonly name: string;
  readonly severity: Severity;
  readonly urn: string;
  /** Path of the property; empty: the resource as a whole. */
  readonly path: string;
  readonly found: string;
  readonly expected: string;
  /** How to mend it. */
  readonly mend: string;
  readonly upstream: readonly string[];
  /** Nothing is known to be wrong, but the rule could not be decided. */
  readonly undecided: boolean;
  readonly waiver?: Waiver;
}

/** What rules say of one resource: definite violations first, then what cannot be decided. */
export function findingsOf(rule: Rule, urn: string, outcomes: Iterable<Outcome>): readonly Finding[] {
  const problems: Finding[] = [];
  const undecided = new Map<string, Finding>();
  try {
    for (const outcome of outcomes) {
      if (outcome instanceof Undecided) putOff(outcome);
      else problems.push(findingOf(rule, urn, outcome));
    }
  } catch (error) {
    // The SDK would turn an unknown value into advice, whatever the rule's level; here it is a violation.
    if (!(error instanceof Undecided)) throw error;
    putOff(error);
  }
  return [...problems, ...undecided.values()];

  function putOff({ path }: Undecided): void {
    if (isKnownAtUpdate(rule.knownAtUpdate ?? [], path)) return;
    undecided.set(path, {
      ...findingOf(rule, urn, {
        at: path,
        found: `cannot be decided until "${path === "" ? "the resource" : path}" is known`,
        mend: "Give it a value that does not depend on another resource.",
      }),
      undecided: true,
    });
  }
}

/** One problem as a finding of a rule. */
export function findingOf(rule: Rule, urn: string, problem: Problem): Finding {
  return {
    rule: rule.id,
    name: rule.name,
    severity: rule.severity,
    urn,
    path: problem.at instanceof View ? problem.at.path : (problem.at ?? ""),
    found: redact(problem.found, 400),
    expected: redact(problem.expected ?? "", 400),
    mend: problem.mend ?? rule.remediation,
    upstream: rule.upstream,
    undecided: false,
  };
}

/** What a person reads of a finding in the engine's output, which names the rule and the resource itself. */
export function messageOf({ path, found, expected, mend, undecided }: Finding): string {
  const where = path === "" || undecided ? "" : `${path}: `;
  return `${where}${found}${expected === "" ? "" : `, allowed is ${expected}`}. ${mend}`;
}

function isKnownAtUpdate(patterns: readonly string[], path: string): boolean {
  const known = path.replace(/\[\d+\]/g, "[*]");
  return patterns.some(
    (pattern) => known === pattern || known.startsWith(`${pattern}.`) || known.startsWith(`${pattern}[`),
  );
}
