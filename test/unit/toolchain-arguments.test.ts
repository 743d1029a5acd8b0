import { describe, expect, it } from "vitest";
import { keepingProtected, withPolicyPack } from "../../toolchain/pulumi/arguments.ts";

const guarded = (line: string) => withPolicyPack(line.split(" "), "/repo/policies/run").join(" ");

describe("guardrails of npx pulumi", () => {
  it.each([
    ["up", "up --policy-pack /repo/policies/run"],
    ["update --yes", "update --policy-pack /repo/policies/run --yes"],
    ["preview --diff", "preview --policy-pack /repo/policies/run --diff"],
    ["pre", "pre --policy-pack /repo/policies/run"],
    ["-C /elsewhere --color never up -y", "-C /elsewhere --color never up --policy-pack /repo/policies/run -y"],
    [
      "-v 9 --logtostderr --cwd=/elsewhere up",
      "-v 9 --logtostderr --cwd=/elsewhere up --policy-pack /repo/policies/run",
    ],
  ])("adds the pack to: %s", (line, expected) => {
    expect(guarded(line)).toBe(expected);
  });

  it.each([
    "up --policy-pack mine",
    "preview --policy-pack=mine --diff",
    "destroy --yes",
    "stack output up",
    "config set up preview",
    "-C up refresh",
    "--version",
    "-C",
  ])("leaves as it is: %s", (line) => {
    expect(guarded(line)).toBe(line);
  });

  it("leaves an empty command line empty", () => {
    expect(withPolicyPack([], "/repo/policies/run")).toEqual([]);
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
