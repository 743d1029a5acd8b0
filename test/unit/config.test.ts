import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";
import { nodeType } from "../../core/config/machine-types.ts";
import { explainMistakes, parseConfig } from "../../core/config/parse.ts";
import { defaults } from "../../core/config/schema.ts";
import { targets } from "../../core/config/targets.ts";

// The YAML reader that Pulumi itself brings; it has no types.
const yaml: { load(text: string): unknown } = createRequire(import.meta.url)("js-yaml");

/** Keys that only one target reads: empty where it is another. */
const settings = targets.filter((target) => target !== "lab");

const parse = (given: Readonly<Record<string, string>>) => parseConfig(given, "logos");

function mistakes(given: Readonly<Record<string, string>>): readonly { key: string; allowed: string }[] {
  const parsed = parse(given);
  return parsed.ok ? [] : parsed.mistakes;
}

describe("a configuration", () => {
  it("that says nothing is the defaults", () => {
    expect(parse({})).toEqual({ ok: true, config: defaults });
  });

  it("has the defaults that Pulumi.yaml shows", () => {
    const project: unknown = yaml.load(readFileSync(new URL("../../Pulumi.yaml", import.meta.url), "utf8"));
    const entries = Object.entries(Object(Object(project).config));
    const shown = Object.fromEntries(entries.map(([key, entry]) => [key, Object(entry).default]));
    // A node's size follows from the target where nothing is set.
    const { place, node: _, ...rest } = defaults;
    expect(shown).toEqual({
      ...rest,
      node: {},
      target: place.target,
      ...Object.fromEntries(settings.map((key) => [key, {}])),
    });
    for (const [key, entry] of entries) expect(Object(entry).description, key).toEqual(expect.any(String));
  });

  it("keeps the defaults of the fields that an object leaves out", () => {
    const parsed = parse({ pool: '{"min":6}', node: '{"cpus":4}' });
    expect(parsed).toEqual({
      ok: true,
      config: { ...defaults, pool: { min: 6, max: 6, standby: 1 }, node: { ...defaults.node, cpus: 4 } },
    });
  });

  it("takes numbers and truth values as text, as the CLI stores them", () => {
    const parsed = parse({ pool: '{"min":"1"}', pilot: "true", readyTimeoutSeconds: "120" });
    expect(parsed).toEqual({
      ok: true,
      config: { ...defaults, pool: { min: 1, max: 6, standby: 1 }, pilot: true, readyTimeoutSeconds: 120 },
    });
  });

  it("is frozen to the bottom", () => {
    const parsed = parse({});
    if (!parsed.ok) throw new Error("the defaults are refused");
    expect(Object.isFrozen(parsed.config)).toBe(true);
    expect(Object.values(parsed.config).every(Object.isFrozen)).toBe(true);
  });

  it.each([
    [{ pool: '{"max":7}' }, "logos:pool.max", "a whole number from 3 to 6 (nodes)"],
    [{ pool: '{"min":2}' }, "logos:pool.min", "a whole number from 3 to 6 (nodes)"],
    [{ pool: '{"min":0}', pilot: "true" }, "logos:pool.min", "a whole number from 1 to 6 (nodes of a pilot)"],
    [{ pool: '{"min":3.5}' }, "logos:pool.min", "a whole number from 3 to 6 (nodes)"],
    [{ pool: '{"min":null}' }, "logos:pool.min", "a whole number from 3 to 6 (nodes)"],
    [{ pool: '{"min":"three"}' }, "logos:pool.min", "a whole number from 3 to 6 (nodes)"],
    [{ pool: '{"standby":7}' }, "logos:pool.standby", "a whole number from 0 to 6 (nodes)"],
    [{ pool: '{"min":5,"max":4}' }, "logos:pool.min", "at most logos:pool.max, which is 4"],
    [
      { pool: '{"mni":3}' },
      "logos:pool.mni",
      "there is no such key; there are logos:pool.min, logos:pool.max, logos:pool.standby",
    ],
    [
      { pool: '{"__proto__":3}' },
      "logos:pool.__proto__",
      "there is no such key; there are logos:pool.min, logos:pool.max, logos:pool.standby",
    ],
    [
      { pool: '{"toString":3}' },
      "logos:pool.toString",
      "there is no such key; there are logos:pool.min, logos:pool.max, logos:pool.standby",
    ],
    [{ pool: "6" }, "logos:pool", "an object with fields of min, max, standby"],
    [{ pool: "[3,6]" }, "logos:pool", "an object with fields of min, max, standby"],
    [{ pool: "{" }, "logos:pool", "an object with fields of min, max, standby"],
    [{ pilot: "yes" }, "logos:pilot", "true or false"],
    [{ target: "moon" }, "logos:target", targets.join(", ")],
    [
      { network: '{"cidr":"8.8.8.0/24"}' },
      "logos:network.cidr",
      'a private IPv4 range of 256 addresses, for example "10.83.0.0/24"',
    ],
    [
      { network: '{"cidr":"10.83.0.1/24"}' },
      "logos:network.cidr",
      'a private IPv4 range of 256 addresses, for example "10.83.0.0/24"',
    ],
    [
      { network: '{"cidr":"10.83.0.0/16"}' },
      "logos:network.cidr",
      'a private IPv4 range of 256 addresses, for example "10.83.0.0/24"',
    ],
    [
      { network: '{"cidr":"172.32.0.0/24"}' },
      "logos:network.cidr",
      'a private IPv4 range of 256 addresses, for example "10.83.0.0/24"',
    ],
    [{ node: '{"memoryMb":512}' }, "logos:node.memoryMb", "a whole number from 1024 to 262144 (MiB)"],
    [{ workload: '{"commit":""}' }, "logos:workload.commit", "a commit, tag or branch of the workload's repository"],
    [{ workload: '{"repository":"a\\nb"}' }, "logos:workload.repository", "a folder or the URL of a Git repository"],
    [{ readyTimeoutSeconds: "0" }, "logos:readyTimeoutSeconds", "a whole number from 30 to 3600 (seconds)"],
  ])("is refused: %o", (given, key, allowed) => {
    expect(mistakes(given)).toEqual([expect.objectContaining({ key, allowed })]);
  });

  it("is refused with every mistake at once", () => {
    const given = { pool: '{"min":9,"size":1}', pilot: "yes", target: "moon", pol: "{}" };
    expect(mistakes(given).map(({ key }) => key)).toEqual([
      "logos:pilot",
      "logos:target",
      "logos:pool.size",
      "logos:pool.min",
      "logos:pol",
    ]);
  });
});

describe("the text for people", () => {
  it("names key, value, what is allowed and what to do, each mistake on its line", () => {
    const parsed = parse({ pool: '{"max":7}', pol: "{}" });
    if (parsed.ok) throw new Error("not refused");
    expect(explainMistakes("dev", parsed.mistakes)).toBe(
      [
        'The configuration of stack "dev" has 2 mistakes. Nothing was changed.',
        "  logos:pool.max: given is 7, allowed is a whole number from 3 to 6 (nodes)",
        `  logos:pol: there is no such key; there are logos:pilot, logos:profile, logos:target, ${settings.map((key) => `logos:${key}, `).join("")}` +
          "logos:pool, logos:node, logos:network, logos:access, logos:data, logos:alerts, logos:workload, logos:readyTimeoutSeconds",
        "Set a value with `npx pulumi config set --path KEY VALUE`, or take it out with `npx pulumi config rm --path KEY`.",
      ].join("\n"),
    );
  });
});

describe("the machine type of a node", () => {
  const types = {
    "fits.2xlarge": { cpus: 8, memoryGib: 16 },
    "c7i.xlarge": { cpus: 4, memoryGib: 8 },
    "narrow.8": { cpus: 8, memoryGib: 8 },
  } as const;
  const list = "fits.2xlarge (at least 8 CPUs and 16 GiB)";

  it("is taken when it is as large as the guardrails ask", () => {
    expect(nodeType(types)("fits.2xlarge")).toEqual({ ok: true, value: "fits.2xlarge" });
  });

  it.each([
    ["c7i.xlarge", `${list}; c7i.xlarge has 4 CPUs and 8 GiB`],
    ["narrow.8", `${list}; narrow.8 has 8 CPUs and 8 GiB`],
    ["unheard.of", list],
    ["toString", list],
    [8, list],
  ])("is refused with the reason: %s", (given, allowed) => {
    expect(nodeType(types)(given)).toEqual({ ok: false, allowed });
  });
});
