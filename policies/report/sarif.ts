import { sha256Hex } from "../../core/digest.ts";
import { messageOf } from "../finding.ts";
import type { Severity } from "../rule.ts";
import { nameIn, type Report } from "./report.ts";

const levels: Readonly<Record<Severity, "error" | "warning" | "note">> = {
  critical: "error",
  high: "error",
  medium: "warning",
  low: "note",
};

/** GitHub orders alerts by this number (docs: SARIF support for code scanning, `security-severity`). */
const scores: Readonly<Record<Severity, string>> = { critical: "9.5", high: "8.0", medium: "5.5", low: "2.0" };

/**
 * SARIF 2.1.0, for code scanning. A resource is no file: each result points at the program, and names the resource as a
 * logical location.
 */
export function renderSarif({ findings, rules }: Report): string {
  const document = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "logos-guardrails",
            informationUri: "https://www.pulumi.com/docs/insights/policy/",
            rules: rules.map((rule) => ({
              id: rule.id,
              name: rule.name,
              shortDescription: { text: rule.title },
              fullDescription: { text: rule.reason },
              help: { text: rule.remediation },
              defaultConfiguration: { level: levels[rule.severity] },
              properties: {
                tags: [rule.family, ...rule.upstream],
                "security-severity": scores[rule.severity],
              },
            })),
          },
        },
        results: findings.map((finding) => ({
          ruleId: finding.rule,
          ruleIndex: rules.findIndex(({ id }) => id === finding.rule),
          level: levels[finding.severity],
          message: { text: `${nameIn(finding.urn)}: ${messageOf(finding)}` },
          locations: [
            {
              physicalLocation: { artifactLocation: { uri: "index.ts" }, region: { startLine: 1 } },
              logicalLocations: [
                {
                  fullyQualifiedName: `${finding.urn}${finding.path === "" ? "" : `#${finding.path}`}`,
                  kind: "resource",
                },
              ],
            },
          ],
          partialFingerprints: {
            "logos/v1": sha256Hex(JSON.stringify([finding.rule, finding.urn, finding.path])),
          },
          ...(finding.waiver === undefined
            ? {}
            : {
                suppressions: [
                  {
                    kind: "external",
                    status: "accepted",
                    justification: `${finding.waiver.reason} (${finding.waiver.file})`,
                  },
                ],
              }),
        })),
      },
    ],
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
