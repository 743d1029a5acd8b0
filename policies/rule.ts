import {
  type PolicyResource,
  type ResourceValidationArgs,
  type ResourceValidationPolicy,
  type StackValidationPolicy,
  UnknownValueError,
} from "@pulumi/policy";
import { View } from "./view.ts";

/** What a rule reads of the resource that is about to be made or changed. */
export interface Subject {
  readonly type: string;
  /** Types of the resource and of all that it is part of, outermost first, as its URN holds them. */
  readonly types: readonly string[];
  readonly props: View;
}

/** What is wrong with a resource and how to mend it, one text for each violation. The engine adds which resource it is. */
export type Violations = Iterable<string>;

export interface ResourceRule {
  readonly name: string;
  readonly description: string;
  /** How each type is checked. Resources of other types are not this rule's. */
  readonly checks: Readonly<Record<string, (subject: Subject) => Violations>>;
  /**
   * Properties that no preview can know, because their parts come to be in the same update. They are checked then,
   * before the resource is made. Any other unknown value is a violation: what cannot be decided is not let through.
   */
  readonly knownAtUpdate?: readonly string[];
}

/** A mandatory rule over single resources. */
export function resourceRule(rule: ResourceRule): ResourceValidationPolicy {
  return {
    name: rule.name,
    description: rule.description,
    enforcementLevel: "mandatory",
    validateResource: (args, report) => {
      const check = rule.checks[args.type];
      if (check === undefined) return;
      decide(() => check(subjectOf(args)), report, rule.knownAtUpdate ?? []);
    },
  };
}

export interface StackRule {
  readonly name: string;
  readonly description: string;
  /** Judges one resource in the light of all. Called for each, so that a value unknown in one does not hide another. */
  readonly check: (resource: PolicyResource, all: readonly PolicyResource[]) => Violations;
  readonly knownAtUpdate?: readonly string[];
}

/** A mandatory rule over the whole stack: what one resource promises and another one must hold. */
export function stackRule(rule: StackRule): StackValidationPolicy {
  return {
    name: rule.name,
    description: rule.description,
    enforcementLevel: "mandatory",
    validateStack: ({ resources }, report) => {
      for (const resource of resources) {
        const reportHere = (message: string) => report(message, resource.urn);
        decide(() => rule.check(resource, resources), reportHere, rule.knownAtUpdate ?? []);
      }
    },
  };
}

/** `urn:pulumi:stack::project::A$B$C::name` → [A, B, C]. */
export function typesInUrn(urn: string): readonly string[] {
  return urn.split("::")[2]?.split("$") ?? [];
}

/**
 * Runs a check. The SDK would turn an unknown value into advice, whatever the rule's level; here it is a violation.
 */
function decide(check: () => Violations, report: (message: string) => void, knownAtUpdate: readonly string[]): void {
  try {
    for (const violation of check()) report(violation);
  } catch (error) {
    if (!(error instanceof UnknownValueError) || !(error instanceof Error)) throw error;
    const path = unknownPath(error);
    if (knownAtUpdate.some((property) => path === property || path.startsWith(`${property}.`))) return;
    report(`cannot be decided until "${path}" is known. Give it a value that does not depend on another resource.`);
  }
}

function unknownPath(error: object): string {
  const props = "props" in error ? error.props : undefined;
  return Array.isArray(props) ? props.map(String).join(".") : "a property";
}

function subjectOf(args: ResourceValidationArgs): Subject {
  return { type: args.type, types: typesInUrn(args.urn), props: new View(args.props) };
}
