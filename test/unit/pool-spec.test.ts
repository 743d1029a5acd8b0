import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { afterAll, describe, expect, test, vi } from "vitest";
import type { NodePoolArgs } from "../../core/lab/resources.ts";

const root = mkdtempSync(`${tmpdir()}/pool-spec-`);
vi.stubEnv("LOGOS_LAB_ROOT", root);
const { credentialsFile, poolShape, readCredentials, readSpec, versionOf, writeSpec } = await import(
  "../../providers/lab/pool/spec.ts"
);
const { Journal } = await import("../../providers/lab/pool/journal.ts");
const { parse, unknown } = await import("../../providers/lab/shape.ts");
afterAll(() => rmSync(root, { recursive: true }));

const canary = "canary-4f1d";
const args: NodePoolArgs = {
  labId: "t",
  name: "nodes",
  min: 3,
  max: 6,
  standby: 1,
  demandKey: canary,
  imageId: `image:${"a".repeat(64)}`,
  node: { cpus: 2, memoryMb: 3072, diskMb: 4096, cacheDiskMb: 512, credentials: { "slurm.jwks": canary } },
  controlName: "control",
  controlAddress: "10.83.0.3",
  bastionAddress: "10.83.0.2",
  readyTimeoutSeconds: 60,
};

describe("the inputs of a pool", () => {
  const mistakes = (changes: object) => {
    const parsed = parse(poolShape, { ...args, ...changes });
    return parsed.kind === "wrong" ? parsed.mistakes.map((one) => `${one.property} ${one.reason}`) : parsed.kind;
  };

  test("are taken as they are when they are right, and waited for when they are not known", () => {
    expect(parse(poolShape, args)).toEqual({ kind: "known", value: args });
    expect(mistakes({ imageId: unknown })).toBe("unknown");
  });

  test.each([
    [{ min: 0 }, "min must be a whole number from 1 to 32, not 0"],
    [{ max: 33 }, "max must be a whole number from 1 to 32, not 33"],
    [{ min: 5, max: 4 }, "min must not be more than max, which is 4; it is 5"],
    [{ imageId: "image:latest" }, 'imageId must be "base:" or "image:" and a digest of 64 hex digits'],
    [{ controlAddress: "control" }, "controlAddress must be an IPv4 address"],
    [{ size: 3 }, "size is not a property here"],
  ])("%j is refused", (changes, reason) => {
    expect(mistakes(changes)).toEqual([expect.stringContaining(reason)]);
  });
});

describe("the version of a node", () => {
  const version = versionOf(args);
  test("is another one for another image, shape or credential", () => {
    const others = [
      { ...args, imageId: `image:${"b".repeat(64)}` },
      ...(["cpus", "memoryMb", "diskMb", "cacheDiskMb"] as const).map((key) => ({
        ...args,
        node: { ...args.node, [key]: args.node[key] + 1 },
      })),
      { ...args, node: { ...args.node, credentials: { "slurm.jwks": "other" } } },
      { ...args, node: { ...args.node, credentials: { ...args.node.credentials, more: "x" } } },
    ];
    expect(new Set([version, ...others.map(versionOf)]).size).toBe(others.length + 1);
  });

  test("is the same whatever else changes, in whatever order credentials come", () => {
    const resized: NodePoolArgs = { ...args, min: 4, max: 5 };
    expect(versionOf(resized)).toBe(version);
    const two = (credentials: Record<string, string>) => versionOf({ ...args, node: { ...args.node, credentials } });
    expect(two({ a: "1", b: "2" })).toBe(two({ b: "2", a: "1" }));
  });
});

describe("the spec on this host", () => {
  test("counts its generations, and keeps credentials in a file of their own that only root reads", async () => {
    const first = await writeSpec(args);
    const second = await writeSpec({ ...args, min: 4 });
    expect([first.generation, second.generation]).toEqual([1, 2]);
    expect(await readSpec("t", "nodes")).toEqual(second);
    expect(await readCredentials(second)).toEqual({ "slurm.jwks": canary });
    expect(statSync(credentialsFile(second)).mode & 0o777).toBe(0o600);
    const open = `${root}/labs/t/pools/nodes`;
    for (const file of readdirSync(open)) expect(readFileSync(`${open}/${file}`, "utf8")).not.toContain(canary);
  });

  test("leaves no credentials of an older version behind", async () => {
    const spec = await writeSpec({ ...args, node: { ...args.node, credentials: { "slurm.jwks": "next" } } });
    const folder = credentialsFile(spec).replace(/\/[^/]+$/, "");
    expect(readdirSync(folder)).toEqual([`${spec.version}.json`, "demand.key"].toSorted());
  });

  test("says what to do when the credentials are gone", async () => {
    const spec = await writeSpec(args);
    rmSync(credentialsFile(spec));
    await expect(readCredentials(spec)).rejects.toThrow("are gone from this host's memory. Run `pulumi up`.");
  });

  test("is none for a pool that was never made", async () => {
    expect(await readSpec("t", "other")).toBeUndefined();
  });
});

test("the journal is found again by the next manager", async () => {
  const record = { name: "n-b", version: "v", imageId: args.imageId, launchedAt: 5 };
  const journal = await Journal.open("t", "journal");
  await journal.write(record);
  await journal.write({ ...record, name: "n-a" });
  await journal.amend("n-b", { ending: { how: "fenced", reason: "gone" } });
  await journal.amend("n-never", { readyAt: 1 });
  const next = await Journal.open("t", "journal");
  expect(next.all()).toEqual([
    { ...record, name: "n-a" },
    { ...record, ending: { how: "fenced", reason: "gone" } },
  ]);
  await next.remove("n-a");
  expect((await Journal.open("t", "journal")).all().map((one) => one.name)).toEqual(["n-b"]);
});
