import { createHmac, timingSafeEqual } from "node:crypto";
import { type Fields, readJson } from "../json.ts";

/** What the control plane publishes: `/run/logos-demand/demand.json`. The pool's manager, people and metrics read the same one. */
export interface DemandDocument {
  readonly version: 1;
  /** Larger in each document than in all before it, also over restarts. */
  readonly sequence: number;
  /** Milliseconds since 1970. */
  readonly time: number;
  /** Nodes that should take work: what a pool clamps to its own bounds. */
  readonly nodesWanted: number;
  /** The same without the wait before a scale-in. */
  readonly nodesWantedNow: number;
  /** Jobs, and tasks of arrays, that wait. */
  readonly pending: number;
  /** Those of them that are demand. */
  readonly counted: number;
  /** The others: reason in words → how many. */
  readonly excluded: Readonly<Record<string, number>>;
}

/** Age at which a document says nothing any more, in milliseconds: the control plane writes one at least every 5 s. */
export const staleAfterMs = 30_000;

const mark = ',"signature":"';

/** One line of JSON whose last field signs all text before it: HMAC-SHA256, base64. `key` is base64 of 32 bytes. */
export function renderDemand(document: DemandDocument, key: string): string {
  const content = JSON.stringify(document).slice(0, -1);
  return `${content}${mark}${signature(content, key)}"}\n`;
}

/**
 * Reads a document and checks its signature.
 * @throws Error or Malformed that says what is wrong with it.
 */
export function parseDemand(text: string, key: string): DemandDocument {
  const line = text.trimEnd();
  const end = line.lastIndexOf(mark);
  const given = /^,"signature":"([A-Za-z0-9+/]{43}=)"\}$/.exec(line.slice(end))?.[1];
  if (end === -1 || given === undefined) throw new Error("the demand has no signature");
  const content = line.slice(0, end);
  if (!timingSafeEqual(Buffer.from(signature(content, key)), Buffer.from(given)))
    throw new Error("the demand is not signed with this pool's key");
  return readJson(`${content}}`, "demand", readDocument);
}

/**
 * Why a document must not be followed, in words; undefined when it may.
 * @param lastSequence of the last document that was followed; the same one again is fine.
 */
export function objection(document: DemandDocument, now: number, lastSequence: number): string | undefined {
  const age = now - document.time;
  if (age > staleAfterMs) return `the demand is ${Math.round(age / 1000)} s old`;
  if (age < -staleAfterMs) return `the demand is of ${Math.round(-age / 1000)} s from now: a clock is wrong`;
  if (document.sequence < lastSequence)
    return `the demand is rolled back: number ${document.sequence} after ${lastSequence}`;
  return undefined;
}

function readDocument(fields: Fields): DemandDocument {
  if (fields.integer("version", 1) !== 1) fields.problem("version", "must be 1");
  return {
    version: 1,
    sequence: fields.integer("sequence", 0),
    time: fields.integer("time", 0),
    nodesWanted: fields.integer("nodesWanted", 0),
    nodesWantedNow: fields.integer("nodesWantedNow", 0),
    pending: fields.integer("pending", 0),
    counted: fields.integer("counted", 0),
    excluded: fields.object("excluded", (reasons) =>
      Object.fromEntries(reasons.keys().map((reason) => [reason, reasons.integer(reason, 0)])),
    ),
  };
}

function signature(content: string, key: string): string {
  return createHmac("sha256", Buffer.from(key, "base64")).update(content).digest("base64");
}
