import { beforeAll, describe, expect, it } from "vitest";
import type { Declared } from "./engine.ts";
import { gcpConfig } from "./gcp.ts";
import { declareSubstrate } from "./substrate.ts";

/** Traps that a cloud lets one step into: this program does not. What the cloud refuses is in test/engine/gcp. */
let declared: readonly Declared[];
beforeAll(async () => {
  declared = (await declareSubstrate({ ...gcpConfig, data: { ...gcpConfig.data, lock: "governance" } })).engine
    .declared;
});
const of = (resource: string) => {
  const found = declared.filter(({ type }) => type.startsWith("gcp:") && type.endsWith(`:${resource}`));
  expect(found, resource).not.toEqual([]);
  return found;
};

describe("on Google Cloud", () => {
  it("trap: targetSize would put the autoscaler's number back at each up", () => {
    for (const { inputs, ignoreChanges } of of("RegionInstanceGroupManager")) {
      expect(inputs).not.toHaveProperty("targetSize");
      expect(ignoreChanges).toContain("targetSize");
    }
  });

  it("trap: standby in the default mode is never used, and a standby node that is stopped too early has not passed its gate", () => {
    for (const { inputs } of of("RegionInstanceGroupManager")) {
      expect(inputs.standbyPolicy).toEqual({ mode: "SCALE_OUT_POOL", initialDelaySec: gcpConfig.readyTimeoutSeconds });
      expect(inputs.targetStoppedSize).toBe(1);
      expect(inputs).not.toHaveProperty("statefulDisks");
    }
  });

  it("trap: a locked retention is for ever, so that only compliance locks", async () => {
    const retention = (all: readonly Declared[]) =>
      all.flatMap(({ type, inputs }) =>
        type.endsWith(":Bucket") && inputs.retentionPolicy ? [inputs.retentionPolicy] : [],
      );
    expect(retention(declared)).toEqual([{ retentionPeriod: "31536000", isLocked: false }]);
    const { engine } = await declareSubstrate({ ...gcpConfig, data: { ...gcpConfig.data, lock: "compliance" } });
    expect(retention(engine.declared)).toEqual([{ retentionPeriod: "31536000", isLocked: true }]);
  });

  it("trap: forceDestroy would delete locked objects: no kept bucket has it, and the audit log's never", () => {
    for (const { name, inputs } of of("Bucket")) expect(inputs.forceDestroy, name).toBe(false);
  });

  it("trap: soft delete bills a week of what churns: off for the cache, and for the cache alone", () => {
    const soft = of("Bucket").filter(({ inputs }) => inputs.softDeletePolicy !== undefined);
    expect(soft.map(({ name, inputs }) => [name, inputs.softDeletePolicy])).toEqual([
      ["logos-dev-data-cache", { retentionDurationSeconds: 0 }],
    ]);
  });

  it("trap: key rings and keys can never be made again under a name that was used, and without them all is lost", () => {
    for (const { name, inputs, protect } of [...of("KeyRing"), ...of("CryptoKey")]) {
      expect(inputs.name, name).toBeUndefined();
      expect(protect, name).toBe(true);
    }
    for (const { inputs } of of("CryptoKey"))
      expect(inputs).toMatchObject({
        deletionPolicy: "ABANDON",
        destroyScheduledDuration: "2592000s",
        rotationPeriod: "7776000s",
      });
  });

  it("trap: replacing the image deletes the old one, and with it the way back", () => {
    for (const { retainOnDelete, inputs } of of("Image")) {
      expect(retainOnDelete).toBe(true);
      expect(inputs.name).toBeUndefined();
    }
  });

  it("trap: a family, or the newest by name, is another image tomorrow", () => {
    for (const { name, inputs } of of("Instance"))
      expect(Object(inputs.bootDisk).initializeParams.image, name).toMatch(
        /\/global\/images\/ubuntu-2404-noble-amd64-v\d+$/,
      );
  });

  it("trap: a disk beside the builder's own would become part of what is captured", () => {
    const builder = declared.find(({ name, type }) => name === "image-builder" && type.endsWith(":Instance"));
    expect(builder?.inputs).not.toHaveProperty("attachedDisks");
    expect(builder?.inputs).not.toHaveProperty("scratchDisks");
  });

  it("trap: user data that changes is not read again: the machine is another one then", () => {
    for (const { name, replaceOnChanges } of of("Instance"))
      expect(replaceOnChanges, name).toContain('metadata["user-data"]');
  });

  it("trap: a deleted log bucket keeps its name for a week, so that its name lasts as long as the data", () => {
    for (const { inputs, protect } of of("ProjectBucketConfig")) {
      expect(inputs.bucketId).toBe("logos-dev-data-keys-1234567");
      expect(protect).toBe(true);
    }
  });
});
