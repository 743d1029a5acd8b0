import type { Configuration } from "./configuration.ts";
import { type Finding, findingsOf } from "./finding.ts";
import {
  attempt,
  type Outcome,
  plainType,
  type Rule,
  type Stack,
  type StackSubject,
  type Subject,
  typesInUrn,
} from "./rule.ts";
import { View } from "./view.ts";

/** A resource as the policy SDK or a state file shows it. */
export interface Resource {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  /** Inputs or outputs; unknown values are guarded by the SDK's proxy. */
  readonly props: unknown;
  readonly opts: { readonly protect: boolean; readonly ignoreChanges: readonly string[] };
}

/** Whether a rule holds for a deployment. */
export function holds(rule: Rule, config: Configuration): boolean {
  return rule.profiles === undefined || rule.profiles.includes(config.profile);
}

/** What a rule has against one resource, before it is made. */
export function judgeResource(rule: Rule, resource: Resource, config: Configuration): readonly Finding[] {
  const checks = [rule.checks?.[plainType(resource.type)], rule.every].filter((check) => check !== undefined);
  if (checks.length === 0 || !holds(rule, config)) return [];
  const subject = subjectOf(resource, config);
  return checks.flatMap((check) => findingsOf(rule, resource.urn, withIgnored(rule, subject, check(subject))));
}

/** What a rule has against a stack as a whole. Each resource is judged by itself, so that none hides another. */
export function judgeStack(rule: Rule, stack: Stack, config: Configuration): readonly Finding[] {
  const { stack: check } = rule;
  if (check === undefined || !holds(rule, config)) return [];
  return stack.resources.flatMap((one) =>
    findingsOf(
      rule,
      one.urn,
      attempt(() => check(one, stack)),
    ),
  );
}

export function subjectOf(resource: Resource, config: Configuration): Subject {
  return {
    type: plainType(resource.type),
    name: resource.name,
    urn: resource.urn,
    types: typesInUrn(resource.urn).map(plainType),
    props: new View(resource.props),
    ignoreChanges: resource.opts.ignoreChanges,
    protect: resource.opts.protect,
    config,
  };
}

export interface Linked extends Resource {
  readonly dependencies: readonly { readonly urn: string }[];
  readonly propertyDependencies: Readonly<Record<string, readonly { readonly urn: string }[]>>;
}

export function stackOf(resources: readonly Linked[], config: Configuration): Stack {
  const subjects = new Map<string, StackSubject>();
  const find = (urns: readonly { readonly urn: string }[]) => urns.flatMap(({ urn }) => subjects.get(urn) ?? []);
  for (const resource of resources) {
    subjects.set(resource.urn, {
      ...subjectOf(resource, config),
      get dependencies() {
        return find(resource.dependencies);
      },
      madeFrom: (property) => find(resource.propertyDependencies[property] ?? []),
    });
  }
  const all = [...subjects.values()];
  return { resources: all, ofType: (...types) => all.filter(({ type }) => types.includes(type)) };
}

/**
 * Whatever a rule reads may not be left out of updates: the engine would show the rule the old value, while the cloud
 * keeps another. What a check reads is known once it ran.
 */
function* withIgnored(rule: Rule, subject: Subject, outcomes: Iterable<Outcome>): Generator<Outcome> {
  yield* attempt(() => outcomes);
  // On a component the option does nothing.
  if (subject.type.startsWith("logos:")) return;
  for (const path of subject.ignoreChanges) {
    const root = /^\[?"?(?<root>[^.["\]]*)/.exec(path)?.groups?.root ?? path;
    if ((root !== "*" && !subject.props.seen.has(root)) || rule.mayIgnore?.includes(path) === true) continue;
    yield {
      at: path,
      found: "is guarded and left out of updates by ignoreChanges",
      mend: `Take "${path}" out of ignoreChanges.`,
    };
  }
}
