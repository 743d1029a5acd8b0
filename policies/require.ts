import { attempt, type Outcome } from "./rule.ts";
import type { View } from "./view.ts";

/**
 * What most rules ask of one property. Each says what an absent value means, for that is the cloud's to decide, and is a
 * part of its own: a value that is not known keeps nothing beside it from being checked. Booleans may be written as text,
 * as launch templates do.
 */

/** The property has to be true; left out it is `whenAbsent`. */
export function requireTrue(view: View, whenAbsent = false): Iterable<Outcome> {
  return requireBoolean(view, true, whenAbsent);
}

/** The property has to be false; left out it is `whenAbsent`. */
export function requireFalse(view: View, whenAbsent = false): Iterable<Outcome> {
  return requireBoolean(view, false, whenAbsent);
}

function requireBoolean(view: View, wanted: boolean, whenAbsent: boolean): Iterable<Outcome> {
  return attempt(function* () {
    const text = view.present ? view.text()?.toLowerCase() : String(whenAbsent);
    if (text === String(wanted)) return;
    yield {
      at: view,
      found: view.present ? `is ${text ?? "no boolean"}` : `is left out, which means ${whenAbsent}`,
      expected: String(wanted),
    };
  });
}

/** The property has to be one of some texts; left out it is `whenAbsent`, or wrong. Letter case is as the cloud's: free. */
export function requireOneOf(view: View, wanted: readonly string[], whenAbsent?: string): Iterable<Outcome> {
  return attempt(function* () {
    const text = view.present ? view.text() : whenAbsent;
    if (wanted.some((one) => one.toLowerCase() === text?.toLowerCase())) return;
    yield { at: view, found: foundText(view, text), expected: wanted.join(" or ") };
  });
}

/** The property has to be a number within bounds, both included; left out it is `whenAbsent`, or wrong. */
export function requireWithin(view: View, least: number, most: number, whenAbsent?: number): Iterable<Outcome> {
  return attempt(function* () {
    const text = view.present ? view.text() : whenAbsent?.toString();
    const number = text === undefined || text.trim() === "" ? Number.NaN : Number(text);
    if (number >= least && number <= most) return;
    const expected = most === Number.POSITIVE_INFINITY ? `at least ${least}` : `${least} to ${most}`;
    yield { at: view, found: foundText(view, text), expected };
  });
}

/** The property has to be given, as anything but an empty text, list or object. */
export function requirePresent(view: View, expected: string): Iterable<Outcome> {
  return attempt(function* () {
    const given = view.present && (view.keys().length > 0 || (view.text() ?? "") !== "");
    if (!given) yield { at: view, found: "is left out", expected };
  });
}

/** The property may not be given at all. */
export function refusePresent(view: View, why: string): Iterable<Outcome> {
  return attempt(function* () {
    const given = view.present && (view.keys().length > 0 || (view.text() ?? "") !== "");
    if (given) yield { at: view, found: why, expected: "nothing" };
  });
}

function foundText(view: View, text: string | undefined): string {
  if (!view.present) return `is left out${text === undefined ? "" : `, which means ${text}`}`;
  return `is ${text === undefined ? "of another shape" : `"${text}"`}`;
}
