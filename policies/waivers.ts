import { parse } from "yaml";
import type { Rule } from "./rule.ts";

/** A person's decision to bear one finding for a while. */
export interface Waiver {
  /** File it stands in. */
  readonly file: string;
  /** Id of the rule. */
  readonly rule: string;
  /** The one resource it is for; no pattern. */
  readonly urn: string;
  readonly reason: string;
  readonly requester: string;
  readonly approver: string;
  /** Days as `2026-11-25`. */
  readonly created: string;
  readonly expires: string;
}

const keys = ["rule", "urn", "reason", "requester", "approver", "created", "expires"] as const;

/** The longest a waiver lives, in days, and the shortest reason that says something, in characters (guardrail Q20). */
const longestDays = 90;
const shortestReason = 20;

export interface WaiverFile {
  readonly file: string;
  readonly text: string;
}

export interface Waivers {
  /** Those that hold today. */
  readonly valid: readonly Waiver[];
  /** What is wrong with the others, each beginning with its file. */
  readonly problems: readonly string[];
}

/** Reads waiver files. One that is expired, unreadable, too long, self-approved or for a pattern waives nothing. */
export function readWaivers(files: readonly WaiverFile[], rules: readonly Rule[], now: Date): Waivers {
  const valid: Waiver[] = [];
  const problems: string[] = [];
  for (const { file, text } of files) {
    const waiver = readWaiver(file, text);
    const wrong = typeof waiver === "string" ? [waiver] : mistakes(waiver, rules, now);
    if (typeof waiver !== "string" && wrong.length === 0) valid.push(waiver);
    problems.push(...wrong.map((problem) => `${file} ${problem}`));
  }
  return { valid, problems };
}

/** The waiver for a finding, if there is one. */
export function waiverFor(waivers: readonly Waiver[], rule: string, urn: string): Waiver | undefined {
  return waivers.find((waiver) => waiver.rule === rule && waiver.urn === urn);
}

function readWaiver(file: string, text: string): Waiver | string {
  let value: unknown;
  try {
    value = parse(text);
  } catch (error) {
    return `is no YAML (${error instanceof Error ? error.message.split("\n")[0] : String(error)})`;
  }
  if (typeof value !== "object" || value === null) return `is no waiver; its keys are ${keys.join(", ")}`;
  const fields = new Map<string, unknown>(Object.entries(value));
  const strange = [...fields.keys()].filter((key) => !keys.some((known) => known === key));
  if (strange.length > 0) return `has the unknown key "${strange.join('", "')}"; known are ${keys.join(", ")}`;
  const read = (key: (typeof keys)[number]) => {
    const field = fields.get(key);
    return typeof field === "string" ? field.trim() : "";
  };
  const missing = keys.filter((key) => read(key) === "");
  if (missing.length > 0) return `lacks "${missing.join('", "')}", or it is no text`;
  return {
    file,
    rule: read("rule"),
    urn: read("urn"),
    reason: read("reason"),
    requester: read("requester"),
    approver: read("approver"),
    created: read("created"),
    expires: read("expires"),
  };
}

function mistakes(waiver: Waiver, rules: readonly Rule[], now: Date): readonly string[] {
  const problems: string[] = [];
  const rule = rules.find(({ id }) => id === waiver.rule);
  if (rule === undefined) problems.push(`is for "${waiver.rule}", which is no rule`);
  if (rule?.waivable === false) problems.push(`is for ${rule.id}, which cannot be waived`);
  if (!/^urn:pulumi:[^*?^\\()|+]+$/.test(waiver.urn) || waiver.urn.split("::").length !== 4) {
    problems.push("is not for one resource; give its whole URN, without a pattern");
  }
  if (waiver.reason.length < shortestReason) problems.push(`gives a reason of less than ${shortestReason} characters`);
  if (waiver.approver.toLowerCase() === waiver.requester.toLowerCase()) {
    problems.push("was approved by whoever asked for it; another person has to");
  }
  const [created, expires] = [waiver.created, waiver.expires].map(day);
  if (created === undefined || expires === undefined) {
    problems.push("has a day that is none; write 2026-11-25");
    return problems;
  }
  const days = (expires - created) / msPerDay;
  if (days < 0 || days > longestDays) problems.push(`lasts ${days} days; at most ${longestDays} are allowed`);
  if (created > now.getTime()) problems.push("is from the future");
  // It holds to the end of its last day.
  if (now.getTime() >= expires + msPerDay) problems.push(`expired on ${waiver.expires}; mend the finding or renew it`);
  return problems;
}

const msPerDay = 86_400_000;

function day(text: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  const time = Date.parse(`${text}T00:00:00Z`);
  // A day that no month has reads as one of the next.
  return Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== text ? undefined : time;
}
