import { type PolicyResource, unknownCheckingProxy } from "@pulumi/policy";
import type { Finding } from "../../policies/finding.ts";
import { Session } from "../../policies/pack.ts";
import type { Rule } from "../../policies/rule.ts";

/** What the engine sends for a string that is not known yet. The policy SDK takes it for unknown wherever it stands. */
export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export interface Given {
  readonly type: string;
  readonly props: object;
  readonly ignoreChanges?: readonly string[];
  readonly protect?: boolean;
  /** Types that the resource is part of, outermost first. */
  readonly within?: readonly string[];
  readonly name?: string;
}

function optionsOf({ protect = false, ignoreChanges = [] }: Given) {
  return {
    protect,
    ignoreChanges: [...ignoreChanges],
    aliases: [],
    customTimeouts: { createSeconds: 0, updateSeconds: 0, deleteSeconds: 0 },
    additionalSecretOutputs: [],
  };
}

function notApplicable(): never {
  throw new Error("the rule called notApplicable");
}

export function urnOf({ type, within = [], name = "it" }: Given): string {
  return `urn:pulumi:test::logos::${[...within, type].join("$")}::${name}`;
}

/** A run of the pack with a configuration, which must be one. */
export function sessionWith(config: object, record: (finding: Finding) => void = () => {}): Session {
  const session = new Session({ waivers: { valid: [], problems: [] }, record });
  const problems = session.configure(config);
  if (problems.length > 0) throw new Error(problems.join("; "));
  return session;
}

export function argsFor(given: Given) {
  return {
    type: given.type,
    props: unknownCheckingProxy({ ...given.props }),
    urn: urnOf(given),
    name: given.name ?? "it",
    opts: optionsOf(given),
    stackTags: new Map<string, string>(),
    isType: notApplicable,
    asType: notApplicable,
    getConfig: notApplicable,
    notApplicable,
  };
}

/** What the tests' deployment declares; tests of one rule give their own. */
export const testConfig = {} as const;

/** Violations of one resource, seen as the policy server shows it: through the proxy that guards unknown values. */
export async function violations(
  rule: Rule,
  given: Given,
  config: object = testConfig,
  record?: (finding: Finding) => void,
): Promise<string[]> {
  const found: string[] = [];
  if (rule.checks === undefined && rule.every === undefined) throw new Error(`${rule.id} checks no single resource`);
  const { validateResource } = sessionWith(config, record).resourcePolicy(rule);
  if (typeof validateResource !== "function") throw new Error(`${rule.id} has no single validation`);
  await validateResource(argsFor(given), (message) => found.push(message));
  return found;
}

export interface GivenInStack extends Given {
  /** Names of the resources that this one depends on. */
  readonly dependsOn?: readonly string[];
  /** For each property, the names of the resources from whose outputs it was made. */
  readonly madeFrom?: Readonly<Record<string, readonly string[]>>;
}

/** Violations of a whole stack, each with the name of the resource that it is reported for. */
export async function stackViolations(
  rule: Rule,
  given: readonly GivenInStack[],
  config: object = testConfig,
  record?: (finding: Finding) => void,
): Promise<string[]> {
  const found: string[] = [];
  if (rule.stack === undefined) throw new Error(`${rule.id} checks no stack`);
  const { validateStack } = sessionWith(config, record).stackPolicy(rule);
  await validateStack(
    { resources: linked(given), stackTags: new Map(), getConfig: notApplicable, notApplicable },
    (message, urn) => found.push(`${urn?.split("::").at(-1)}: ${message}`),
  );
  return found;
}

export function linked(given: readonly GivenInStack[]): PolicyResource[] {
  const resources = given.map(
    (one): PolicyResource => ({ ...argsFor(one), dependencies: [], propertyDependencies: {} }),
  );
  const named = (names: readonly string[]) => resources.filter(({ name }) => names.includes(name));
  for (const [index, one] of given.entries()) {
    const resource = resources[index];
    if (resource === undefined) continue;
    resource.dependencies = named([...(one.dependsOn ?? []), ...Object.values(one.madeFrom ?? {}).flat()]);
    for (const [property, names] of Object.entries(one.madeFrom ?? {})) {
      resource.propertyDependencies[property] = named(names);
    }
  }
  return resources;
}
