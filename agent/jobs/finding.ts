import type { Finding } from "../../core/jobs/record.ts";
import { Malformed, readJson } from "../../core/json.ts";
import { parseVerdict } from "../../core/verdict.ts";

/** What the program of a class found, out of the end of its standard output: its last line is one JSON object. */
export function readFinding(output: string): Finding {
  const line = output.trimEnd().split("\n").at(-1) ?? "";
  for (const read of [readVerdict, readPlain]) {
    try {
      return read(line);
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
    }
  }
  return { verdict: "NOT RUN", reason: "it ended without a verdict" };
}

function readVerdict(line: string): Finding {
  const { result, firstFailure, commit } = parseVerdict(line, "verdict");
  return {
    verdict: result,
    ...(firstFailure === undefined ? {} : { reason: `${firstFailure.id}: ${firstFailure.message}` }),
    ...(commit === undefined ? {} : { commit }),
  };
}

function readPlain(line: string): Finding {
  return readJson(line, "finding", (fields) => ({
    verdict: fields.string("verdict"),
    ...(fields.has("reason") ? { reason: fields.string("reason") } : {}),
    ...(fields.has("commit") ? { commit: fields.string("commit") } : {}),
    ...(fields.has("auditId") ? { auditId: fields.string("auditId") } : {}),
  }));
}
