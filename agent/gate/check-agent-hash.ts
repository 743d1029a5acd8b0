import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CheckFailure, errorCode } from "../failure.ts";
import { hashFile } from "../io/files.ts";
import type { Check } from "./context.ts";

/** Where the workload states the hash it expects of its agent. */
export const bootScript = "scripts/boot_aligned_agent.py";

/**
 * The agent's expected hash is the reviewed one, and the files that decide over a proof are, byte for byte, the reviewed files.
 * The constant alone says little: it is the hash of a name. The files are what a change would have to touch.
 */
export const agentHashCheck: Check = {
  id: "agent-hash",
  title: "guarded agent hash and guarded files",
  async run({ checkout, pins }) {
    const stated = readAgentHash(checkout);
    if (stated !== pins.agentHash)
      throw new CheckFailure(
        `EXPECTED_AGENT_HASH in ${bootScript} is ${stated}, but ${pins.agentHash} is pinned. If the change is meant, have the pins reviewed (logos-agent gate --propose)`,
      );
    for (const [path, pinned] of pins.guardedFiles) {
      const found = guardedFileHash(checkout, path);
      if (found !== pinned)
        throw new CheckFailure(
          `The guarded file ${path} has sha256 ${found}, but ${pinned} is pinned. If the change is meant, have the pins reviewed (logos-agent gate --propose)`,
        );
    }
    return {};
  },
};

/** The constant's value, 64 hex. Throws {@link CheckFailure} when it is not stated exactly once. */
export function readAgentHash(checkout: string): string {
  let text: string;
  try {
    text = readFileSync(join(checkout, bootScript), "utf8");
  } catch (error) {
    throw new CheckFailure(`${bootScript} cannot be read (${errorCode(error) ?? "unknown"})`, { couldNotRun: true });
  }
  const statements = [...text.matchAll(/^EXPECTED_AGENT_HASH\b(?<rest>.*)$/gm)].map(
    (match) => match.groups?.rest ?? "",
  );
  const value = /^\s*(:\s*\w+\s*)?=\s*["'](?<hash>[0-9a-f]{64})["']\s*(#.*)?$/.exec(statements[0] ?? "")?.groups?.hash;
  if (statements.length !== 1 || value === undefined)
    throw new CheckFailure(`${bootScript} must state EXPECTED_AGENT_HASH = "<64 hex>" exactly once, on one line`);
  return value;
}

/** sha256 of a file of the checkout. Throws {@link CheckFailure}. */
export function guardedFileHash(checkout: string, path: string): string {
  try {
    return hashFile(join(checkout, path)).sha256;
  } catch (error) {
    throw new CheckFailure(
      `The guarded file ${path} cannot be read (${errorCode(error) ?? "unknown"}): missing, or not a plain file`,
    );
  }
}
