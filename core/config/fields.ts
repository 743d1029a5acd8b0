import { formatCidr, isPrivate, parseCidr } from "../net.ts";

/**
 * Readers for single configuration values. A reader returns the value in its precise type, or says what would be allowed;
 * it never throws, so that every mistake of a stack can be named at once.
 */

/** What a reader makes of a value. `allowed` completes the sentence "…, allowed is". */
export type Reading<T> =
  | { readonly ok: true; readonly value: T }
  /** `secret`: what was given must not be shown. */
  | { readonly ok: false; readonly allowed: string; readonly secret?: "secret" };
export type Reader<T> = (given: unknown) => Reading<T>;

/**
 * Fields of an object-valued key: reader, and what stands where the field is left out. A field marked "needed" has no
 * default; its second entry only keeps its place until the mistake is told.
 */
export type FieldTable = Readonly<Record<string, readonly [Reader<unknown>, unknown, "needed"?]>>;
export type ValuesOf<T extends FieldTable> = {
  readonly [K in keyof T]: T[K] extends readonly [Reader<infer V>, ...unknown[]] ? V : never;
};

export function accept<T>(value: T): Reading<T> {
  return { ok: true, value };
}

export function refuse(allowed: string, secret?: "secret"): Reading<never> {
  return { ok: false, allowed, ...(secret === undefined ? {} : { secret }) };
}

/** A whole number within bounds; the digits may come as text, as `pulumi config set` stores them. */
export function wholeNumber(least: number, most: number, unit: string): Reader<number> {
  return (given) => {
    const number = typeof given === "string" && /^-?\d+$/.test(given) ? Number(given) : given;
    return typeof number === "number" && Number.isInteger(number) && number >= least && number <= most
      ? accept(number)
      : refuse(`a whole number from ${least} to ${most} (${unit})`);
  };
}

export const yesOrNo: Reader<boolean> = (given) => {
  if (given === true || given === "true") return accept(true);
  if (given === false || given === "false") return accept(false);
  return refuse("true or false");
};

/** One of a closed list of names. */
export function oneOf<const T extends string>(names: readonly T[]): Reader<T> {
  return (given) => {
    const found = names.find((name) => name === given);
    return found === undefined ? refuse(names.length === 1 ? `"${names[0]}"` : names.join(", ")) : accept(found);
  };
}

/** Text on one line that is not empty. `meaning` says what it stands for. */
export function line(meaning: string): Reader<string> {
  return (given) =>
    typeof given === "string" && given.trim() !== "" && !/[\n\r\0]/.test(given) ? accept(given) : refuse(meaning);
}

/** A list of which each item is read; JSON, as `pulumi config set --path` builds it. */
export function listOf<T>(read: Reader<T>, meaning: string): Reader<readonly T[]> {
  return (given) => {
    if (!Array.isArray(given)) return refuse(meaning);
    const readings = Array.from(given, (item: unknown) => read(item));
    const values = readings.flatMap((reading) => (reading.ok ? [reading.value] : []));
    return values.length === readings.length ? accept(values) : refuse(meaning);
  };
}

/** Text that a pattern takes. `meaning` says what it stands for, with an example. */
export function matching(pattern: RegExp, meaning: string): Reader<string> {
  return (given) => (typeof given === "string" && pattern.test(given) ? accept(given) : refuse(meaning));
}

/** An IPv4 range that is somebody's, never everybody's: at least /8 long. */
export const narrowRange: Reader<string> = (given) => {
  const range = typeof given === "string" ? parseCidr(given) : undefined;
  return range !== undefined && range.prefix >= 8
    ? accept(formatCidr(range))
    : refuse('an IPv4 range of at least /8, for example "203.0.113.7/32"; never all addresses');
};

/** A /24 of the private IPv4 ranges (RFC 1918), written with its network address. */
export const privateRange: Reader<string> = (given) => {
  const range = typeof given === "string" ? parseCidr(given) : undefined;
  return range !== undefined && range.prefix === 24 && isPrivate(range)
    ? accept(formatCidr(range))
    : refuse('a private IPv4 range of 256 addresses, for example "10.83.0.0/24"');
};
