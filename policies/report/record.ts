import { appendFileSync } from "node:fs";
import type { Finding } from "../finding.ts";

/**
 * Writes findings down while the engine runs the pack, one JSON object a line, for reports that the engine does not make.
 * Nothing is written without a path.
 */
export function recorder(path: string | undefined): { readonly record?: (finding: Finding) => void } {
  if (path === undefined || path === "") return {};
  return { record: (finding) => appendFileSync(path, `${JSON.stringify(finding)}\n`) };
}
