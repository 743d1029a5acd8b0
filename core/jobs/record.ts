import { createHash } from "node:crypto";
import { readJson } from "../json.ts";
import { type JobClass, jobClasses } from "./classes.ts";

/** What an attempt left on the control plane when it ended by itself. */
export interface JobRecord {
  readonly job: number;
  /** 0 for the first start, one more for each time it was put back into the queue. */
  readonly attempt: number;
  readonly class: JobClass;
  readonly node: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly endedAt: string;
  readonly exitCode: number;
  /** PASS, FAIL, ALIGNED, SANDBOXED, NOT RUN; absent for a command. */
  readonly verdict?: string;
  /** Why it is not a PASS, on one line. */
  readonly reason?: string;
  readonly commit?: string;
  /** Identifies the entry of the audit log that this boot added. */
  readonly auditId?: string;
}

/** The last line that the program of a class prints for the wrapper, beside its exit code. */
export interface Finding {
  readonly verdict?: string;
  readonly reason?: string;
  readonly commit?: string;
  readonly auditId?: string;
}

/** @throws Malformed */
export function parseJobRecord(text: string, source: string): JobRecord {
  return readJson(text, source, (fields) => ({
    job: fields.integer("job", 1),
    attempt: fields.integer("attempt", 0),
    class: fields.oneOf("class", jobClasses),
    node: fields.string("node"),
    startedAt: fields.string("startedAt"),
    endedAt: fields.string("endedAt"),
    exitCode: fields.integer("exitCode", 0),
    ...(fields.has("verdict") ? { verdict: fields.string("verdict") } : {}),
    ...(fields.has("reason") ? { reason: fields.string("reason") } : {}),
    ...(fields.has("commit") ? { commit: fields.string("commit") } : {}),
    ...(fields.has("auditId") ? { auditId: fields.string("auditId") } : {}),
  }));
}

/**
 * The id of an entry of the workload's audit log, which gives it none: the first 16 hex digits of the sha256 of the entry
 * as JSON with sorted keys and no blanks. It follows from the entry's content alone.
 */
export function auditId(entry: unknown): string {
  return createHash("sha256").update(canonicalJson(entry)).digest("hex").slice(0, 16);
}

function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
    return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`).join(",")}}`;
  }
  return JSON.stringify(value);
}
