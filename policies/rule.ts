import type { Configuration, Profile } from "./configuration.ts";
import { Undecided, type View } from "./view.ts";

export const families = [
  "ingress",
  "encryption",
  "transit",
  "identity",
  "metadata",
  "logging",
  "retention",
  "sizing",
  "image",
  "remote",
  "units",
  "credentials",
  "operator",
  "waivers",
] as const;
export type Family = (typeof families)[number];

export type Severity = "low" | "medium" | "high" | "critical";

/** A guardrail. Each is one exported object; `rules/all.ts` lists them. */
export interface Rule {
  /** As in `docs/guardrails.md`; never given to another rule. */
  readonly id: string;
  /** Names it in a few words, in lower case with hyphens. */
  readonly name: string;
  /** What holds when it holds, as a sentence. */
  readonly title: string;
  readonly family: Family;
  readonly severity: Severity;
  /** What happens otherwise. */
  readonly reason: string;
  /** Program text that can be pasted. */
  readonly remediation: string;
  /** Ids of the rules of others that it stands for: Checkov, Trivy, Pulumi's packs, FSBP, CIS. */
  readonly upstream: readonly string[];
  /** Where it holds; left out: everywhere. */
  readonly profiles?: readonly Profile[];
  /** False where no waiver is taken. */
  readonly waivable?: false;
  /** How each type is checked, before the resource is made; types as {@link plainType} gives them. */
  readonly checks?: Readonly<Record<string, Check>>;
  /** How every resource is checked, whatever its type. */
  readonly every?: Check;
  /** How each resource is checked in the light of all others. */
  readonly stack?: StackCheck;
  /**
   * Properties that no preview can know, for they are ids or parts that come to be in the same update: `connection`,
   * `ingress[*].securityGroups`. They are decided then, before the resource is made. Any other unknown value is a
   * violation.
   */
  readonly knownAtUpdate?: readonly string[];
  /** Properties that the rule reads and that an update may leave alone all the same. */
  readonly mayIgnore?: readonly string[];
}

export type Check = (subject: Subject) => Iterable<Outcome>;
export type StackCheck = (resource: StackSubject, stack: Stack) => Iterable<Outcome>;

/** What a rule reads of the resource that is about to be made or changed. */
export interface Subject {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  /** Types of the resource and of all that it is part of, outermost first, as its URN holds them. */
  readonly types: readonly string[];
  readonly props: View;
  readonly ignoreChanges: readonly string[];
  readonly protect: boolean;
  readonly config: Configuration;
}

export interface StackSubject extends Subject {
  readonly dependencies: readonly StackSubject[];
  /** The resources whose outputs a property was made from, known or not. */
  readonly madeFrom: (property: string) => readonly StackSubject[];
}

export interface Stack {
  readonly resources: readonly StackSubject[];
  readonly ofType: (...types: readonly string[]) => readonly StackSubject[];
}

/** What a check comes to: something wrong, or something that cannot be told yet. Nothing when all is well. */
export type Outcome = Problem | Undecided;

export interface Problem {
  /** The property it is about; left out: the resource as a whole. */
  readonly at?: View | string;
  /** What was found, as the end of a sentence that begins with the resource. */
  readonly found: string;
  readonly expected?: string;
  /** How to mend it, if the rule's own remediation is not all there is to say. */
  readonly mend?: string;
}

/** Runs one part of a check, so that a value that is not known does not keep the parts beside it from being checked. */
export function* attempt(part: () => Iterable<Outcome>): Generator<Outcome> {
  try {
    yield* part();
  } catch (error) {
    if (!(error instanceof Undecided)) throw error;
    yield error;
  }
}

/** What reading comes to; undefined while it is not known. */
export function known<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Undecided)) throw error;
    return undefined;
  }
}

/** One check for each of several types: twins through which the same thing can be made. */
export function each(types: readonly string[], check: Check): Readonly<Record<string, Check>> {
  return Object.fromEntries(types.map((type) => [type, check]));
}

/** Both checks on the types that have both. */
export function together(...tables: readonly Readonly<Record<string, Check>>[]): Readonly<Record<string, Check>> {
  const types = new Set(tables.flatMap((table) => Object.keys(table)));
  return Object.fromEntries(
    [...types].map((type) => {
      const checks = tables.flatMap((table) => table[type] ?? []);
      return [type, (subject: Subject) => inTurn(checks, subject)];
    }),
  );
}

function* inTurn(checks: readonly Check[], subject: Subject): Generator<Outcome> {
  for (const check of checks) yield* attempt(() => check(subject));
}

/** `urn:pulumi:stack::project::A$B$C::name` → [A, B, C]. */
export function typesInUrn(urn: string): readonly string[] {
  return urn.split("::")[2]?.split("$") ?? [];
}

/**
 * A type token without the version that azure-native puts into it: `azure-native:network/v20240101:Subnet` and
 * `azure-native_network_v20240101:network:Subnet` are both `azure-native:network:Subnet`.
 */
export function plainType(type: string): string {
  // Asked for every rule and resource.
  if (!type.startsWith("azure-native")) return type;
  return type
    .replace(/^azure-native_[a-z0-9]+_v\d+(?:preview|privatepreview)?:/, "azure-native:")
    .replace(/^(azure-native:[a-z]+)\/v\d+(?:preview|privatepreview)?:/, "$1:");
}
