import { messageOf } from "../finding.ts";
import { nameIn, type Report } from "./report.ts";

/** JUnit XML: one test for each rule, failed by its findings, skipped where all of them are waived. */
export function renderJunit({ findings, rules }: Report): string {
  const cases = rules.map((rule) => {
    const own = findings.filter((finding) => finding.rule === rule.id);
    const failing = own.filter(({ waiver }) => waiver === undefined);
    const name = `    <testcase classname="guardrails.${rule.family}" name="${escaped(`${rule.id} ${rule.title}`)}"`;
    if (own.length === 0) return `${name}/>`;
    const text = own.map((finding) => `${nameIn(finding.urn)}: ${messageOf(finding)}`).join("\n");
    const inner =
      failing.length === 0
        ? `<skipped message="${escaped(`waived: ${text}`)}"/>`
        : `<failure message="${failing.length} findings" type="${rule.severity}">${escaped(text)}</failure>`;
    return `${name}>\n      ${inner}\n    </testcase>`;
  });
  const failed = rules.filter(({ id }) =>
    findings.some(({ rule, waiver }) => rule === id && waiver === undefined),
  ).length;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    "<testsuites>",
    `  <testsuite name="guardrails" tests="${rules.length}" failures="${failed}">`,
    ...cases,
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}

function escaped(text: string): string {
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 has no way to write them
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, "?")
      .replace(/&/g, "&amp;")
      .replace(/</g, "&lt;")
      .replace(/>/g, "&gt;")
      .replace(/"/g, "&quot;")
  );
}
