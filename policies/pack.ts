import type {
  Policies,
  Policy,
  PolicyResource,
  ReportViolation,
  ResourceValidationPolicy,
  StackValidationPolicy,
} from "@pulumi/policy";
import { planAddresses } from "../core/addresses.ts";
import { narrowRange } from "../core/config/fields.ts";
import { parseRange } from "../core/guard/addresses.ts";
import { union } from "../core/guard/intervals.ts";
import { googleRanges } from "../core/guardrails.ts";
import { parseCidr } from "../core/net.ts";
import {
  auditLocks,
  BadConfiguration,
  type Configuration,
  configurationPolicy,
  configurationSchema,
  profiles,
  readConfiguration,
  strictest,
} from "./configuration.ts";
import { type Finding, findingOf, messageOf } from "./finding.ts";
import { judgeResource, judgeStack, type Linked, stackOf } from "./judge.ts";
import { plainType, type Rule } from "./rule.ts";
import { configurationSound, waiversSound } from "./rules/waivers/in-pack.ts";
import { View } from "./view.ts";
import { type Waiver, type Waivers, waiverFor } from "./waivers.ts";

/** What a pack is made of beside its rules. */
export interface PackOptions {
  readonly waivers: Waivers;
  /** Is told every finding, the waived ones too. */
  readonly record?: (finding: Finding) => void;
}

/** Name under which waivers are judged and what they waive is shown. */
export const waiversPolicy = "Q20-waivers";

/**
 * The rules as policies. The first one reads the pack's configuration for all others; the last ones show what was waived
 * and refuse waivers that are wrong or unused. The engine asks the policies in this order.
 */
export function policiesOf(rules: readonly Rule[], options: PackOptions): Policies {
  const session = new Session(options);
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
  /** Keys of the configuration that was given, and what the components say beside it. */
  #given: readonly string[] = [];
  #said: Partial<Configuration> = {};
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

  /**
   * What the program's own components say of the deployment: whose profile it is, where operators log in from and
   * at which address, and how the audit log is locked. They are registered before what they hold. A configuration that is given goes before them.
   */
  learn({ type, props }: Pick<PolicyResource, "type" | "props">): void {
    const said = declaredBy(plainType(type), new View(props));
    this.#said = { ...this.#said, ...said };
    this.#config = { ...this.#config, ...withoutKeys(this.#said, this.#given) };
  }

  /** Takes the configuration that all rules are judged by, or the strictest if it is wrong; answers what is wrong with it. */
  configure(value: unknown): readonly string[] {
    this.#given = typeof value === "object" && value !== null ? Object.keys(value) : [];
    try {
      this.#config = readConfiguration(value);
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
          for (const problem of this.configure(args.getConfig()))
            this.#ownProblem(configurationSound, args.urn, problem, report);
          this.learn(args);
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

  #report(finding: Finding, report: ReportViolation): void {
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

  #showWaived(urn: string, report: ReportViolation): void {
    for (const finding of this.#waived.get(urn) ?? []) {
      const { approver, expires, reason } = finding.waiver ?? { approver: "", expires: "", reason: "" };
      report(`${finding.rule} waived until ${expires} by ${approver} (${reason}): ${messageOf(finding)}`, urn);
    }
    this.#waived.delete(urn);
  }
}

/** What one component says of the deployment. A value that is not known is not said. */
function declaredBy(type: string, props: View): Partial<Configuration> {
  if (type === "logos:substrate:Substrate") {
    const profile = profiles.find((one) => one === props.string("profile"));
    return profile === undefined ? {} : { profile };
  }
  if (type === "logos:substrate:Data") {
    const lock = auditLocks.find((one) => one === props.string("lock"));
    return lock === undefined ? {} : { audit: { ...strictest.audit, lock } };
  }
  if (type !== "logos:substrate:Network") return {};
  const cidr = props.string("cidr") ?? "";
  const plan = parseCidr(cidr)?.prefix === 24 ? planAddresses(cidr) : undefined;
  const bastion = plan === undefined ? {} : { bastion: { ...strictest.bastion, addresses: [plan.bastion] } };
  if (props.string("access", "by") === "tunnel") {
    const operatorRanges = parseRange(googleRanges.tunnels) ?? [];
    return { ...bastion, operatorRanges, tunnel: parseRange(plan?.tunnel ?? "") ?? [] };
  }
  // What is as wide as everybody is nobody's to declare.
  const ranges = (props.list("access", "ranges") ?? []).flatMap((range) => {
    const narrow = narrowRange(range.string());
    return narrow.ok ? [parseRange(narrow.value) ?? []] : [];
  });
  return { ...bastion, operatorRanges: union(...ranges) };
}

function withoutKeys(values: Partial<Configuration>, keys: readonly string[]): Partial<Configuration> {
  return Object.fromEntries(Object.entries(values).filter(([key]) => !keys.includes(key)));
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
