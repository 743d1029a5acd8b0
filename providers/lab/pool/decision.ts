import { poolPaths } from "../../../core/lab/paths.ts";
import { readJson, writeJson } from "../host/files.ts";
import { root } from "../host/root.ts";
import { integer, object } from "../shape.ts";

/** What the manager decided last, so that the next manager goes on from there. */
export interface Decision {
  /** Nodes that should take work. */
  readonly desired: number;
  /** Number of the last demand that was followed: an older one is refused. */
  readonly sequence: number;
  /** The spec's generation that both belong to. */
  readonly generation: number;
}

const shape = object<Decision>({
  desired: integer(0, 1024),
  sequence: integer(0, Number.MAX_SAFE_INTEGER),
  generation: integer(0, Number.MAX_SAFE_INTEGER),
});

export function readDecision(labId: string, pool: string): Promise<Decision | undefined> {
  return readJson(file(labId, pool), shape);
}

export function writeDecision(labId: string, pool: string, decision: Decision): Promise<void> {
  return writeJson(file(labId, pool), decision);
}

function file(labId: string, pool: string): string {
  return `${poolPaths(root, labId, pool).folder}/desired.json`;
}
