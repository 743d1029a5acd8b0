import { describe, expect, it } from "vitest";
import { planImage } from "../../../components/image/plan.ts";
import { targetOf } from "../../../components/targets.ts";
import { cloudTargets } from "../../../core/config/targets.ts";
import { configs } from "../../mocks/targets.ts";

describe.each(cloudTargets)("target %s", (target) => {
  it("makes another recipe of another vendor's image", async () => {
    const { place } = configs[target];
    const { machines, trees, vendorImage } = await targetOf(place);
    const plan = (image: string | undefined) =>
      planImage(
        { repository: "./workload", commit: "c".repeat(40), bundle: "c.bundle", history: [] },
        { file: "agent.mjs", sha256: "a".repeat(64) },
        "{}",
        { machines, trees, vendorImage: image },
      ).digest;
    expect(vendorImage).toEqual(expect.any(String));
    expect(plan(vendorImage)).not.toBe(plan(`${vendorImage}x`));
  });
});
