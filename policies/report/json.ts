import { type Report, standing } from "./report.ts";

/** For programs: the findings as they are. */
export function renderJson(report: Report): string {
  const { findings, rules } = report;
  const document = {
    version: 1,
    rules: rules.length,
    findings: standing(report).length,
    waived: findings.length - standing(report).length,
    results: findings,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
