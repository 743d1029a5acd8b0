import { readFileSync } from "node:fs";
import { sha256Hex } from "../core/digest.ts";

/** The first 12 hex digits of this program's own sha256: the recipe names the bundle by the same digest. */
export function agentVersion(): string {
  const [, program] = process.argv;
  return program === undefined ? "unknown" : sha256Hex(readFileSync(program)).slice(0, 12);
}
