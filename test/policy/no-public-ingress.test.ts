import { describe, expect, it } from "vitest";
import { flowRules } from "../../core/flow.ts";
import { noPublicIngress } from "../../policies/rules/ingress/no-public-ingress.ts";
import { unknown, violations } from "./harness.ts";

const types = ["logos:substrate:Network", "lab:index:Network"];
const rule = (from: unknown, to: unknown, ports: unknown, protocol = "tcp") => ({ from, to, ports, protocol });

describe.each(types)("no-public-ingress on %s", (type) => {
  const check = (rules: unknown, cidr: unknown = "10.83.0.0/24") =>
    violations(noPublicIngress, { type, props: { cidr, rules } });

  it("lets the rules of this project through", async () => {
    expect(await check(flowRules)).toEqual([]);
  });

  it.each([
    "0.0.0.0/0",
    "0.0.0.0/00",
    "0/0",
    "::/0",
    "0::/0",
    "::0/0",
    "*",
    "any",
    "Internet",
    "0.0.0.0/1",
    "128.0.0.0/1",
    "",
    null,
    7,
  ])("refuses the source %o", async (from) => {
    const found = await check([rule(from, "bastion", [22])]);
    expect(found[0]).toMatch(/^rules\[0\]: lets in /);
  });

  it("refuses a source that is left out", async () => {
    const found = await check([{ to: "node", ports: [6818], protocol: "tcp" }]);
    expect(found).toEqual([
      'rules[0]: lets in "anyone", allowed is operator, bastion, control, builder, node. Name the group it is for.',
    ]);
  });

  it.each([
    [rule("operator", "node", [22]), "to the outside"],
    [rule("operator", "control", [6817]), "to the outside"],
    [rule("operator", "bastion", [22, 80]), "to the outside"],
    [rule("operator", "bastion", [443]), "to the outside"],
    [rule("operator", "bastion", [22], "udp"), "to the outside"],
    [rule("node", "bastion", [6818]), "into the bastion"],
    [rule("node", "node", [22]), "log in"],
    [rule("control", "node", [22]), "log in"],
    [rule("control", "node", []), "does not name its ports"],
    [{ from: "control", to: "node", protocol: "tcp" }, "does not name its ports"],
    [rule("control", "node", [0]), "does not name its ports"],
    [rule("control", "node", ["6818"]), "does not name its ports"],
    [rule("control", "everything", [6818]), "leads to"],
  ])("refuses %o", async (wrong, message) => {
    expect((await check([wrong])).join("\n")).toContain(message);
  });

  it("refuses a public range and a range that is left out", async () => {
    expect(await check(flowRules, "8.8.8.0/24")).toHaveLength(1);
    expect(await check(flowRules, null)).toHaveLength(1);
  });

  it("refuses a network without rules", async () => {
    expect(await check(undefined)).toEqual([expect.stringContaining("has no list of rules")]);
  });

  it.each([
    { rules: unknown },
    { rules: [rule(unknown, "bastion", [22])] },
    { rules: [rule("operator", "bastion", [unknown])] },
    { rules: [rule("operator", "bastion", unknown)] },
  ])("does not let unknown values through: %o", async ({ rules }) => {
    const found = await check(rules);
    expect(found).toEqual([expect.stringContaining("cannot be decided until")]);
  });
});
