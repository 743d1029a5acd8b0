import type { Finding } from "../finding.ts";
import type { Rule, Severity } from "../rule.ts";

/** What is reported: every finding once, in an order that depends on nothing but them. */
export interface Report {
  readonly findings: readonly Finding[];
  readonly rules: readonly Rule[];
}

const severities: readonly Severity[] = ["critical", "high", "medium", "low"];

/** Findings in the order of reports: by severity, rule, resource, property. A finding that came twice stands once. */
export function reportOf(findings: readonly Finding[], rules: readonly Rule[]): Report {
  const unique = new Map(findings.map((finding) => [JSON.stringify(keyOf(finding)), finding]));
  const sorted = [...unique.values()].sort((a, b) => compare(keyOf(a), keyOf(b)));
  return { findings: sorted, rules };
}

function keyOf({ severity, rule, urn, path, found }: Finding): readonly (string | number)[] {
  return [severities.indexOf(severity), rule, urn, path, found];
}

function compare(a: readonly (string | number)[], b: readonly (string | number)[]): number {
  for (const [index, left] of a.entries()) {
    const right = b[index] ?? "";
    if (left !== right) return left < right ? -1 : 1;
  }
  return 0;
}

/** Those that stop a run. */
export function standing({ findings }: Report): readonly Finding[] {
  return findings.filter(({ waiver }) => waiver === undefined);
}

/** `stack::project::type::name` of a URN, for people: type and name. */
export function nameIn(urn: string): string {
  const [, , types = "", name = ""] = urn.split("::");
  return `${types.split("$").at(-1)} ${name}`;
}
