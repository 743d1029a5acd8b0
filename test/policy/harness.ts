import {
  type PolicyResource,
  type ResourceValidationPolicy,
  type StackValidationPolicy,
  unknownCheckingProxy,
} from "@pulumi/policy";

/** What the engine sends for a string that is not known yet. The policy SDK takes it for unknown wherever it stands. */
export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export interface Given {
  readonly type: string;
  readonly props: object;
  /** Types that the resource is part of, outermost first. */
  readonly within?: readonly string[];
  readonly name?: string;
}

const options = {
  protect: false,
  ignoreChanges: [],
  aliases: [],
  customTimeouts: { createSeconds: 0, updateSeconds: 0, deleteSeconds: 0 },
  additionalSecretOutputs: [],
};

function notApplicable(): never {
  throw new Error("the rule called notApplicable");
}

export function urnOf({ type, within = [], name = "it" }: Given): string {
  return `urn:pulumi:test::logos::${[...within, type].join("$")}::${name}`;
}

/** Violations of one resource, seen as the policy server shows it: through the proxy that guards unknown values. */
export async function violations(policy: ResourceValidationPolicy, given: Given): Promise<string[]> {
  const found: string[] = [];
  const { validateResource } = policy;
  if (typeof validateResource !== "function") throw new Error(`${policy.name} has no single validation`);
  await validateResource(
    {
      type: given.type,
      props: unknownCheckingProxy({ ...given.props }),
      urn: urnOf(given),
      name: given.name ?? "it",
      opts: options,
      stackTags: new Map(),
      isType: notApplicable,
      asType: notApplicable,
      getConfig: notApplicable,
      notApplicable,
    },
    (message) => found.push(message),
  );
  return found;
}

export interface GivenInStack extends Given {
  /** Names of the resources that this one depends on. */
  readonly dependsOn?: readonly string[];
}

/** Violations of a whole stack, each with the name of the resource that it is reported for. */
export async function stackViolations(
  policy: StackValidationPolicy,
  given: readonly GivenInStack[],
): Promise<string[]> {
  const found: string[] = [];
  const resources = given.map(
    (one): PolicyResource => ({
      type: one.type,
      props: unknownCheckingProxy({ ...one.props }),
      urn: urnOf(one),
      name: one.name ?? "it",
      opts: options,
      dependencies: [],
      propertyDependencies: {},
      isType: notApplicable,
      asType: notApplicable,
    }),
  );
  for (const [index, one] of given.entries()) {
    const wanted = one.dependsOn ?? [];
    const resource = resources[index];
    if (resource !== undefined) resource.dependencies = resources.filter(({ name }) => wanted.includes(name));
  }
  await policy.validateStack(
    { resources, stackTags: new Map(), getConfig: notApplicable, notApplicable },
    (message, urn) => found.push(`${urn?.split("::").at(-1)}: ${message}`),
  );
  return found;
}
