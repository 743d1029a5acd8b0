import { nameIn, type Report, standing } from "./report.ts";

/** For people: one paragraph a finding, then how many there are. */
export function renderText(report: Report): string {
  const paragraphs = report.findings.map((finding) => {
    const { rule, name, severity, urn, path, found, expected, mend, upstream, waiver } = finding;
    return [
      `${rule} ${name} (${severity}): ${nameIn(urn)}${path === "" ? "" : ` ${path}`}`,
      `  found     ${found}`,
      ...(expected === "" ? [] : [`  expected  ${expected}`]),
      `  mend      ${mend}`,
      ...(upstream.length === 0 ? [] : [`  as in     ${upstream.slice(0, 6).join(", ")}`]),
      ...(waiver === undefined ? [] : [`  waived    until ${waiver.expires} by ${waiver.approver}: ${waiver.reason}`]),
      `  urn       ${urn}`,
    ].join("\n");
  });
  const waived = report.findings.length - standing(report).length;
  const total = `${standing(report).length} findings${waived === 0 ? "" : `, ${waived} waived`}; ${report.rules.length} rules.`;
  return `${[...paragraphs, total].join("\n\n")}\n`;
}
