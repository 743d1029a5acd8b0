import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { renderPeers } from "../../../agent/boot/render.ts";
import { jobLogPort } from "../../../core/jobs/log.ts";
import { slurmPorts, srunPortRange } from "../../../core/slurm/ports.ts";
import { filesFolder } from "../../../images/files.ts";

const peers = renderPeers({
  name: "n",
  group: "node",
  instanceId: "i",
  address: "10.83.0.64",
  cpus: 1,
  memoryMb: 1,
  diskMb: 1,
  bastionAddress: "10.83.0.2",
  controlAddress: "10.83.0.3",
  operatorRanges: ["10.83.0.1/32"],
});

const rules = (role: string) => readFileSync(join(filesFolder, role, "etc/nftables.conf"), "utf8");

/** What a chain accepts beside loopback and answers, with comments gone. */
function accepted(role: string, chain: "input" | "output"): readonly string[] {
  const body = new RegExp(`chain ${chain} \\{(?<body>[\\s\\S]*?)\\n  \\}`).exec(rules(role))?.groups?.body ?? "";
  return body
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line.endsWith("accept") && line.startsWith("ip "));
}

describe.each(["node", "bastion", "control"])("the firewall of the %s", (role) => {
  // A network namespace of its own: the check needs rights, and must not see the rules of this host.
  it.skipIf(process.getuid?.() !== 0)("is accepted by nft", () => {
    const text = rules(role).replace('include "/run/logos/peers.nft"', peers);
    const checked = spawnSync("unshare", ["--net", "nft", "--check", "--file", "-"], { input: text, encoding: "utf8" });
    expect(checked.stderr).toBe("");
    expect(checked.status).toBe(0);
  });

  it("drops what no rule names, in every direction and address family", () => {
    expect(rules(role)).toMatch(/^table inet logos \{$/m);
    for (const chain of ["input", "forward", "output"])
      expect(rules(role)).toMatch(
        new RegExp(`chain ${chain} \\{\\s+type filter hook ${chain} priority filter; policy drop;`),
      );
  });
});

describe("what is let through", () => {
  const srun = `${srunPortRange.first}-${srunPortRange.last}`;
  it("to and from a node", () => {
    expect(accepted("node", "input")).toEqual([
      "ip saddr $bastion tcp dport 22 accept",
      `ip saddr $control tcp dport ${slurmPorts.node} accept`,
    ]);
    expect(accepted("node", "output")).toEqual([
      "ip daddr $bastion tcp sport 22 accept",
      `ip daddr $control tcp dport { ${slurmPorts.controller}, ${jobLogPort}, ${srun} } accept`,
    ]);
  });
  it("to and from the bastion", () => {
    expect(accepted("bastion", "input")).toEqual(["ip saddr $operator tcp dport 22 accept"]);
    expect(accepted("bastion", "output")).toEqual([
      "ip daddr $operator tcp sport 22 accept",
      "ip daddr $network ip daddr != $operator tcp dport 22 accept",
    ]);
  });
});
