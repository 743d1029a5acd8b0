import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cloudName, fits, nameRules } from "../../../core/names.ts";

describe("cloudName", () => {
  it("leaves a name alone that the cloud takes as it is", () => {
    expect(cloudName(nameRules.iamRole, ["logos", "prod", "node"])).toBe("logos-prod-node");
  });

  it("cuts parts in proportion, and says by a hash what was cut", () => {
    const name = cloudName(nameRules.gcpServiceAccount, ["logos", "a-very-long-stack-name-of-somebody", "node"]);
    expect(name).toMatch(/^lo-a-very-long-st-n-[0-9a-z]{8}$/);
    expect(name.length).toBeLessThanOrEqual(30);
    expect(cloudName(nameRules.gcpServiceAccount, ["logos", "a-very-long-stack-name-of-somebodz", "node"])).not.toBe(
      name,
    );
  });

  it("tells apart what differs only in characters that the cloud does not take", () => {
    const names = ["a_b", "a.b", "a-b", "A-b", "a--b"].map((part) => cloudName(nameRules.iamRole, ["logos", part]));
    expect(new Set(names).size).toBe(names.length);
  });

  it("tells apart, where nothing stands between parts, what was joined otherwise", () => {
    expect(cloudName(nameRules.azureStorageAccount, ["ab", "c"])).not.toBe(
      cloudName(nameRules.azureStorageAccount, ["a", "bc"]),
    );
  });

  it("gives every account another bucket, and the same account the same one", () => {
    const bucket = (account: string) => cloudName(nameRules.s3Bucket, ["logos", "prod", "audit"], account);
    expect(bucket("111111111111")).not.toBe(bucket("222222222222"));
    expect(bucket("111111111111")).toBe(bucket("111111111111"));
    expect(bucket("111111111111")).toMatch(/^logos-prod-audit-[0-9a-z]{8}$/);
  });

  it("begins with a letter where one is asked for", () => {
    expect(cloudName(nameRules.azureKeyVault, ["7", "x"], "s")).toMatch(/^n7-x-/);
  });

  it("refuses what has no letter or digit", () => {
    expect(() => cloudName(nameRules.s3Bucket, ["--", "_"])).toThrow("has nothing that a name could be made of");
  });

  const part = fc.string({ minLength: 1, maxLength: 90, unit: fc.constantFrom(..."abcXYZ019-_./ é") });
  it.each(Object.entries(nameRules))(
    "obeys the rule of %s whatever it is given, with and without a salt",
    (_, rule) => {
      fc.assert(
        fc.property(
          fc.array(part, { minLength: 1, maxLength: 12 }),
          fc.option(fc.string(), { nil: undefined }),
          (parts, salt) => {
            fc.pre(parts.some((one) => /[a-z0-9]/i.test(one)));
            const name = cloudName(rule, parts, salt);
            expect(fits(rule, name), name).toBe(true);
            expect(cloudName(rule, parts, salt)).toBe(name);
          },
        ),
        { numRuns: 500 },
      );
    },
  );

  it.each(Object.entries(nameRules))("never gives two things one name under the rule of %s", (_, rule) => {
    const names = new Map<string, string>();
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 5 }), (parts) => {
        fc.pre(parts.some((one) => /[a-z0-9]/i.test(one)));
        const whole = parts.join(rule.separator || "\0");
        const name = cloudName(rule, parts);
        expect(names.get(name) ?? whole).toBe(whole);
        names.set(name, whole);
      }),
      { numRuns: 1000 },
    );
  });
});
