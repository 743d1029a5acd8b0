import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseRange } from "../../core/guard/addresses.ts";
import { configurationSchema, readConfiguration } from "../../policies/configuration.ts";
import { judgeResource, judgeStack, stackOf } from "../../policies/judge.ts";
import { allCases } from "./cases/all.ts";
import type { Cases, Scene } from "./cases/kit.ts";
import { type GivenInStack, linked } from "./harness.ts";

/** Every resource that the rules' cases have, with the rule that they are about. */
const scenes = allCases.flatMap((cases) => scenesOf(cases).map((scene) => ({ rule: cases.rule, scene })));
/** Values that may mean something to a rule: whatever stands in those resources. */
const texts = [...new Set(scenes.flatMap(({ scene }) => scene.flatMap(({ name, props }) => [name, ...textsIn(props)])))]
  .filter((text): text is string => typeof text === "string" && text !== "")
  .sort();
const units = [...new Set(texts.flatMap((text) => text.match(/[\w@-]+\.(?:service|timer)/g) ?? []))];
const ranges = [...texts.filter((text) => parseRange(text) !== undefined), "0.0.0.0/0", "::/0"];

/**
 * What a key of the configuration can do when it is given, or given more: have fewer resources refused, or more. What names a thing
 * does both: the thing is found, and has duties of its own.
 */
const keys: readonly {
  readonly key: string;
  readonly does: "takes away" | "brings" | "names";
  readonly values: readonly string[];
  readonly config: (values: readonly string[]) => object;
}[] = [
  {
    key: "operatorRanges",
    does: "takes away",
    values: ranges,
    config: (values) => ({ ...bastion, operatorRanges: values }),
  },
  { key: "vpnRanges", does: "takes away", values: ranges, config: (values) => ({ ...bastion, vpnRanges: values }) },
  ...(["addresses", "securityGroups", "serviceAccounts", "subnets"] as const).map((key) => ({
    key: `bastion.${key}`,
    does: key === "subnets" ? ("takes away" as const) : ("names" as const),
    values: key === "addresses" ? ranges : texts,
    config: (values: readonly string[]) => ({ operatorRanges: ["203.0.113.0/24"], bastion: { [key]: values } }),
  })),
  { key: "tunnel", does: "takes away", values: ranges, config: (values) => ({ tunnel: values }) },
  { key: "images", does: "takes away", values: texts, config: (values) => ({ images: values }) },
  { key: "units", does: "takes away", values: units, config: (values) => ({ units: values }) },
  { key: "accounts", does: "takes away", values: texts, config: (values) => ({ accounts: values }) },
  { key: "audit.stores", does: "names", values: texts, config: (values) => ({ audit: { stores: values } }) },
  {
    key: "audit.retentionDays",
    does: "brings",
    values: ["1", "100", "1000"],
    config: (values) => ({ audit: { retentionDays: values.reduce((sum, value) => sum + Number(value), 365) } }),
  },
  {
    key: "audit.lock",
    does: "takes away",
    values: ["governance"],
    config: (values) => ({ audit: { lock: values[0] ?? "compliance" } }),
  },
];
/** Names and addresses of a bastion, without which no range of operators is let in anywhere. */
const bastion = { bastion: { addresses: ranges, securityGroups: texts, serviceAccounts: texts } };

describe.each(keys)("the configuration's $key", ({ key, does, values, config }) => {
  // Where it changes nothing at all there is nothing to look at again.
  const changed = scenes.filter((one) => differs(found(one, config([])), found(one, config(values))));

  it("has a use", () => {
    expect(changed.length).toBeGreaterThan(0);
  });

  // What of a rule's reach is left after the tunnel's share may be found at another property.
  const look = key === "tunnel" ? refused : found;
  const direction = () => {
    const some = fc.subarray([...values]);
    fc.assert(
      fc.property(fc.constantFrom(...changed), some, some, (one, few, others) => {
        const [less, more] = [look(one, config(few)), look(one, config([...new Set([...few, ...others])]))];
        const [smaller, larger] = does === "takes away" ? [more, less] : [less, more];
        expect([...smaller].filter((finding) => !larger.has(finding))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  };
  if (does !== "names") it(`${does}, the more is given the more, and never does the other`, direction);
});

describe("the configuration", () => {
  it("has no other keys but the profile, which chooses rules, and the tag, which says what the audit store is", () => {
    const { bastion: own, audit, ...plain } = configurationSchema.properties;
    const all = [
      ...Object.keys(plain),
      ...Object.keys(own?.properties ?? {}).map((key) => `bastion.${key}`),
      ...Object.keys(audit?.properties ?? {}).map((key) => `audit.${key}`),
    ];
    expect(all.sort()).toEqual([...keys.map(({ key }) => key), "profile", "audit.tag"].sort());
  });

  it("chooses by its profile among the rules that are for one, and changes nothing else", () => {
    for (const one of scenes.filter(({ rule }) => rule.profiles === undefined))
      expect(differs(found(one, { profile: "standard" }), found(one, {})), one.rule.id).toBe(false);
    const only = (profile: string) =>
      scenes.filter((one) => found(one, { profile }).size > 0 && one.rule.profiles?.length === 1);
    expect(new Set(only("standard").map(({ rule }) => rule.id))).toEqual(new Set(["S02"]));
    expect(only("operator").length).toBeGreaterThan(0);
  });
});

/** Resources of a scene that a rule refuses, whatever it has against them. */
function refused(one: (typeof scenes)[number], given: object): ReadonlySet<string> {
  return new Set([...found(one, given)].map((finding) => finding.split(" ")[0] ?? finding));
}

/** What a rule has against the resources of a scene: by resource and property. */
function found({ rule, scene }: (typeof scenes)[number], given: object): ReadonlySet<string> {
  const config = readConfiguration({ profile: rule.profiles?.[0] ?? "operator", ...given });
  const resources = linked(scene);
  const findings = [
    ...resources.flatMap((resource) => judgeResource(rule, resource, config)),
    ...judgeStack(rule, stackOf(resources, config), config),
  ];
  return new Set(findings.map(({ urn, path, undecided }) => `${urn} ${path} ${undecided}`));
}

function differs(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  return one.size !== other.size || [...one].some((finding) => !other.has(finding));
}

function scenesOf(cases: Cases): readonly (readonly GivenInStack[])[] {
  const { passes, fails, unknown, later, omitted, twins } = cases;
  const failing = [...fails, ...unknown, ...omitted.map(([one]) => one), ...(typeof twins === "string" ? [] : twins)];
  return [...passes, ...later, ...failing.map(({ scene }) => scene)].map(stackIn);
}

function stackIn(scene: Scene): readonly GivenInStack[] {
  return isStack(scene) ? scene : [scene];
}

function isStack(scene: Scene): scene is readonly GivenInStack[] {
  return Array.isArray(scene);
}

function textsIn(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
