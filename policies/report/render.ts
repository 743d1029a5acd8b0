import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Finding } from "../finding.ts";
import { rules } from "../rules/all.ts";
import { renderJson } from "./json.ts";
import { renderJunit } from "./junit.ts";
import { type Report, reportOf, standing } from "./report.ts";
import { renderSarif } from "./sarif.ts";
import { renderText } from "./text.ts";

/** Name of each report, below one folder, and how it is written. */
const formats: Readonly<Record<string, (report: Report) => string>> = {
  "guardrails.txt": renderText,
  "guardrails.json": renderJson,
  "guardrails.sarif": renderSarif,
  "guardrails.xml": renderJunit,
};

/** Writes all reports of what a run wrote down; answers how many findings stand. A run that found nothing wrote nothing. */
export function writeReports(record: string, folder: string): number {
  const report = reportOf(existsSync(record) ? readRecord(readFileSync(record, "utf8")) : [], rules);
  mkdirSync(folder, { recursive: true });
  for (const [name, render] of Object.entries(formats)) writeFileSync(join(folder, name), render(report));
  return standing(report).length;
}

/** The lines that `recorder` wrote, which are its own. */
function readRecord(text: string): readonly Finding[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line): Finding => JSON.parse(line));
}
