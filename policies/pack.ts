import type {
  Policies,
  Policy,
  PolicyResource,
  ReportViolation,
  ResourceValidationPolicy,
  StackValidationPolicy,
} from "@pulumi/policy";
import {
  BadConfiguration,
  type Configuration,
  configurationPolicy,
  configurationSchema,
  readConfiguration,
  strictest,
} from "./configuration.ts";
import type { Declared } from "./declared.ts";
import { type Finding, findingOf, messageOf } from "./finding.ts";
import { judgeResource, judgeStack, type Linked, stackOf } from "./judge.ts";
import type { Rule } from "./rule.ts";
import { configurationSound, waiversSound } from "./rules/waivers/in-pack.ts";
import { type Waiver, type Waivers, waiverFor } from "./waivers.ts";

/** What a pack is made of beside its rules. */
export interface PackOptions {
  readonly waivers: Waivers;
  /** Is told every finding, the waived ones too. */
  readonly record?: (finding: Finding) => void;
  /** Takes out of a text what nobody may read. */
  readonly clean?: (text: string) => string;
}

/** Name under which waivers are judged and what they waive is shown. */
export const waiversPolicy = "Q20-waivers";

/**
 * The rules as policies. The first one reads the pack's configuration for all others; the last ones show what was waived
 * and refuse waivers that are wrong or unused. The engine asks the policies in this order.
 */
export function policiesOf(rules: readonly Rule[], session: Session): Policies {
  return [
    ...session.configuration(),
    ...rules.flatMap((rule) => [
      ...(rule.checks === undefined && rule.every === undefined ? [] : [session.resourcePolicy(rule)]),
      ...(rule.stack === undefined ? [] : [session.stackPolicy(rule)]),
    ]),
    ...session.waived(),
  ];
}

/** Names of a rule's two policies: the engine shows them beside each violation. */
export function policyName(rule: Rule): string {
  return `${rule.id}-${rule.name}`;
}

function stackPolicyName(rule: Rule): string {
  return `${policyName(rule)}-in-stack`;
}

/** What one run of the pack knows: all policies of a run share it. */
export class Session {
  readonly #options: PackOptions;
  #config: Configuration = strictest;
  #declared: Declared = {};
  #configured = false;
  readonly #used = new Set<Waiver>();
  /** Waived findings that no one was shown yet, by resource. */
  readonly #waived = new Map<string, Finding[]>();

  constructor(options: PackOptions) {
    this.#options = options;
  }

  resourcePolicy(rule: Rule): ResourceValidationPolicy {
    return {
      ...described(rule, policyName(rule)),
      validateResource: (args, report) => {
        for (const finding of judgeResource(rule, args, this.#config)) this.#report(finding, report);
      },
    };
  }

  stackPolicy(rule: Rule): StackValidationPolicy {
    return {
      ...described(rule, stackPolicyName(rule)),
      validateStack: ({ resources }, report) => {
        const stack = stackOf(resources.map(linked), this.#config);
        for (const finding of judgeStack(rule, stack, this.#config)) this.#report(finding, report);
      },
    };
  }

  /** Takes what the stack's own settings declare; what is configured later goes before it, key by key. */
  declare(declared: Declared): void {
    this.#declared = declared;
  }

  /** Takes the configuration that all rules are judged by, or the strictest if it is wrong; answers what is wrong with it. */
  configure(given: unknown): readonly string[] {
    this.#configured = true;
    try {
      this.#config = readConfiguration(laidOver(this.#declared, given));
      return [];
    } catch (error) {
      if (!(error instanceof BadConfiguration)) throw error;
      this.#config = strictest;
      return error.problems;
    }
  }

  /** Reads the configuration, before any rule is asked, and refuses one that is wrong. */
  configuration(): Policies {
    const policy = {
      description: "The pack's configuration is one: what a deployment declares of itself, without unknown keys.",
      enforcementLevel: "mandatory",
      configSchema: configurationSchema,
    } as const;
    return [
      {
        ...policy,
        name: configurationPolicy,
        // Every stack has at least the resource that stands for itself, so this is always asked first.
        validateResource: (args, report) => {
          if (this.#configured) return;
          for (const problem of this.configure(args.getConfig()))
            this.#ownProblem(configurationSound, args.urn, problem, report);
        },
      },
    ];
  }

  /** Shows what was waived, as advice; refuses waivers that are wrong, and those of this stack that waive nothing. */
  waived(): Policies {
    const description =
      "Waivers are for one finding, by another person, for at most 90 days; what they waive stays visible.";
    return [
      {
        name: "waived",
        description,
        enforcementLevel: "advisory",
        validateResource: ({ urn }, report) => this.#showWaived(urn, report),
      },
      {
        name: "waived-in-stack",
        description,
        enforcementLevel: "advisory",
        validateStack: (_, report) => {
          for (const urn of [...this.#waived.keys()].sort()) this.#showWaived(urn, report);
        },
      },
      {
        name: waiversPolicy,
        description,
        enforcementLevel: "mandatory",
        validateStack: ({ resources }, report) => {
          const [{ urn } = { urn: "" }] = resources;
          for (const problem of this.#options.waivers.problems) this.#ownProblem(waiversSound, urn, problem, report);
          for (const waiver of this.#options.waivers.valid) {
            if (stackIn(waiver.urn) !== stackIn(urn) || this.#used.has(waiver)) continue;
            const problem = `${waiver.file} waives nothing: ${waiver.rule} has nothing against ${waiver.urn}. Remove the file.`;
            this.#ownProblem(waiversSound, urn, problem, report);
          }
        },
      },
    ];
  }

  /** Something wrong with the pack's own files; no waiver is taken for it. */
  #ownProblem(rule: Rule, urn: string, problem: string, report: ReportViolation): void {
    this.#options.record?.(findingOf(rule, urn, { found: problem }));
    report(problem);
  }

  #report(found: Finding, report: ReportViolation): void {
    const finding = this.#cleaned(found);
    const waiver = waiverFor(this.#options.waivers.valid, finding.rule, finding.urn);
    if (waiver === undefined) {
      this.#options.record?.(finding);
      report(messageOf(finding), finding.urn);
      return;
    }
    this.#used.add(waiver);
    const waived = { ...finding, waiver };
    this.#options.record?.(waived);
    this.#waived.set(finding.urn, [...(this.#waived.get(finding.urn) ?? []), waived]);
  }

  #cleaned(finding: Finding): Finding {
    const { clean = (text: string) => text } = this.#options;
    const { path, found, expected, mend } = finding;
    return { ...finding, path: clean(path), found: clean(found), expected: clean(expected), mend: clean(mend) };
  }

  #showWaived(urn: string, report: ReportViolation): void {
    for (const finding of this.#waived.get(urn) ?? []) {
      const { approver, expires, reason } = finding.waiver ?? { approver: "", expires: "", reason: "" };
      report(`${finding.rule} waived until ${expires} by ${approver} (${reason}): ${messageOf(finding)}`, urn);
    }
    this.#waived.delete(urn);
  }
}

/** The given one's keys before the declared one's, also inside their objects. What is no object is left for the reader to refuse. */
function laidOver(declared: Declared, given: unknown): unknown {
  if (given === undefined) return declared;
  if (!isRecord(given)) return given;
  const inner = Object.entries(given).map(([key, value]) => {
    const own = declared[key];
    return [key, isRecord(own) && isRecord(value) ? { ...own, ...value } : value];
  });
  return { ...declared, ...Object.fromEntries(inner) };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function described(rule: Rule, name: string): Omit<Policy, "name"> & { readonly name: string } {
  return {
    name,
    description: rule.title,
    enforcementLevel: "mandatory",
    severity: rule.severity,
    remediationSteps: rule.remediation,
    tags: [rule.family],
  };
}

function linked(resource: PolicyResource): Linked {
  return resource;
}

/** `urn:pulumi:stack::project`. */
function stackIn(urn: string): string {
  return urn.split("::").slice(0, 2).join("::");
}
