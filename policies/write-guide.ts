import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { renderCoverage, renderGuide } from "./guide.ts";
import { reportedRules, rules } from "./rules/all.ts";

writeFileSync(join(import.meta.dirname, "../docs/guardrails.md"), renderGuide(reportedRules));
writeFileSync(join(import.meta.dirname, "coverage.json"), renderCoverage(rules));
