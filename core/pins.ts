import { sha256Pattern } from "./digest.ts";
import { type Fields, readJson } from "./json.ts";

/**
 * What the gate holds a workload to. It lies outside the checkout and is changed by review only, so that a commit
 * cannot move its own goalposts. `logos-agent gate --propose` prints one from a checkout for that review.
 */
export interface Pins {
  /** Value that the constant EXPECTED_AGENT_HASH in scripts/boot_aligned_agent.py must have: 64 hex. */
  readonly agentHash: string;
  /** Path in the checkout → sha256 of the file. */
  readonly guardedFiles: ReadonlyMap<string, string>;
  /** Qualified theorem → axioms it may rest on, named as `Print Assumptions` prints them after `Require` without `Import`. */
  readonly theorems: ReadonlyMap<string, readonly string[]>;
}

const qualifiedName = /^[A-Za-z_][A-Za-z0-9_']*(\.[A-Za-z_][A-Za-z0-9_']*)+$/;

/** Throws `Malformed` with every mistake at once. An empty pin set is a mistake: it would admit everything. */
export function parsePins(text: string, source: string): Pins {
  return readJson(text, source, (fields) => ({
    agentHash: fields.string("agentHash", "64 hex digits", sha256Pattern),
    guardedFiles: fields.object("guardedFiles", readGuardedFiles),
    theorems: fields.object("theorems", readTheorems),
  }));
}

/** The file as it is reviewed: sorted, and one line for each file and theorem, so that a diff shows only what changed. */
export function renderPins(pins: Pins): string {
  const lines = <T>(map: ReadonlyMap<string, T>, render: (value: T) => string) =>
    [...map.keys()]
      .sort()
      .flatMap((key) => {
        const value = map.get(key);
        return value === undefined ? [] : [`    ${JSON.stringify(key)}: ${render(value)}`];
      })
      .join(",\n");
  const list = (names: readonly string[]) => `[${names.map((name) => JSON.stringify(name)).join(", ")}]`;
  return [
    "{",
    `  "agentHash": ${JSON.stringify(pins.agentHash)},`,
    `  "guardedFiles": {\n${lines(pins.guardedFiles, (sha256) => JSON.stringify(sha256))}\n  },`,
    `  "theorems": {\n${lines(pins.theorems, list)}\n  }`,
    "}",
    "",
  ].join("\n");
}

function readGuardedFiles(fields: Fields): ReadonlyMap<string, string> {
  if (fields.keys().length === 0) fields.problem("*", "must name at least one file");
  for (const path of fields.keys()) {
    if (!isInside(path)) fields.problem(path, "must be a relative path that stays inside the checkout");
  }
  return new Map(fields.keys().map((path) => [path, fields.string(path, "64 hex digits", sha256Pattern)]));
}

function readTheorems(fields: Fields): ReadonlyMap<string, readonly string[]> {
  if (fields.keys().length === 0) fields.problem("*", "must name at least one theorem");
  for (const name of fields.keys()) {
    // The name is written into a Coq file: nothing but a name may get there.
    if (!qualifiedName.test(name)) fields.problem(name, "must be a qualified Coq name such as Library.Module.theorem");
  }
  return new Map(fields.keys().map((name) => [name, [...fields.strings(name)].sort()]));
}

function isInside(path: string): boolean {
  return !path.startsWith("/") && path.split("/").every((part) => part !== "" && part !== "." && part !== "..");
}
