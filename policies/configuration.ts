import type { PolicyConfigSchema } from "@pulumi/policy";
import { type AddressSet, parseRange } from "../core/guard/addresses.ts";
import { union } from "../core/guard/intervals.ts";
import { auditTag } from "../core/guardrails.ts";

export const profiles = ["standard", "operator"] as const;
export const auditLocks = ["compliance", "governance"] as const;
export type AuditLock = (typeof auditLocks)[number];
export type Profile = (typeof profiles)[number];

/** What a deployment declares of itself. Whatever is not declared is not allowed. */
export interface Configuration {
  readonly profile: Profile;
  /** Where operators log in to the bastion from. */
  readonly operatorRanges: AddressSet;
  readonly vpnRanges: AddressSet;
  /** Names by which the bastion is meant in firewalls. */
  readonly bastion: {
    readonly addresses: readonly string[];
    readonly securityGroups: readonly string[];
    readonly serviceAccounts: readonly string[];
    readonly subnets: readonly string[];
  };
  /** Where a tunnel that the cloud runs ends: it takes calls from everywhere, and decides itself who may pass. */
  readonly tunnel: AddressSet;
  /** Ids of images that were captured after their smoke rebuild passed. */
  readonly images: readonly string[];
  readonly audit: {
    /** Names of buckets and storage accounts that hold audit entries. */
    readonly stores: readonly string[];
    /** Resources with this tag or label belong to the audit store. */
    readonly tag: string;
    readonly retentionDays: number;
    /** `governance`: a named right may lift the lock. */
    readonly lock: AuditLock;
  };
  /** Units that a person may start and stop. */
  readonly units: readonly string[];
  readonly accounts: readonly string[];
}

/** The name by which the pack's configuration stands in the file that `--policy-pack-config` names. */
export const configurationPolicy = "configuration";

/** The least retention that an audit store may have, in days (guardrail Q08). */
export const leastRetentionDays = 365;

/** Nothing declared: the strictest. */
export const strictest: Configuration = {
  profile: "operator",
  operatorRanges: [],
  vpnRanges: [],
  bastion: { addresses: [], securityGroups: [], serviceAccounts: [], subnets: [] },
  tunnel: [],
  images: [],
  audit: { stores: [], tag: auditTag, retentionDays: leastRetentionDays, lock: "compliance" },
  units: ["logos-agent.service", "logos-rebuild.service", "logos-rebuild.timer", "logos-smoke.service"],
  accounts: [],
};

const names = { type: "array", items: { type: "string", minLength: 1 }, uniqueItems: true } as const;

/** The same shape for the engine, which refuses a file that does not fit before anything runs. */
export const configurationSchema: PolicyConfigSchema = {
  properties: {
    profile: { type: "string", enum: [...profiles] },
    operatorRanges: names,
    vpnRanges: names,
    bastion: {
      type: "object",
      additionalProperties: false,
      properties: { addresses: names, securityGroups: names, serviceAccounts: names, subnets: names },
    },
    tunnel: names,
    images: names,
    audit: {
      type: "object",
      additionalProperties: false,
      properties: {
        stores: names,
        tag: { type: "string", minLength: 1 },
        retentionDays: { type: "integer", minimum: leastRetentionDays },
        lock: { type: "string", enum: [...auditLocks] },
      },
    },
    units: names,
    accounts: names,
  },
};

/** A configuration that is not one; every mistake with its key. */
export class BadConfiguration extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(`The guardrails' configuration is wrong: ${problems.join("; ")}.`);
    this.name = "BadConfiguration";
    this.problems = problems;
  }
}

/** Reads a configuration; absent keys are the strictest. Throws {@link BadConfiguration} naming every mistake. */
export function readConfiguration(value: unknown): Configuration {
  const problems: string[] = [];
  const top = record(value, "", [...Object.keys(configurationSchema.properties), "enforcementLevel"], problems);
  const bastion = record(top.bastion, "bastion", Object.keys(strictest.bastion), problems);
  const audit = record(top.audit, "audit", Object.keys(strictest.audit), problems);
  const configuration: Configuration = {
    profile: readProfile(top.profile, problems),
    operatorRanges: readRanges(top.operatorRanges, "operatorRanges", problems),
    vpnRanges: readRanges(top.vpnRanges, "vpnRanges", problems),
    bastion: {
      addresses: strings(bastion.addresses, "bastion.addresses", problems),
      securityGroups: strings(bastion.securityGroups, "bastion.securityGroups", problems),
      serviceAccounts: strings(bastion.serviceAccounts, "bastion.serviceAccounts", problems),
      subnets: strings(bastion.subnets, "bastion.subnets", problems),
    },
    tunnel: readRanges(top.tunnel, "tunnel", problems),
    images: strings(top.images, "images", problems),
    audit: {
      stores: strings(audit.stores, "audit.stores", problems),
      tag: strings(audit.tag === undefined ? undefined : [audit.tag], "audit.tag", problems)[0] ?? strictest.audit.tag,
      retentionDays: readDays(audit.retentionDays, problems),
      lock: readLock(audit.lock, problems),
    },
    units: top.units === undefined ? strictest.units : strings(top.units, "units", problems),
    accounts: strings(top.accounts, "accounts", problems),
  };
  if (problems.length > 0) throw new BadConfiguration(problems);
  return configuration;
}

function record(
  value: unknown,
  at: string,
  keys: readonly string[],
  problems: string[],
): Readonly<Record<string, unknown>> {
  if (value === undefined) return {};
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    problems.push(`"${at === "" ? "the whole" : at}" is no object`);
    return {};
  }
  for (const key of Object.keys(value)) {
    if (!keys.includes(key))
      problems.push(`"${at === "" ? key : `${at}.${key}`}" is no key; known are ${keys.join(", ")}`);
  }
  return Object.fromEntries(Object.entries(value));
}

function readProfile(value: unknown, problems: string[]): Profile {
  const profile = profiles.find((one) => one === value);
  if (profile === undefined && value !== undefined) problems.push(`"profile" is none of ${profiles.join(", ")}`);
  return profile ?? strictest.profile;
}

function readLock(value: unknown, problems: string[]): AuditLock {
  const lock = auditLocks.find((one) => one === value);
  if (value !== undefined && lock === undefined) problems.push(`"audit.lock" is none of ${auditLocks.join(", ")}`);
  return lock ?? strictest.audit.lock;
}

function readDays(value: unknown, problems: string[]): number {
  if (value === undefined) return leastRetentionDays;
  if (typeof value === "number" && Number.isInteger(value) && value >= leastRetentionDays) return value;
  problems.push(`"audit.retentionDays" is no whole number of at least ${leastRetentionDays}`);
  return leastRetentionDays;
}

function strings(value: unknown, at: string, problems: string[]): readonly string[] {
  if (value === undefined) return [];
  const list = Array.isArray(value) ? value : [undefined];
  const texts = list.filter((item): item is string => typeof item === "string" && item !== "");
  if (texts.length !== list.length) problems.push(`"${at}" is no list of names`);
  return texts;
}

function readRanges(value: unknown, at: string, problems: string[]): AddressSet {
  return union(
    ...strings(value, at, problems).map((text) => {
      const range = parseRange(text);
      if (range === undefined) problems.push(`"${at}" has "${text}", which is no address range`);
      return range ?? [];
    }),
  );
}
