import { describe, expect, it } from "vitest";
import { withPolicyPack } from "../../toolchain/pulumi/arguments.ts";

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
