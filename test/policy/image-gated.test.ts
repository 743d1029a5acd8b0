import { describe, expect, it } from "vitest";
import { imageGated } from "../../policies/rules/image/image-gated.ts";
import { type GivenInStack, stackViolations, unknown, violations } from "./harness.ts";

const digest = "ab".repeat(32);

describe("image-gated", () => {
  it("lets a digest through, on the component and on the lab's resources", async () => {
    expect(await violations(imageGated, { type: "logos:substrate:NodePool", props: { imageDigest: digest } })).toEqual(
      [],
    );
    expect(await violations(imageGated, { type: "lab:index:NodePool", props: { imageId: `image:${digest}` } })).toEqual(
      [],
    );
    expect(await violations(imageGated, { type: "lab:index:Snapshot", props: { digest } })).toEqual([]);
    const node = { group: "node", imageId: `image:${digest}` };
    expect(await violations(imageGated, { type: "lab:index:Machine", props: node })).toEqual([]);
  });

  it.each(["bastion", "control", "builder"])("lets a %s be made from a base", async (group) => {
    const props = { group, imageId: `base:${digest}` };
    expect(await violations(imageGated, { type: "lab:index:Machine", props })).toEqual([]);
  });

  it.each([
    ["logos:substrate:NodePool", { imageDigest: "latest" }],
    ["logos:substrate:NodePool", { imageDigest: digest.toUpperCase() }],
    ["logos:substrate:NodePool", {}],
    ["lab:index:NodePool", { imageId: `base:${digest}` }],
    ["lab:index:NodePool", { imageId: digest }],
    ["lab:index:NodePool", {}],
    ["lab:index:Machine", { group: "node", imageId: `base:${digest}` }],
    ["lab:index:Machine", { imageId: `base:${digest}` }],
    ["lab:index:Snapshot", { digest: `${digest}0` }],
  ])("refuses on %s: %o", async (type, props) => {
    expect(await violations(imageGated, { type, props })).toHaveLength(1);
  });

  it.each([
    ["logos:substrate:NodePool", { imageDigest: unknown }],
    ["lab:index:NodePool", { imageId: unknown }],
    ["lab:index:Machine", { group: "node", imageId: unknown }],
    ["lab:index:Machine", { group: unknown, imageId: `image:${digest}` }],
    ["lab:index:Snapshot", { digest: unknown }],
  ])("does not let unknown values through on %s: %o", async (type, props) => {
    expect(await violations(imageGated, { type, props })).toEqual([expect.stringContaining("cannot be decided until")]);
  });
});

describe("image-of-this-stack", () => {
  const pool = { type: "lab:index:NodePool", name: "pool", props: { imageId: `image:${digest}` } };
  const snapshot = { type: "lab:index:Snapshot", name: "image", props: { digest } };
  const smoke = {
    type: "command:remote:Command",
    name: "smoke",
    props: { create: "sudo /usr/lib/logos/step bake -- /usr/bin/logos-agent gate --bake" },
  };
  const seal = { type: "command:remote:Command", name: "seal", props: { create: "sudo /usr/lib/logos/seal" } };
  const captured = { ...snapshot, props: { digest, machineName: "builder-abababab" } };
  const check = (given: readonly GivenInStack[]) => stackViolations(imageGated, given);

  it("lets an image that stands already through", async () => {
    expect(await check([snapshot, pool])).toEqual([]);
  });

  it("lets a capture through that depends on its smoke, be it through other steps", async () => {
    const stack = [smoke, { ...seal, dependsOn: ["smoke"] }, { ...captured, dependsOn: ["seal"] }, pool];
    expect(await check(stack)).toEqual([]);
  });

  it("refuses a capture that does not depend on the smoke", async () => {
    const found = await check([smoke, seal, { ...captured, dependsOn: ["seal"] }, pool]);
    expect(found).toEqual([expect.stringContaining("image: captures a builder without depending on its smoke")]);
  });

  it("refuses a pool whose image is none of this stack", async () => {
    const other = { ...snapshot, props: { digest: "cd".repeat(32) } };
    expect(await check([other, pool])).toEqual([
      expect.stringContaining("pool: imageId: runs an image that is no Image"),
    ]);
    expect(await check([pool])).toHaveLength(1);
  });

  it("does not let an unknown image through", async () => {
    const found = await check([snapshot, { ...pool, props: { imageId: unknown } }]);
    expect(found).toEqual([expect.stringContaining('pool: cannot be decided until "imageId" is known')]);
  });
});
