import { describe, expect, it } from "vitest";
import { keepingProtected, unpreviewed, withPolicyPack } from "../../toolchain/pulumi/arguments.ts";

const guarded = (line: string) => withPolicyPack(line.split(" "), "/repo/policies/run").join(" ");

describe("guardrails of npx pulumi", () => {
  it.each([
    ["up", "up --policy-pack /repo/policies/run"],
    ["update --yes", "update --policy-pack /repo/policies/run --yes"],
    ["preview --diff", "preview --policy-pack /repo/policies/run --diff"],
    ["pre", "pre --policy-pack /repo/policies/run"],
    ["up --policy-pack mine", "up --policy-pack /repo/policies/run --policy-pack mine"],
    ["-C /elsewhere --color never up -y", "-C /elsewhere --color never up --policy-pack /repo/policies/run -y"],
    [
      "-v 9 --logtostderr --cwd=/elsewhere up",
      "-v 9 --logtostderr --cwd=/elsewhere up --policy-pack /repo/policies/run",
    ],
  ])("adds the pack to: %s", (line, expected) => {
    expect(guarded(line)).toBe(expected);
  });

  it.each(["destroy --yes", "stack output up", "config set up preview", "-C up refresh", "--version", "-C"])(
    "leaves as it is: %s",
    (line) => {
      expect(guarded(line)).toBe(line);
    },
  );

  it("leaves an empty command line empty", () => {
    expect(withPolicyPack([], "/repo/policies/run")).toEqual([]);
  });
});

describe("an update without its preview", () => {
  const refused = (line: string, environment = {}) => unpreviewed(line.split(" "), environment);

  it.each([
    "up --skip-preview",
    "up --yes --skip-preview --stack dev",
    "update --skip-preview=true",
    "up -f",
    "up -yf",
    "-C /elsewhere up -fy",
  ])("is refused: %s", (line) => {
    expect(refused(line)).toMatch(/Leave out --skip-preview: `npx pulumi up --yes` previews/);
  });

  it("is refused by the environment, too, and as watch", () => {
    expect(refused("up --yes", { PULUMI_OPTION_SKIP_PREVIEW: "true" })).toContain("PULUMI_OPTION_SKIP_PREVIEW");
    expect(refused("up --yes", { PULUMI_OPTION_SKIP_PREVIEW: "false" })).toBeUndefined();
    expect(refused("watch")).toContain("`watch` updates without a preview");
  });

  it.each([
    "up",
    "up --yes --skip-preview=false",
    "up -y --config-file f -m=fix -mfix -sf",
    "destroy --yes --skip-preview",
    "destroy -yf",
    "refresh --skip-preview",
    "preview",
    "config set --skip-preview up",
  ])("is not this: %s", (line) => {
    expect(refused(line)).toBeUndefined();
  });
});

const kept = (line: string) => keepingProtected(line.split(" ")).join(" ");

describe("protected resources and npx pulumi destroy", () => {
  it.each([
    ["destroy", "destroy --exclude-protected"],
    ["destroy --yes --stack dev", "destroy --exclude-protected --yes --stack dev"],
    ["-C /elsewhere down -y", "-C /elsewhere down --exclude-protected -y"],
    ["dn", "dn --exclude-protected"],
  ])("keeps them in: %s", (line, expected) => {
    expect(kept(line)).toBe(expected);
  });

  it.each([
    "destroy --target urn:pulumi:dev::logos::a:b:C::d",
    "destroy -t=urn:pulumi:dev::logos::a:b:C::d",
    "destroy --exclude urn:pulumi:dev::logos::a:b:C::d",
    "destroy -x urn:pulumi:dev::logos::a:b:C::d",
    "destroy --exclude-protected=false",
    "destroy --ignore-protect --yes",
    "up",
    "stack rm destroy",
  ])("leaves as it is: %s", (line) => {
    expect(kept(line)).toBe(line);
  });
});
