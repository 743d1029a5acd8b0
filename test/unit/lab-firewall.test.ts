import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { renderFirewall } from "../../providers/lab/network/firewall.ts";

const input = {
  labId: "dev",
  gateway: "10.83.0.1",
  rules: [
    { from: "operator", to: "bastion", protocol: "tcp", ports: [22] },
    { from: "bastion", to: "node", protocol: "tcp", ports: [22] },
    { from: "node", to: "control", protocol: "tcp", ports: [6817, 60001] },
    { from: "control", to: "node", protocol: "udp", ports: [6818] },
  ],
  members: [
    { name: "bastion", group: "bastion", address: "10.83.0.2" },
    { name: "control", group: "control", address: "10.83.0.3" },
    { name: "n-1", group: "node", address: "10.83.0.64" },
    { name: "n-2", group: "node", address: "10.83.0.65" },
  ],
} as const;

const empty = { ...input, rules: [], members: [] };
const canLoad = process.getuid?.() === 0 && spawnSync("nft", ["--version"]).status === 0;

/** The rules of one chain, trimmed. */
function chain(text: string, name: string): string[] {
  const body = new RegExp(`chain ${name} \\{\\n([^}]*(?:\\{[^}]*\\}[^}]*)*?)\\n {2}\\}`).exec(text)?.[1];
  return (body ?? "").split("\n").map((line) => line.trim());
}

describe("the lab's firewall", () => {
  test("is rendered as reviewed", () => {
    expect(renderFirewall(input)).toMatchSnapshot();
  });

  test("drops whatever no rule names, in each direction, and nothing of other bridges", () => {
    const text = renderFirewall(empty);
    expect(chain(text, "machines")).toEqual(["iifname . arp saddr ip @members accept", "drop"]);
    expect(chain(text, "to_host")).toEqual(["iifname . arp saddr ip @members accept", "drop"]);
    expect(chain(text, "from_host")).toEqual(["arp saddr ip 10.83.0.1 accept", "drop"]);
    for (const hook of ["forward", "input", "output"]) {
      const [policy, ...jumps] = chain(text, hook);
      expect(policy).toBe(`type filter hook ${hook} priority filter; policy accept;`);
      expect(jumps.every((jump) => /^[io]ifname "vb-[0-9a-z]{5}\*" jump /.test(jump))).toBe(true);
    }
  });

  test("a rule between machines never lets the host in, and a rule of the host no machine", () => {
    const text = renderFirewall(input);
    expect(chain(text, "from_host").filter((line) => line.includes("dport"))).toEqual([
      "ip saddr 10.83.0.1 oifname . ip daddr @bastion tcp dport { 22 } accept",
    ]);
    expect(chain(text, "machines").some((line) => line.includes("10.83.0.1"))).toBe(false);
  });

  test("a TCP reply may not open a connection", () => {
    const replies = renderFirewall(input)
      .split("\n")
      .filter((line) => line.includes("tcp sport"));
    expect(replies).toHaveLength(3);
    expect(replies.every((line) => line.includes("tcp flags & (syn | ack) != syn"))).toBe(true);
  });

  test("a machine is its port together with its address", () => {
    const sets = renderFirewall(input)
      .split("\n")
      .filter((line) => line.includes("elements"));
    expect(sets[0]?.match(/"vb-[0-9a-z]{12}" \. 10\.83\.0\.\d+/g)).toHaveLength(4);
  });

  test.skipIf(!canLoad)("is accepted by nft, with and without rules and members", () => {
    for (const variant of [input, empty]) {
      const checked = spawnSync("nft", ["-c", "-f", "-"], { input: renderFirewall(variant), encoding: "utf8" });
      expect(checked.stderr).toBe("");
      expect(checked.status).toBe(0);
    }
  });
});
