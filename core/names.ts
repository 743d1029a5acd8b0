import { sha256Hex } from "./digest.ts";

/**
 * Names of cloud resources. Parts are joined; where the result would be too long, or lost something to the characters that
 * the cloud takes, every part is cut in proportion to its length and a hash of the whole follows, so that two things never
 * share a name. Without a salt a name follows from its parts alone: the same on each run.
 */
export interface NameRule {
  readonly fewest: number;
  readonly most: number;
  /** Stands between parts; empty where the cloud takes letters and digits alone. */
  readonly separator: "-" | "";
  /** Names must begin with a letter. */
  readonly letterFirst: boolean;
}

/** Rules of the clouds, each as narrow as its source says. Letters are lower-case everywhere: every cloud takes them. */
export const nameRules = {
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
  s3Bucket: { fewest: 3, most: 63, separator: "-", letterFirst: false },
  // RoleName of CreateRole: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
  iamRole: { fewest: 1, most: 64, separator: "-", letterFirst: false },
  // CustomSuffix of CreateServiceLinkedRole: what a role's 64 characters leave beside AWSServiceRoleForAutoScaling_
  autoscalingSuffix: { fewest: 1, most: 35, separator: "-", letterFirst: false },
  // Name of CreateImage: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateImage.html
  ami: { fewest: 3, most: 128, separator: "-", letterFirst: false },
  // RFC 1035 labels: https://cloud.google.com/compute/docs/naming-resources
  gcpResource: { fewest: 1, most: 63, separator: "-", letterFirst: true },
  // The provider's own suffix of 26 characters has to fit behind it.
  gcpTemplatePrefix: { fewest: 1, most: 37, separator: "-", letterFirst: true },
  // https://cloud.google.com/iam/docs/service-accounts-create
  gcpServiceAccount: { fewest: 6, most: 30, separator: "-", letterFirst: true },
  // https://cloud.google.com/storage/docs/buckets#naming
  gcsBucket: { fewest: 3, most: 63, separator: "-", letterFirst: false },
  // https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules
  azureResource: { fewest: 1, most: 64, separator: "-", letterFirst: true },
  azureStorageAccount: { fewest: 3, most: 24, separator: "", letterFirst: false },
  azureKeyVault: { fewest: 3, most: 24, separator: "-", letterFirst: true },
  azureStandbyPool: { fewest: 3, most: 24, separator: "-", letterFirst: true },
  azureGallery: { fewest: 1, most: 80, separator: "", letterFirst: true },
} as const satisfies Record<string, NameRule>;

/** 41 bits: among a million names the chance that any two meet is one in four. No stack has a thousand. */
const hashLength = 8;

/**
 * @param parts what the thing is called, from the general to the special, for example `["logos", stack, "audit"]`.
 * @param salt set where the name is shared with the whole world (buckets, storage accounts, vaults): something that is
 *   ours alone, as the account's number. The hash then always follows.
 * @throws RangeError when no part holds a letter or digit.
 */
export function cloudName(rule: NameRule, parts: readonly string[], salt?: string): string {
  const cleaned = parts.map((part) => clean(part, rule.separator)).filter((part) => part !== "");
  if (cleaned.length === 0) throw new RangeError(`${JSON.stringify(parts)} has nothing that a name could be made of`);
  const plain = lead(rule, cleaned.join(rule.separator));
  const whole = parts.join(rule.separator || "\0");
  if (salt === undefined && rule.separator !== "" && plain === whole && fits(rule, plain)) return plain;
  const hash = base36(`${whole}\0${salt ?? ""}`);
  const room = rule.most - hashLength - rule.separator.length * cleaned.length - (rule.letterFirst ? 1 : 0);
  const stem = lead(rule, cut(cleaned, room, rule.separator).join(rule.separator));
  return `${stem}${rule.separator}${hash}`;
}

/** Does a text obey the rule? */
export function fits({ fewest, most, separator, letterFirst }: NameRule, name: string): boolean {
  const characters = separator === "" ? /^[a-z0-9]+$/ : /^[a-z0-9]+(-[a-z0-9]+)*$/;
  return name.length >= fewest && name.length <= most && characters.test(name) && (!letterFirst || /^[a-z]/.test(name));
}

function clean(part: string, separator: string): string {
  return part
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, separator)
    .replace(/^-+|-+$/g, "");
}

function lead(rule: NameRule, name: string): string {
  return rule.letterFirst && !/^[a-z]/.test(name) ? `n${name}` : name;
}

/** Cuts each part to its share of the room, and keeps at least its first character as long as there is room for one. */
function cut(parts: readonly string[], room: number, separator: string): readonly string[] {
  const total = parts.reduce((sum, part) => sum + part.length, 0);
  if (total <= room) return parts;
  const kept = parts.map((part) => part.slice(0, Math.max(1, Math.floor((part.length * room) / total))));
  // Parts of one character took more than their share: whole parts in the middle give way, first and last say most.
  while (kept.length > 1 && kept.reduce((sum, part) => sum + part.length, 0) > room) {
    kept.splice(Math.floor(kept.length / 2), 1);
  }
  return kept.map((part) => part.slice(0, Math.max(room, 1)).replace(/-+$/, "")).filter((part) => part !== separator);
}

function base36(text: string): string {
  const number = BigInt(`0x${sha256Hex(text)}`) % 36n ** BigInt(hashLength);
  return number.toString(36).padStart(hashLength, "0");
}
