import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { messageOf } from "../../core/errors.ts";
import { type Format, formatNames, formats } from "./render.ts";
import type { Report } from "./report.ts";

/** A report that was asked for, and the file that it goes to; standard output where none is named. */
export interface Wanted {
  readonly format: Format;
  readonly file?: string;
}

export interface Asked {
  readonly stacks: readonly string[];
  readonly wanted: readonly Wanted[];
}

/**
 * Reads `STACK… [--report FORMAT [--out FILE]]…`: each `--out` is of the `--report` at its place. Without `--report` it is text.
 * Answers what is wrong with a call that is none.
 */
export function readAsked(argv: readonly string[]): Asked | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: { report: { type: "string", multiple: true }, out: { type: "string", multiple: true } },
    });
    const names = values.report ?? ["text"];
    const files = values.out ?? [];
    if (files.length > names.length) return "There are more --out than --report. Each --out is the file of one report.";
    const unknown = names.find((name) => !formatNames.some((format) => format === name));
    if (unknown !== undefined) return `"${unknown}" is no report. There are ${formatNames.join(", ")}.`;
    if (names.length - files.length > 1) return "Two reports cannot share the standard output. Name an --out for each.";
    const wanted = names.flatMap((name, index) => wantedOf(name, files[index]));
    return { stacks: positionals, wanted };
  } catch (error) {
    return messageOf(error);
  }
}

function wantedOf(name: string, file: string | undefined): readonly Wanted[] {
  const format = formatNames.find((one) => one === name);
  return format === undefined ? [] : [{ format, ...(file === undefined ? {} : { file }) }];
}

/** Writes the reports. What is not a report goes to standard error, so that standard output can be read by a program. */
export function writeReports(report: Report, wanted: readonly Wanted[]): void {
  for (const { format, file } of wanted) {
    const text = formats[format](report);
    if (file === undefined) process.stdout.write(text);
    else writeFileSync(file, text);
  }
}
