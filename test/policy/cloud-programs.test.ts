import { describe, expect, it } from "vitest";
import type { SubstrateConfig } from "../../core/config/schema.ts";
import { declaredIn } from "../../policies/declared.ts";
import { Session } from "../../policies/pack.ts";
import { rules } from "../../policies/rules/all.ts";
import { awsConfig } from "../mocks/aws.ts";
import { azureConfig } from "../mocks/azure.ts";
import type { Declared } from "../mocks/engine.ts";
import { gcpConfig, gcpTunnelConfig } from "../mocks/gcp.ts";
import { metalConfig } from "../mocks/metal.ts";
import { declareSubstrate } from "../mocks/substrate.ts";
import { argsFor, type GivenInStack, linked } from "./harness.ts";
import { plannedFiles } from "./planned.ts";

/** As a guardrail asks for it: an audit log that is kept, and that nobody can unlock. */
const locked = (config: SubstrateConfig): SubstrateConfig => ({
  ...config,
  data: { ...config.data, keep: true, lock: "compliance" },
});

function ancestors(one: Declared, all: readonly Declared[]): readonly string[] {
  const parent = all.find(({ name, type }) => name === one.parent && type.startsWith("logos:substrate:"));
  return parent === undefined ? [] : [...ancestors(parent, all), parent.type];
}

/** Where the simulated clouds put the bastion's address; machines of one's own have it in the configuration. */
function entryOf({ access, place }: SubstrateConfig): string {
  if (place.target === "metal") return place.metal.bastion.address;
  if (access.by === "tunnel") return "127.0.0.1";
  return place.target === "aws" ? "198.51.100.7" : "192.0.2.10";
}

function inOperatorProfile(config: SubstrateConfig): SubstrateConfig {
  if (config.place.target !== "metal") throw new Error(`${config.place.target} has no operator profile`);
  return { ...config, profile: "operator", place: { ...config.place, profile: "operator" } };
}

/** What the pack has against a program that does as one stack's settings say, where the stack has these. */
async function judge(config: SubstrateConfig, stackHas = config): Promise<readonly string[]> {
  const { engine } = await declareSubstrate(config);
  const stack = engine.declared.map(
    (one): GivenInStack => ({
      type: one.type,
      name: one.name,
      // The policies of a stack see what components give out: where the bastion is reached, among it.
      props: {
        ...one.inputs,
        ...(one.type === "logos:substrate:Bastion" ? { address: entryOf(config) } : {}),
        // The mocked program has files of its own; what is held against the rules is what images are really made of.
        ...(one.type === "logos:substrate:Image" ? { files: plannedFiles } : {}),
      },
      protect: one.protect,
      ignoreChanges: one.ignoreChanges,
      within: ancestors(one, engine.declared),
      dependsOn: one.dependsOn,
      madeFrom: one.madeFrom,
    }),
  );
  const session = new Session({ waivers: { valid: [], problems: [] } });
  session.declare(declaredIn(stackHas));
  expect(session.configure(undefined)).toEqual([]);
  const found: string[] = [];
  for (const rule of rules) {
    if (rule.checks !== undefined || rule.every !== undefined) {
      const { validateResource } = session.resourcePolicy(rule);
      if (typeof validateResource !== "function") throw new Error(`${rule.id} has no single validation`);
      for (const one of stack)
        await validateResource(argsFor(one), (text) => found.push(`${rule.id} ${one.name}: ${text}`));
    }
    if (rule.stack === undefined) continue;
    const { validateStack } = session.stackPolicy(rule);
    await validateStack({ ...argsFor({ type: "", props: {} }), resources: linked(stack) }, (text, urn) =>
      found.push(`${rule.id} ${urn?.split("::").at(-1)}: ${text}`),
    );
  }
  return found;
}

describe("the guardrails have nothing against a program on a cloud, or on machines of one's own", () => {
  it.each([
    ["azure", azureConfig],
    ["azure through a tunnel", { ...azureConfig, access: { by: "tunnel", ranges: [], localPort: 2222 } } as const],
    ["gcp", gcpConfig],
    ["gcp through a tunnel", gcpTunnelConfig],
    ["aws", awsConfig],
    ["aws through a tunnel", { ...awsConfig, access: { by: "tunnel", ranges: [], localPort: 2222 } } as const],
    ["metal", metalConfig],
    ["metal in the operator profile", inOperatorProfile(metalConfig)],
  ])("%s", async (_, config) => {
    const found = await judge(locked(config));
    expect(found).toEqual([]);
  });

  it("and see where a program does otherwise than its stack's settings say", async () => {
    const found = async (program: SubstrateConfig, stackHas: SubstrateConfig) =>
      (await judge(locked(program), stackHas)).map((text) => text.split(" ")[0]);
    const elsewhere = { ...gcpConfig, access: { ...gcpConfig.access, ranges: ["52.0.0.0/10"] } };
    expect(await found(elsewhere, locked(gcpConfig))).toContain("N13");
    expect(await found(gcpConfig, locked(gcpTunnelConfig))).toContain("N13");
    const open = { ...awsConfig, data: { ...awsConfig.data, keep: true, lock: "governance" } } as const;
    expect(await judge(open)).toEqual([]);
    expect((await judge(open, locked(awsConfig))).map((text) => text.split(" ")[0])).toContain("Q08");
    expect(await found(metalConfig, locked(inOperatorProfile(metalConfig)))).not.toEqual([]);
  });
});
