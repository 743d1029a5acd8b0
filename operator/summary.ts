import { isPlaceholder, type SlurmNode } from "../core/slurm/nodes.ts";
import type { StackOutputs } from "./outputs.ts";

export interface NodeLine {
  readonly name: string;
  readonly slots: number;
  readonly state: string;
  /** The gate's verdict as the node gave it to the scheduler. */
  readonly gate: string;
  readonly ready: boolean;
}

/** The pool's nodes out of all that the scheduler lists: without the placeholders that keep room for others. */
export function nodeLines(nodes: readonly SlurmNode[]): readonly NodeLine[] {
  return nodes
    .filter((node) => !isPlaceholder(node))
    .map((node) => ({
      name: node.name,
      slots: node.cpus,
      state: stateOf(node.flags),
      gate: gateOf(node.extra),
      ready: gateOf(node.extra).startsWith("PASS") && isReady(node.flags),
    }))
    .toSorted((a, b) => a.name.localeCompare(b.name));
}

/** What the person reads when a stack is up: what stands, how to reach it, how to use it, and what to do next. */
export function renderSummary(
  stack: string,
  outputs: StackOutputs,
  nodes: readonly NodeLine[],
  sshConfig: string,
): string {
  const ready = nodes.filter((node) => node.ready).length;
  const rows = [["node", "slots", "state", "gate"], ...nodes.map((n) => [n.name, `${n.slots}`, n.state, n.gate])];
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const option = stack === "dev" ? "" : ` --stack ${stack}`;
  return [
    `Stack "${stack}" is up: ${ready} of ${nodes.length} nodes ready, bounds ${outputs.pool.min} to ${outputs.pool.max}.`,
    `Image ${outputs.image.digest}`,
    `Workload commit ${outputs.image.commit}`,
    "",
    ...rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd()),
    "",
    `Rebuild       npx logos run rebuild --wait${option}`,
    `Jobs, nodes   npx logos jobs${option}   |   npx logos status${option}`,
    `Log in        ssh -F ${sshConfig} control`,
    "Scale         npx pulumi config set --path pool.min 6 && npx pulumi up",
    "Tear down     npm run down",
    "",
  ].join("\n");
}

function isReady(flags: ReadonlySet<string>): boolean {
  const usable = ["IDLE", "MIXED", "ALLOCATED"].some((flag) => flags.has(flag));
  return usable && !["DRAIN", "DOWN", "FAIL", "NOT_RESPONDING", "MAINTENANCE"].some((flag) => flags.has(flag));
}

function stateOf(flags: ReadonlySet<string>): string {
  return [...flags]
    .filter((flag) => !flag.startsWith("DYNAMIC"))
    .join("+")
    .toLowerCase();
}

/** The node's own text, compact JSON with the verdict; anything else is no verdict. */
function gateOf(extra: string): string {
  try {
    const value: unknown = JSON.parse(extra);
    if (typeof value === "object" && value !== null && "gate" in value && typeof value.gate === "string") {
      const seconds = "seconds" in value && typeof value.seconds === "number" ? ` in ${value.seconds} s` : "";
      return `${value.gate}${seconds}`;
    }
  } catch {
    return "no verdict";
  }
  return "no verdict";
}
