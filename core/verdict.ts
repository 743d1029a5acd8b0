import { commitPattern, sha256Pattern } from "./digest.ts";
import { type Fields, readJson } from "./json.ts";

/** What the gate checks, in this order; it stops at the first failure. */
export const checkIds = ["manifest", "commit", "agent-hash", "proofs", "axioms", "coqchk"] as const;
export type CheckId = (typeof checkIds)[number];

/** `boot`: a machine before it may take work. `bake`: a builder, before there is an image to verify. `rebuild`: a user's own clone. */
export const verdictKinds = ["boot", "bake", "rebuild"] as const;
export type VerdictKind = (typeof verdictKinds)[number];

/** The checks a PASS of each kind must contain. */
export const requiredChecks: Readonly<Record<VerdictKind, readonly CheckId[]>> = {
  boot: checkIds,
  bake: ["commit", "agent-hash", "proofs", "axioms", "coqchk"],
  rebuild: ["commit", "agent-hash", "proofs", "axioms", "coqchk"],
};

export interface CheckOutcome {
  readonly id: CheckId;
  readonly result: "PASS" | "FAIL";
  readonly seconds: number;
}

export interface Failure {
  /** The check that failed, or `setup` when none could begin. */
  readonly id: CheckId | "setup";
  /** What was wrong, where, and what to do. */
  readonly message: string;
  /** The end of the failing program's output, at most a few kilobytes; empty when there is none. */
  readonly outputTail: string;
  /** The check could not be made, which is a failure all the same. */
  readonly couldNotRun: boolean;
}

/** The gate's answer. What could not be checked is a FAIL. */
export interface Verdict {
  readonly schema: 1;
  readonly kind: VerdictKind;
  readonly result: "PASS" | "FAIL";
  readonly checks: readonly CheckOutcome[];
  readonly firstFailure?: Failure;
  /** Workload commit that was checked out; absent when it could not be read. */
  readonly commit?: string;
  /** Digest of the image this machine runs, by the verified manifest; absent on a builder or an ordinary host. */
  readonly imageDigest?: string;
  readonly coqVersion?: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly seconds: number;
  readonly agentVersion: string;
}

/** Exit code of the gate: 0 admitted, 1 a check failed, 2 a check could not be made. */
export function exitCode(verdict: Verdict): 0 | 1 | 2 {
  if (verdict.result === "PASS") return 0;
  return verdict.firstFailure?.couldNotRun === true ? 2 : 1;
}

/** Throws `Malformed`. A PASS that lacks a required check, or carries a failure, is malformed. */
export function parseVerdict(text: string, source: string): Verdict {
  return readJson(text, source, readVerdict);
}

function readVerdict(fields: Fields): Verdict {
  if (fields.integer("schema", 1) !== 1) fields.problem("schema", "must be 1: this program knows no other");
  const kind = fields.oneOf("kind", verdictKinds);
  const result = fields.oneOf("result", ["FAIL", "PASS"]);
  const checks = fields.objects("checks", readOutcome);
  const firstFailure = fields.has("firstFailure") ? fields.object("firstFailure", readFailure) : undefined;
  if (result === "PASS") {
    const passed = new Set(checks.filter((check) => check.result === "PASS").map((check) => check.id));
    const missing = requiredChecks[kind].filter((id) => !passed.has(id));
    if (missing.length > 0) fields.problem("checks", `of a PASS must contain ${missing.join(", ")}, passed`);
    if (checks.some((check) => check.result === "FAIL") || firstFailure !== undefined)
      fields.problem("result", "is PASS although a check failed");
  } else if (firstFailure === undefined) {
    fields.problem("firstFailure", "must say what failed");
  }
  return {
    schema: 1,
    kind,
    result,
    checks,
    ...(firstFailure === undefined ? {} : { firstFailure }),
    ...(fields.has("commit") ? { commit: fields.string("commit", "a commit id", commitPattern) } : {}),
    ...(fields.has("imageDigest") ? { imageDigest: fields.string("imageDigest", "64 hex digits", sha256Pattern) } : {}),
    ...(fields.has("coqVersion") ? { coqVersion: fields.string("coqVersion") } : {}),
    startedAt: fields.string("startedAt"),
    seconds: fields.number("seconds", 0),
    agentVersion: fields.string("agentVersion"),
  };
}

function readOutcome(fields: Fields): CheckOutcome {
  return {
    id: fields.oneOf("id", checkIds),
    result: fields.oneOf("result", ["FAIL", "PASS"]),
    seconds: fields.number("seconds", 0),
  };
}

function readFailure(fields: Fields): Failure {
  return {
    id: fields.oneOf("id", ["setup", ...checkIds]),
    message: fields.string("message"),
    outputTail: fields.string("outputTail", "a string", /^[\s\S]*$/),
    couldNotRun: fields.boolean("couldNotRun"),
  };
}
