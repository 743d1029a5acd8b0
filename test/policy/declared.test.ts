import { describe, expect, it } from "vitest";
import { planAddresses } from "../../core/addresses.ts";
import { parseConfig } from "../../core/config/parse.ts";
import type { SubstrateConfig } from "../../core/config/schema.ts";
import { readConfiguration, strictest } from "../../policies/configuration.ts";
import { declaredBy, declaredIn } from "../../policies/declared.ts";
import { Session } from "../../policies/pack.ts";
import type { Rule } from "../../policies/rule.ts";
import { nsgNoPublic } from "../../policies/rules/ingress/azure.ts";
import { auditAppendOnly } from "../../policies/rules/retention/audit.ts";
import { logsLocked, objectLock } from "../../policies/rules/retention/stores.ts";
import { awsConfig } from "../mocks/aws.ts";
import { azureConfig } from "../mocks/azure.ts";
import { gcpConfig, gcpTunnelConfig } from "../mocks/gcp.ts";
import { metalConfig } from "../mocks/metal.ts";
import { argsFor, type Given } from "./harness.ts";

/** What a rule has against a resource of a stack with these settings, and with this file for the pack. */
async function found(rule: Rule, one: Given, stackHas?: SubstrateConfig, file: object = {}): Promise<string[]> {
  const session = new Session({ waivers: { valid: [], problems: [] } });
  if (stackHas !== undefined) session.declare(declaredIn(stackHas));
  expect(session.configure(file)).toEqual([]);
  const { validateResource } = session.resourcePolicy(rule);
  if (typeof validateResource !== "function") throw new Error(`${rule.id} has no single validation`);
  const messages: string[] = [];
  await validateResource(argsFor(one), (message) => messages.push(message));
  return messages;
}

const withData = (lock: "governance" | "compliance", retentionDays = 365): SubstrateConfig => ({
  ...gcpConfig,
  data: { ...gcpConfig.data, lock, retentionDays },
});
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
    const stack = withData("governance");
    expect(await found(auditAppendOnly, data("governance"), stack)).toEqual([]);
    expect(await found(objectLock, s3Lock("GOVERNANCE"), stack)).toEqual([]);
    expect(await found(logsLocked, gcsAudit(false), stack)).toEqual([]);
  });

  it("may be lifted nowhere else", async () => {
    for (const stack of [undefined, withData("compliance")]) {
      expect(await found(auditAppendOnly, data("governance"), stack)).toHaveLength(1);
      expect(await found(objectLock, s3Lock("GOVERNANCE"), stack)).toHaveLength(1);
      expect(await found(logsLocked, gcsAudit(false), stack)).toHaveLength(1);
    }
  });

  it("stays as the file says, whatever the stack declares; the file's other keys take nothing back", async () => {
    const stack = withData("governance", 730);
    const file = { audit: { lock: "compliance" } };
    expect(await found(auditAppendOnly, data("governance"), stack, file)).toHaveLength(2);
    expect(await found(objectLock, s3Lock("COMPLIANCE", 729), stack, file)).toHaveLength(1);
    expect(await found(objectLock, s3Lock("COMPLIANCE", 730), stack, file)).toEqual([]);
    expect(await found(objectLock, s3Lock("GOVERNANCE", 730), stack, { audit: { tag: "other" } })).toEqual([]);
  });

  it("lasts for a year at least, and as long as the stack declares", async () => {
    expect(await found(objectLock, s3Lock("GOVERNANCE", 364), withData("governance", 30))).toHaveLength(1);
    expect(await found(objectLock, s3Lock("GOVERNANCE", 365), withData("governance", 30))).toEqual([]);
    expect(await found(logsLocked, gcsAudit(false, 86_400), withData("governance"))).toHaveLength(1);
    expect(await found(auditAppendOnly, data("governance", false), withData("governance"))).toHaveLength(1);
  });
});

describe("the way in", () => {
  const plan = planAddresses(azureConfig.network.cidr);
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
  const byAddress = { ...azureConfig, access: { ...azureConfig.access, ranges: ["203.0.113.7/32"] } };
  const byTunnel = { ...azureConfig, access: { by: "tunnel", ranges: [], localPort: 2222 } } as const;

  it("is the bastion's address, from where operators are declared to be", async () => {
    expect(await found(nsgNoPublic, letsIn("203.0.113.7", `${plan.bastion}/32`, "22"), byAddress)).toEqual([]);
    expect(await found(nsgNoPublic, letsIn("203.0.113.7", `${plan.control}/32`, "22"), byAddress)).toHaveLength(1);
    expect(await found(nsgNoPublic, letsIn("203.0.113.8", `${plan.bastion}/32`, "22"), byAddress)).toHaveLength(1);
    expect(await found(nsgNoPublic, letsIn("203.0.113.7", `${plan.bastion}/32`, "22"))).toHaveLength(1);
  });

  it("is the cloud's own tunnel where one is declared, by HTTPS", async () => {
    expect(await found(nsgNoPublic, letsIn("Internet", plan.tunnel, "443"), byTunnel)).toEqual([]);
    expect(await found(nsgNoPublic, letsIn("Internet", plan.tunnel, "22"), byTunnel)).toHaveLength(1);
    expect(await found(nsgNoPublic, letsIn("Internet", plan.nodes, "443"), byTunnel)).toHaveLength(1);
    expect(await found(nsgNoPublic, letsIn("Internet", plan.tunnel, "443"), byAddress)).toHaveLength(1);
  });
});

describe("what a stack's settings declare", () => {
  const declared = (config: SubstrateConfig) => readConfiguration(declaredIn(config));

  it("names each target's own way in, and whose account it is", () => {
    expect(declared(metalConfig).bastion.addresses).toEqual(
      metalConfig.place.target === "metal" ? [metalConfig.place.metal.bastion.address] : [],
    );
    expect(declared(awsConfig)).toMatchObject({ accounts: ["123456789012"], profile: "standard" });
    expect(declared(gcpConfig).accounts).toEqual([]);
    // Google's tunnels come from Google's range; those of others end inside.
    const tunnel = { by: "tunnel", ranges: ["203.0.113.7/32"], localPort: 2222 } as const;
    expect(declared(gcpTunnelConfig).operatorRanges).toEqual(
      readConfiguration({ operatorRanges: ["35.235.240.0/20"] }).operatorRanges,
    );
    for (const config of [awsConfig, azureConfig]) {
      expect(declared({ ...config, access: tunnel }).operatorRanges).toEqual([]);
      expect(declared(config).tunnel).toEqual([]);
    }
  });

  it("is read of what the engine hands out, under the project's name alone", () => {
    const settings = {
      "logos:data": '{"lock":"compliance","retentionDays":500}',
      "other:profile": "operator",
      "aws:region": "x",
    };
    const parsed = parseConfig({ data: settings["logos:data"] }, "logos");
    expect(parsed.ok && declaredIn(parsed.config)).toEqual(declaredBy(settings, "logos"));
    expect(readConfiguration(declaredBy(settings, "logos")).audit).toMatchObject({
      lock: "compliance",
      retentionDays: 500,
    });
  });

  it("is nothing where the program would not take them", () => {
    for (const wrong of [{ "logos:profile": "lenient" }, { "logos:access": '{"ranges":["0.0.0.0/0"]}' }])
      expect(readConfiguration(declaredBy(wrong, "logos"))).toEqual(strictest);
  });
});
