import { gunzipSync } from "node:zlib";

/** Secrets in text: known forms, and text too random to be anything else. Says what was found, never the value. No I/O. */

/** Names what a text seems to hold, e.g. "AWS access key". */
export type SecretKind = string;

const forms: readonly (readonly [kind: SecretKind, pattern: RegExp])[] = [
  ["private key", /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----/],
  ["AWS access key", /(?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z2-7]{16}(?![A-Za-z0-9])/],
  ["AWS secret key", /aws_?secret_?(?:access_?)?key["']?\s*[:=]\s*["']?[A-Za-z0-9/+]{40}/i],
  ["GitHub token", /(?<![A-Za-z0-9])(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{22,})/],
  ["Google API key", /(?<![A-Za-z0-9])AIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])/],
  ["Google service account key", /"private_key_id"\s*:\s*"[0-9a-f]{40}"/],
  ["Azure storage key", /AccountKey=[A-Za-z0-9+/]{60,}/],
  ["Azure shared access signature", /[?&]sig=[A-Za-z0-9%+/]{40,}/],
  ["Slack token", /(?<![A-Za-z0-9])xox[abprs]-[A-Za-z0-9-]{10,}/],
  ["JSON web token", /(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{16,}/],
  ["JSON web key", /"k"\s*:\s*"[A-Za-z0-9_-]{32,}"/],
  ["password in a URL", /[a-z][a-z0-9+.-]*:\/\/[^\s/:@]+:[^\s/:@$]{3,}@/i],
  [
    "password",
    // An assignment of a literal; not of a variable, a path, a placeholder or a unit's credential name.
    /(?:pass(?:word|wd|phrase)?|secret|token|api_?key|access_?key|private_?key)["']?\s*(?:[:=]|\s)\s*["']?(?![$<{%/"'\s])[^\s"'$<{]*[^\s"'$<{A-Za-z_.,;:-][^\s"'$<{]{5,}/i,
  ],
];

/** Runs of base64 (either alphabet) or hex that are long enough for a key of 128 bits. */
const run = /[A-Za-z0-9+/_-]{24,}={0,2}/g;

const unsearched = "text too large or too deeply encoded to be searched";

/** Nesting of encodings that is followed, and how much text is read in all; what goes beyond is reported, not passed. */
const limits = { depth: 4, bytes: 4 * 1024 * 1024 } as const;

/**
 * What secrets a text holds: in itself, and in what it holds encoded by base64 or gzip, in any nesting up to four deep.
 * Empty when there are none. Public keys, digests in hex, and names are none.
 */
export function findSecrets(text: string): readonly SecretKind[] {
  const found = new Set<SecretKind>();
  search(text, 0, { left: limits.bytes }, found);
  return [...found].sort();
}

interface Budget {
  left: number;
}

function search(text: string, depth: number, budget: Budget, found: Set<SecretKind>): void {
  budget.left -= text.length;
  if (budget.left < 0 || depth > limits.depth) {
    found.add(unsearched);
    return;
  }
  for (const [kind, pattern] of forms) if (pattern.test(text)) found.add(kind);
  for (const candidate of withoutPublicKeys(text).match(run) ?? []) {
    const inner = decodeText(candidate);
    if (inner === tooLarge) found.add(unsearched);
    else if (inner !== undefined) search(inner, depth + 1, budget, found);
    else if (isRandom(candidate)) found.add("random text as long as a key");
  }
}

/** SSH public keys and fingerprints look random and are not secret. */
function withoutPublicKeys(text: string): string {
  return text
    .replace(/(?:ssh-(?:ed25519|rsa|dss)|ecdsa-sha2-nistp\d+|sk-\S+@openssh\.com) [A-Za-z0-9+/]+={0,2}/g, "")
    .replace(/SHA256:[A-Za-z0-9+/]{43}/g, "")
    .replace(/-----BEGIN (?:CERTIFICATE|PUBLIC KEY|SSH SIGNATURE)-----[^-]*-----END [A-Z ]+-----/g, "");
}

/** Stands for the text of what is too large to be decoded. */
export const tooLarge = "too large";

/** The text that a run of base64 stands for, through gzip; undefined when it stands for no text. */
export function decodeText(candidate: string): string | undefined {
  const bytes = Buffer.from(candidate, "base64");
  const unzipped = bytes[0] === 0x1f && bytes[1] === 0x8b ? unzip(bytes) : bytes;
  if (typeof unzipped === "string" || unzipped === undefined) return unzipped;
  const text = unzipped.toString("utf8");
  return isText(text) ? text : undefined;
}

function unzip(bytes: Buffer): Buffer | typeof tooLarge | undefined {
  try {
    return gunzipSync(bytes, { maxOutputLength: limits.bytes });
  } catch (error) {
    return error instanceof RangeError ? tooLarge : undefined;
  }
}

function isText(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what tells bytes from text
  return text.length >= 16 && !/[\u0000-\u0008\u000e-\u001f\ufffd]/.test(text);
}

/**
 * True for text that only a random generator writes: letters of both cases with digits, and many different ones. Hex is
 * left out, for digests are everywhere; words, paths and names lack digits among letters of both cases.
 */
function isRandom(candidate: string): boolean {
  if (/^[0-9a-f]+$/i.test(candidate) || /[/_-]{2}|^[/_-]/.test(candidate)) return false;
  const pieces = candidate.split(/[/_-]/).filter((piece) => piece.length > 0);
  const longest = pieces.reduce((best, piece) => (piece.length > best.length ? piece : best), "");
  if (longest.length < 16 || !/[a-z]/.test(longest) || !/[A-Z]/.test(longest) || !/\d/.test(longest)) return false;
  return entropy(candidate) >= 4;
}

/** Shannon entropy in bits for each character. */
export function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

/** A value for a report: shortened, and left out when it may hold a secret. */
export function redact(value: string, most = 80): string {
  if (findSecrets(value).length > 0) return "[redacted]";
  return value.length > most ? `${value.slice(0, most)}…` : value;
}
