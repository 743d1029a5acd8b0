import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { type Archive, fetchArchive, Unavailable } from "./archive.ts";
import { digestOf } from "./digest.ts";
import { say } from "./report.ts";

/** A set of programs that belongs in one folder: taken from an official archive, else compiled from source. */
export interface Tool {
  readonly name: string;
  /** Where the programs belong. */
  readonly directory: string;
  readonly programs: readonly string[];
  readonly official: Archive;
  /** Folders with the source of the fallback. When they change, what was compiled from them is compiled again. */
  readonly sources: readonly string[];
  /** Compiles every program into a folder. Throws `SetupError` when this machine cannot. */
  readonly compile: (into: string) => void;
}

/** Lies beside programs that the set-up placed. Without it, somebody else placed them: Pulumi itself, or the user. */
const markerName = "logos-toolchain.json";

type Found = "absent" | "complete" | { readonly compiledFrom: string };

/**
 * Makes a tool present, and does nothing when it is. The caller holds the set-up's lock. Killed at any moment, it leaves
 * either the old programs or the new ones, and the next call finishes.
 */
export async function ensureTool(tool: Tool, staging: string): Promise<void> {
  const found = look(tool);
  if (found === "complete") return;
  const digest = digestOf(tool.sources);
  if (found !== "absent" && found.compiledFrom === digest) return;

  mkdirSync(staging, { recursive: true });
  const stage = mkdtempSync(join(staging, "tool-"));
  chmodSync(stage, 0o755);
  const origin = await obtain(tool, stage);
  writeFileSync(join(stage, markerName), `${JSON.stringify(origin === "official" ? {} : { compiledFrom: digest })}\n`);
  publish(stage, tool.directory);
  say(`${tool.name} is in ${tool.directory}`);
}

function look(tool: Tool): Found {
  // The CLI leaves a ".partial" file beside a plugin folder while it unpacks one, and ignores the folder until then.
  if (existsSync(`${tool.directory}.partial`)) return "absent";
  if (!tool.programs.every((program) => isProgram(join(tool.directory, program)))) return "absent";
  const marker = join(tool.directory, markerName);
  if (!existsSync(marker)) return "complete";
  const content: unknown = JSON.parse(readFileSync(marker, "utf8"));
  const compiledFrom =
    typeof content === "object" && content !== null && "compiledFrom" in content && content.compiledFrom;
  return typeof compiledFrom === "string" ? { compiledFrom } : "complete";
}

function isProgram(path: string): boolean {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat?.isFile() === true && stat.size > 0 && (stat.mode & 0o100) !== 0;
}

async function obtain(tool: Tool, stage: string): Promise<"official" | "compiled"> {
  say(`${tool.name}: downloading ${tool.official.url}`);
  try {
    await fetchArchive(tool.official, stage);
    return "official";
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    say(`${tool.name}: ${error.message}; compiling it instead`);
  }
  tool.compile(stage);
  return "compiled";
}

/** Puts a finished folder in place by renames alone. The marker goes last: what it says is then true. */
function publish(stage: string, directory: string): void {
  mkdirSync(dirname(directory), { recursive: true });
  if (existsSync(directory)) {
    const files = readdirSync(stage).filter((file) => file !== markerName);
    for (const file of [...files, markerName]) renameSync(join(stage, file), join(directory, file));
    rmSync(stage, { recursive: true });
  } else {
    renameSync(stage, directory);
  }
  rmSync(`${directory}.partial`, { force: true });
}
