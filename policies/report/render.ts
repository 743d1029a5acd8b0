import { existsSync, readFileSync } from "node:fs";
import type { Finding } from "../finding.ts";
import { renderJson } from "./json.ts";
import { renderJunit } from "./junit.ts";
import type { Report } from "./report.ts";
import { renderSarif } from "./sarif.ts";
import { renderText } from "./text.ts";

/** The reports by their names on the command line. */
export const formats = {
  text: renderText,
  json: renderJson,
  sarif: renderSarif,
  junit: renderJunit,
} as const satisfies Readonly<Record<string, (report: Report) => string>>;
export type Format = keyof typeof formats;

export const formatNames = ["text", "json", "sarif", "junit"] as const satisfies readonly Format[];

/** The findings that `recorder` wrote. A run that found nothing wrote nothing. */
export function readRecord(file: string): readonly Finding[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line): Finding => JSON.parse(line));
}
