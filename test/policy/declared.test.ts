import { describe, expect, it } from "vitest";
import { planAddresses } from "../../core/addresses.ts";
import { Session } from "../../policies/pack.ts";
import type { Rule } from "../../policies/rule.ts";
import { nsgNoPublic } from "../../policies/rules/ingress/azure.ts";
import { auditAppendOnly, logsLocked, objectLock } from "../../policies/rules/retention/stores.ts";
import { argsFor, type Given } from "./harness.ts";

/** What a rule has against a resource, after components were heard and a configuration was given. */
async function found(rule: Rule, one: Given, declared: readonly Given[], config: object = {}): Promise<string[]> {
  const session = new Session({ waivers: { valid: [], problems: [] } });
  expect(session.configure(config)).toEqual([]);
  for (const component of declared) session.learn(argsFor(component));
  const { validateResource } = session.resourcePolicy(rule);
  if (typeof validateResource !== "function") throw new Error(`${rule.id} has no single validation`);
  const messages: string[] = [];
  await validateResource(argsFor(one), (message) => messages.push(message));
  return messages;
}

const data = (lock: string, keep = true): Given => ({
  type: "logos:substrate:Data",
  props: { lock, keep, retentionDays: 365 },
});
const s3Lock = (mode: string, days = 365): Given => ({
  type: "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
  props: { rule: { defaultRetention: { mode, days } } },
});
const gcsAudit = (isLocked: boolean, retentionPeriod = 365 * 86_400): Given => ({
  type: "gcp:storage/bucket:Bucket",
  props: { labels: { "logos-audit": "true" }, retentionPolicy: { isLocked, retentionPeriod } },
});

describe("the lock of the audit log", () => {
  it("may be lifted where the stack declares that it may", async () => {
    const declared = [data("governance")];
    expect(await found(auditAppendOnly, data("governance"), declared)).toEqual([]);
    expect(await found(objectLock, s3Lock("GOVERNANCE"), declared)).toEqual([]);
    expect(await found(logsLocked, gcsAudit(false), declared)).toEqual([]);
  });

  it("may be lifted nowhere else", async () => {
    for (const declared of [[], [data("compliance")], [data("none")]]) {
      expect(await found(objectLock, s3Lock("GOVERNANCE"), declared)).toHaveLength(1);
      expect(await found(logsLocked, gcsAudit(false), declared)).toHaveLength(1);
    }
  });

  it("stays as the configuration says, whatever the stack declares", async () => {
    const config = { audit: { lock: "compliance" } };
    expect(await found(auditAppendOnly, data("governance"), [data("governance")], config)).toHaveLength(1);
    expect(await found(objectLock, s3Lock("GOVERNANCE"), [data("governance")], config)).toHaveLength(1);
  });

  it("lasts for a year, and its store is kept, however it is declared", async () => {
    const declared = [data("governance")];
    expect(await found(objectLock, s3Lock("GOVERNANCE", 30), declared)).toHaveLength(1);
    expect(await found(logsLocked, gcsAudit(false, 86_400), declared)).toHaveLength(1);
    expect(await found(auditAppendOnly, data("governance", false), declared)).toHaveLength(1);
  });
});

describe("the way in", () => {
  const cidr = "10.7.1.0/24";
  const plan = planAddresses(cidr);
  const network = (access: object): Given => ({ type: "logos:substrate:Network", props: { cidr, access } });
  const letsIn = (source: string, destination: string, port: string): Given => ({
    type: "azure-native:network:SecurityRule",
    props: {
      direction: "Inbound",
      access: "Allow",
      protocol: "Tcp",
      priority: 100,
      sourceAddressPrefix: source,
      destinationAddressPrefix: destination,
      destinationPortRange: port,
    },
  });
  const byAddress = [network({ by: "address", ranges: ["203.0.113.7/32"] })];
  const byTunnel = [network({ by: "tunnel", localPort: 2222 })];

  it("is the bastion's address, from where operators are declared to be", async () => {
    expect(await found(nsgNoPublic, letsIn("203.0.113.7", `${plan.bastion}/32`, "22"), byAddress)).toEqual([]);
    expect(await found(nsgNoPublic, letsIn("203.0.113.7", `${plan.control}/32`, "22"), byAddress)).toHaveLength(1);
    expect(await found(nsgNoPublic, letsIn("203.0.113.8", `${plan.bastion}/32`, "22"), byAddress)).toHaveLength(1);
    expect(await found(nsgNoPublic, letsIn("203.0.113.7", `${plan.bastion}/32`, "22"), [])).toHaveLength(1);
  });

  it("is the cloud's own tunnel where one is declared, by HTTPS", async () => {
    expect(await found(nsgNoPublic, letsIn("Internet", plan.tunnel, "443"), byTunnel)).toEqual([]);
    expect(await found(nsgNoPublic, letsIn("Internet", plan.tunnel, "22"), byTunnel)).toHaveLength(1);
    expect(await found(nsgNoPublic, letsIn("Internet", plan.nodes, "443"), byTunnel)).toHaveLength(1);
    expect(await found(nsgNoPublic, letsIn("Internet", plan.tunnel, "443"), byAddress)).toHaveLength(1);
  });
});
