import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { EngineStack, must } from "../engine/stack.ts";
import { repository } from "../support/stack.ts";
import { runCheck } from "./command.ts";

/** A person's stack with two settings that are encrypted, one of which the program cannot do without. */
const stack = new EngineStack("encrypted");
const canary = "canary-7f3a@example.org";
const passphrase = { PULUMI_CONFIG_PASSPHRASE_FILE: stack.environment.PULUMI_CONFIG_PASSPHRASE_FILE };

beforeAll(async () => {
  const { config } = parse(readFileSync(join(repository, "Pulumi.gcp.yaml"), "utf8"));
  await stack.init(config);
  for (const [key, value] of [
    ["logos:alerts.email", canary],
    ["gcp:accessToken", canary],
  ] as const)
    must(await stack.on(["config", "set", "--secret", "--path", key, value]).done, `config set ${key}`);
  expect(readFileSync(stack.configFile, "utf8")).toMatch(/secure: v1:/);
});
afterAll(() => stack.remove());

it.each([
  ["known", passphrase],
  ["not known", { PULUMI_CONFIG_PASSPHRASE_FILE: "/dev/null" }],
])(
  "a check says which settings it does not read, whether the passphrase is %s, and tells no secret",
  async (_, own) => {
    const run = await runCheck([stack.name, "--report", "json"], own);
    expect(run.code).toBe(1);
    expect(run.stderr).toContain('logos:alerts.email: given is "(encrypted, and not read)"');
    expect(run.stderr).toContain("reads nothing that is encrypted: logos:alerts.email, gcp:accessToken.");
    expect(run.stderr).toMatch(/^FAILED engine-encrypted .*; stood in for: .*logos:alerts\.email/m);
    expect(`${run.stdout}${run.stderr}`).not.toContain(canary);
  },
);

it("and passes where the program can do without them", async () => {
  const { config, ...rest } = parse(readFileSync(stack.configFile, "utf8"));
  const file = { ...rest, config: { ...config, "logos:alerts": { email: "proofs@example.org" } } };
  writeFileSync(stack.configFile, stringify(file));
  const run = await runCheck([stack.name]);
  expect(run.stderr).toMatch(/^holds {2}engine-encrypted .*; stood in for: gcp:accessToken$/m);
  expect(run.code).toBe(0);
});
