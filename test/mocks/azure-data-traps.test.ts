import { describe, expect, it } from "vitest";
import { fits, nameRules } from "../../core/names.ts";
import { azureConfig } from "./azure.ts";
import type { Declared, MockedEngine } from "./engine.ts";
import { declareSubstrate } from "./substrate.ts";

/** Mistakes that somebody made on Azure with keys, stores and rights: the test fails when it is made here. */

const { engine } = await declareSubstrate(azureConfig);
/** Another stack, that keeps its data and wants its audit log locked. */
const { engine: keeping } = await declareSubstrate({
  ...azureConfig,
  data: { ...azureConfig.data, keep: true, lock: "compliance" },
});

function at(one: Declared, path: string): unknown {
  return path.split(".").reduce<unknown>((value, key) => Object(value)[key], one.inputs);
}

describe("data", () => {
  it("trap: the deletion of an immutability policy fails", () => {
    const policy = engine.get("azure-native:storage:BlobContainerImmutabilityPolicy", "data-stores-audit");
    expect(policy.retainOnDelete).toBe(true);
    expect(policy.deletedWith).toBe("data-stores-audit");
    expect(policy.inputs).toMatchObject({
      immutabilityPeriodSinceCreationInDays: 365,
      allowProtectedAppendWrites: false,
    });
  });

  it("trap: a policy is made unlocked, whatever was asked for", () => {
    expect(keeping.registered("data")).toMatchObject({
      lockAuditWith: expect.stringMatching(
        /^az storage container immutability-policy lock .* --if-match "8d59f81a7fa7be0"$/,
      ),
    });
    expect(engine.registered("data")).not.toHaveProperty("lockAuditWith");
  });

  it("trap: a locked audit log keeps its whole account", () => {
    const accountOf = (container: string) =>
      engine.get("azure-native:storage:BlobContainer", `data-stores-${container}`).inputs.accountName;
    expect(accountOf("audit")).not.toBe(accountOf("cache"));
  });

  it("trap: zone-redundant accounts have no archive tier", () => {
    const [, archive] = Object(
      engine.get("azure-native:storage:ManagementPolicy", "data-stores-stores").inputs.policy,
    ).rules;
    expect(archive.definition.actions.baseBlob.tierToArchive).toEqual({ daysAfterModificationGreaterThan: 90 });
    expect(engine.get("azure-native:storage:StorageAccount", "data-stores-stores").inputs.sku).toEqual({
      name: "Standard_GRS",
    });
  });

  it("trap: purge protection keeps a destroyed vault's name", () => {
    const vaults = engine.ofType("azure-native:keyvault:Vault");
    expect(vaults).toHaveLength(2);
    for (const { name, inputs } of vaults) {
      expect(inputs.vaultName, name).toBeUndefined();
      // The provider adds eight characters.
      expect(name.length + 8, name).toBeLessThanOrEqual(24);
      expect(inputs.properties, name).toMatchObject({
        enablePurgeProtection: true,
        enableRbacAuthorization: true,
        publicNetworkAccess: "Disabled",
      });
    }
  });

  it("trap: secrets and keys are deleted through the vault's own door, which is closed to the operator's host", () => {
    for (const one of [...engine.ofType("azure-native:keyvault:Secret"), ...engine.ofType("azure-native:keyvault:Key")])
      expect(one.deletedWith, one.name).toMatch(/^(secrets|data-keys)$/);
  });

  it("trap: account keys name nobody", () => {
    const accounts = engine.ofType("azure-native:storage:StorageAccount");
    expect(accounts).toHaveLength(3);
    for (const { name, inputs } of accounts) {
      expect(inputs, name).toMatchObject({
        allowSharedKeyAccess: false,
        allowBlobPublicAccess: false,
        publicNetworkAccess: "Disabled",
        networkRuleSet: { defaultAction: "Deny" },
        minimumTlsVersion: "TLS1_2",
      });
    }
  });

  it("trap: a new identity is not known yet to whoever looks it up", () => {
    for (const { name, inputs } of engine.ofType("azure-native:authorization:RoleAssignment"))
      expect(inputs.principalType, name).toMatch(/^(ServicePrincipal|Group)$/);
  });

  it("trap: names have their own rules", () => {
    for (const { inputs } of engine.ofType("azure-native:storage:StorageAccount"))
      expect(fits(nameRules.azureStorageAccount, String(inputs.accountName)), String(inputs.accountName)).toBe(true);
    const standby = engine.get("azure-native:standbypool:StandbyVirtualMachinePool", "pool").inputs;
    expect(fits(nameRules.azureStandbyPool, String(standby.standbyVirtualMachinePoolName))).toBe(true);
  });

  it("trap: a budget's start that is made on each run differs on each", () => {
    expect(at(engine.get("azure-native:consumption:Budget", "channels-budget"), "timePeriod.startDate")).toBe(
      "2026-11-01T00:00:00Z",
    );
  });

  it("is protected where it is kept, each part by itself, and nothing else is", () => {
    const protectedIn = (one: MockedEngine) => one.declared.filter(({ protect }) => protect).map(({ name }) => name);
    expect(protectedIn(engine)).toEqual([]);
    const kept = protectedIn(keeping);
    expect(kept).toEqual(
      expect.arrayContaining([
        "data-group",
        "data-keys",
        "data-keys-disks",
        "data-keys-stores",
        "data-stores-stores",
        "data-stores-audit",
        "data-stores-cache",
        "data-stores-archive",
        "control-state",
        "control-backup",
        "image-group",
        "image-gallery",
        "image-definition",
      ]),
    );
    const data = /^(data-|control-(state|backup)|image-(group|gallery|definition)$)/;
    expect(kept.filter((name) => !data.test(name))).toEqual([]);
  });
});

describe("rights", () => {
  const rightsOf = (identity: string) =>
    engine
      .ofType("azure-native:authorization:RoleAssignment")
      .filter(({ inputs }) => inputs.principalId === `principal-of-${identity}`)
      .map(({ inputs }) => [inputs.scope, String(inputs.roleDefinitionId).split("/").at(-1)])
      .toSorted();
  const secretsUser = "4633458b-17de-408a-b874-0445c86b69e6";

  it("let a node read its own secrets and the cache, and add to the audit log", () => {
    expect(rightsOf("node-credentials")).toEqual([
      ["data-stores-audit-id", "data-stores-append-id"],
      ["data-stores-cache-id", "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"],
      ["secrets-id/secrets/node-logos-allowed-signers", secretsUser],
      ["secrets-id/secrets/node-logos-authorized-keys", secretsUser],
      ["secrets-id/secrets/node-slurm-jwks", secretsUser],
    ]);
    expect(Object(engine.get("azure-native:authorization:RoleDefinition", "data-stores-append").inputs)).toMatchObject({
      permissions: [
        {
          actions: [],
          dataActions: ["Microsoft.Storage/storageAccounts/blobServices/containers/blobs/add/action"],
        },
      ],
    });
  });

  it.each(["bastion", "builder", "control"])("let %s read its own secrets, and no store", (role) => {
    const rights = rightsOf(`${role}-credentials`).filter(([scope]) => scope !== "pool-id");
    expect(rights.length).toBeGreaterThan(0);
    for (const [scope, definition] of rights) {
      expect(scope).toMatch(new RegExp(`^secrets-id/secrets/${role}-`));
      expect(definition).toBe(secretsUser);
    }
  });

  it("let the publisher alone write the cache and sign", () => {
    expect(rightsOf("data-stores-publisher").map(([scope]) => scope)).toEqual([
      "data-keys-id/keys/publisher",
      "data-stores-cache-id",
    ]);
  });
});
