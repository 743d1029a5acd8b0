import type { Rule } from "./rule.ts";

/** What `docs/guardrails.md` and `coverage.json` say of the rules: both are made of them, and a test holds them to it. */

const packages: readonly (readonly [prefix: string, name: string])[] = [
  ["logos:", "all targets"],
  ["lab:", "lab"],
  ["command:", "commands"],
  ["aws:", "AWS"],
  ["gcp:", "GCP"],
  ["azure-native:", "Azure"],
];

/** Where a rule looks, for people. */
export function placesOf(rule: Rule): string {
  if (rule.every !== undefined) return "everything";
  const types = Object.keys(rule.checks ?? {});
  if (rule.checks === undefined && rule.stack === undefined) return "the pack";
  const places = packages.filter(([prefix]) => types.some((type) => type.startsWith(prefix))).map(([, name]) => name);
  return places.length === 0 ? "the stack" : places.join(", ");
}

export function renderGuide(rules: readonly Rule[]): string {
  const rows = rules.map((rule) => {
    const notes = [
      ...(rule.waivable === false ? ["never waived"] : []),
      ...(rule.profiles === undefined ? [] : [`profile ${rule.profiles.join(", ")}`]),
    ];
    const cells = [
      rule.id,
      rule.title,
      rule.severity,
      rule.reason,
      placesOf(rule),
      rule.upstream.join(", "),
      notes.join("; "),
    ];
    return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  });
  return [
    "# Guardrails",
    "",
    "Made from `policies/rules/` by `node policies/write-guide.ts`; a test holds it to them. Upstream ids are those of Checkov, Trivy, Pulumi's packs,",
    "FSBP and CIS for the same concern; ours may ask for more or, where it says so, for the opposite.",
    "",
    "*Where* says what a rule looks at: this project's own components (all targets), resources of the lab, of a cloud or commands, the stack",
    "(each resource in the light of all others), or the pack's own files. All rules are mandatory. How they are run, what they are told and",
    "what shows that they work: [policies/README.md](../policies/README.md); how to bear a finding for a while:",
    "[policies/waivers](../policies/waivers/README.md).",
    "",
    "| id | what holds | severity | otherwise | where | upstream | notes |",
    "| --- | --- | --- | --- | --- | --- | --- |",
    ...rows,
    "",
  ].join("\n");
}

/** Upstream id → ids of our rules for the same concern. */
export function renderCoverage(rules: readonly Rule[]): string {
  const ours = new Map<string, string[]>();
  for (const { id, upstream } of rules) for (const other of upstream) ours.set(other, [...(ours.get(other) ?? []), id]);
  const lines = [...ours.keys()].sort().map((other) => `  ${JSON.stringify(other)}: ${list(ours.get(other) ?? [])}`);
  return `{\n${lines.join(",\n")}\n}\n`;
}

function list(ids: readonly string[]): string {
  return `[${[...new Set(ids)]
    .sort()
    .map((id) => JSON.stringify(id))
    .join(", ")}]`;
}
