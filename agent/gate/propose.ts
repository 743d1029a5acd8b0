import { readdirSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { readJson } from "../../core/json.ts";
import { renderPins } from "../../core/pins.ts";
import { CheckFailure, errorCode } from "../failure.ts";
import { systemPath } from "../io/process.ts";
import { withScratch } from "../io/scratch.ts";
import { guardedFileHash, readAgentHash } from "./check-agent-hash.ts";
import { assumptionsOf, readCoqProject } from "./coq.ts";
import { workloadIdentity } from "./gate.ts";

/** Programs that decide what a rebuild means: the gate, the list of what it builds, and every script it may call. */
function decisiveFiles(checkout: string): readonly string[] {
  const scripts = readdirSync(join(checkout, "scripts"))
    .filter((name) => name.endsWith(".py"))
    .map((name) => `scripts/${name}`);
  return ["_CoqProject", "test_lem_discharge.py", ...scripts];
}

/** Where a workload names the theorems it wants pinned: {"theorems": {"<qualified name>": [...]}}. */
const theoremList = "axioms.json";

/**
 * The pins of a built checkout as it is now, for a person to review. The list of theorems is the checkout's wish; the
 * axioms are what Coq answers, not what the list says. Throws {@link CheckFailure}.
 */
export async function proposePins(checkout: string): Promise<string> {
  const identity = workloadIdentity(checkout);
  const theorems = await withScratch(identity, (scratch) =>
    assumptionsOf(
      { checkout, identity, scratch, lockFd: undefined, searchPath: systemPath, slots: availableParallelism() },
      readCoqProject(checkout),
      readTheoremNames(join(checkout, theoremList)),
    ),
  );
  return renderPins({
    agentHash: readAgentHash(checkout),
    guardedFiles: new Map(decisiveFiles(checkout).map((path) => [path, guardedFileHash(checkout, path)])),
    theorems,
  });
}

function readTheoremNames(path: string): readonly string[] {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new CheckFailure(`${path}, the list of theorems to pin, cannot be read (${errorCode(error) ?? "unknown"})`);
  }
  return readJson(text, path, (fields) =>
    fields.object("theorems", (names) => {
      for (const name of names.keys()) names.strings(name);
      return names.keys();
    }),
  );
}
