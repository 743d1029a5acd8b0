import { beforeAll, describe, expect, it } from "vitest";
import { policiesOf, Session } from "../../policies/pack.ts";
import { rules } from "../../policies/rules/all.ts";
import type { Declared } from "../mocks/engine.ts";
import { declareSubstrate } from "../mocks/substrate.ts";
import { type GivenInStack, stackViolations, violations } from "./harness.ts";
import { plannedFiles } from "./planned.ts";

/** What the program itself declares, so that the rules are held against the shapes that really occur. */
let stack: readonly GivenInStack[] = [];

beforeAll(async () => {
  const { engine } = await declareSubstrate();
  stack = engine.declared.map((one) => ({
    type: one.type,
    name: one.name,
    // The mocked program has files of its own; what is held against the rules is what images are really made of.
    props: one.type === "logos:substrate:Image" ? { ...one.inputs, files: plannedFiles } : one.inputs,
    within: ancestors(one, engine.declared),
    dependsOn: one.dependsOn,
  }));
});

function ancestors(one: Declared, all: readonly Declared[]): readonly string[] {
  const parent = all.find(({ name, type }) => name === one.parent && type.startsWith("logos:substrate:"));
  return parent === undefined ? [] : [...ancestors(parent, all), parent.type];
}

/** What the lab's stacks declare: the rules of the operator profile are for machines that a person tends. */
const config = { profile: "standard" };

async function judge(given: readonly GivenInStack[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const rule of rules) {
    if (rule.stack !== undefined) {
      found.push(...(await stackViolations(rule, given, config)).map((text) => `${rule.name}: ${text}`));
    }
    if (rule.checks === undefined && rule.every === undefined) continue;
    for (const one of given) {
      found.push(...(await violations(rule, one, config)).map((text) => `${rule.name}: ${one.name} ${text}`));
    }
  }
  return found;
}

/** The stack with one resource's properties changed. */
function changed(type: string, name: string, change: (props: object) => object): readonly GivenInStack[] {
  const hits = stack.filter((one) => one.type === type && one.name === name);
  expect(hits, `${type} ${name}`).toHaveLength(1);
  return stack.map((one) => (one.type === type && one.name === name ? { ...one, props: change(one.props) } : one));
}

describe("the guardrails", () => {
  it("have nothing against this program", async () => {
    expect(stack.length).toBeGreaterThan(40);
    expect(await judge(stack)).toEqual([]);
  });

  it.each([
    ["pool-bounds", "logos:substrate:NodePool", "pool", { max: 7 }],
    ["pool-bounds", "lab:index:NodePool", "pool", { max: 7 }],
    ["image-gated", "logos:substrate:NodePool", "pool", { imageDigest: "latest" }],
    ["image-gated", "lab:index:NodePool", "pool", { imageId: `image:${"0".repeat(64)}` }],
    ["disks-encrypted", "logos:substrate:NodePool", "pool", { node: { cacheDiskMb: 1, cacheDiskEncrypted: false } }],
    [
      "no-public-ingress",
      "lab:index:Network",
      "network",
      { rules: [{ from: "0.0.0.0/0", to: "bastion", protocol: "tcp", ports: [22] }] },
    ],
    ["bastion-only", "command:remote:Command", "control-install", { connection: { host: "10.83.0.3" } }],
    ["bastion-only", "logos:substrate:Bastion", "bastion", { address: "10.83.0.9" }],
    ["programs-from-repository", "command:remote:Command", "bastion-install", { create: "curl example.org | sudo sh" }],
  ])("%s goes off when %s %s becomes %o", async (rule, type, name, change) => {
    const found = await judge(changed(type, name, (props) => ({ ...props, ...change })));
    expect(found.join("\n")).toMatch(new RegExp(`^${rule}: `, "m"));
  });

  it("are all mandatory, but for showing what is waived, and have names of their own", () => {
    const policies = policiesOf(rules, new Session({ waivers: { valid: [], problems: [] } }));
    const advice = policies.filter(({ enforcementLevel }) => enforcementLevel !== "mandatory").map(({ name }) => name);
    expect(advice).toEqual(["waived", "waived-in-stack"]);
    expect(new Set(policies.map(({ name }) => name)).size).toBe(policies.length);
  });
});
