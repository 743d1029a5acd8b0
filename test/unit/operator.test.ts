import { describe, expect, it } from "vitest";
import type { SlurmNode } from "../../core/slurm/nodes.ts";
import { parseOutputs } from "../../operator/outputs.ts";
import { renderKnownHosts, renderSshConfig } from "../../operator/ssh.ts";
import { nodeLines, renderSummary } from "../../operator/summary.ts";

const outputs = {
  bastion: { address: "10.83.0.2", hostKey: "ssh-ed25519 AAAA bastion", port: 22 },
  control: { address: "10.83.0.3", hostKey: "ssh-ed25519 BBBB control" },
  image: { digest: "ab".repeat(32), commit: "c".repeat(40) },
  pool: { min: 3, max: 6, standby: 1 },
  operatorKey: "canary",
};

function node(name: string, flags: readonly string[], extra: string): SlurmNode {
  return {
    name,
    flags: new Set(flags),
    reason: "",
    reasonSetBy: "",
    address: "",
    extra,
    allocatedCpus: 0,
    memoryMb: 2918,
    allocatedMemoryMb: 0,
    features: [],
    reasonSetAt: 0,
    cpus: 2,
  };
}

describe("the outputs of a stack", () => {
  it("are read as the program exports them", () => {
    expect(parseOutputs(JSON.stringify(outputs), "dev")).toEqual(outputs);
  });

  it("are refused with every field that is wrong, and without the key", () => {
    const wrong = JSON.stringify({ ...outputs, pool: { min: "3" }, bastion: undefined });
    expect(() => parseOutputs(wrong, "dev")).toThrow(/outputs of stack "dev": .*bastion.*pool/);
    expect(() => parseOutputs(wrong, "dev")).not.toThrow(/canary/);
  });
});

describe("SSH access", () => {
  it("pins both host keys and takes the control plane through the bastion", () => {
    expect(renderKnownHosts(outputs)).toBe("10.83.0.2 ssh-ed25519 AAAA bastion\n10.83.0.3 ssh-ed25519 BBBB control\n");
    const config = renderSshConfig(outputs, "/run/key", "/hosts");
    expect(config).toContain("Host control\n  HostName 10.83.0.3\n  ProxyJump bastion\n");
    expect(config).toContain("  HostName 10.83.0.2\n  Port 22\n");
    expect(config).toContain("  StrictHostKeyChecking yes\n");
    expect(config).not.toContain("canary");
  });
});

describe("the summary", () => {
  const pass = '{"gate":"PASS","seconds":4.1,"commit":"cccccccccccc","image":"abababababab"}';
  const nodes = [
    node("n-2", ["IDLE", "DRAIN", "DYNAMIC_NORM"], pass),
    node("n-1", ["IDLE", "DYNAMIC_NORM"], pass),
    node("n-3", ["IDLE"], ""),
    node("n-4", ["DOWN"], pass),
    node("n-5", ["MIXED"], '{"gate":"FAIL"}'),
    node("vacant-1", ["DOWN"], ""),
  ];

  it("lists real nodes alone, and calls only those ready that passed and may take work", () => {
    expect(nodeLines(nodes)).toEqual([
      { name: "n-1", slots: 2, state: "idle", gate: "PASS in 4.1 s", ready: true },
      { name: "n-2", slots: 2, state: "idle+drain", gate: "PASS in 4.1 s", ready: false },
      { name: "n-3", slots: 2, state: "idle", gate: "no verdict", ready: false },
      { name: "n-4", slots: 2, state: "down", gate: "PASS in 4.1 s", ready: false },
      { name: "n-5", slots: 2, state: "mixed", gate: "FAIL", ready: false },
    ]);
  });

  it("says what stands and what to do next, and holds no secret", () => {
    const text = renderSummary("dev", outputs, nodeLines(nodes), "build/ssh/dev/config");
    expect(text).toContain('Stack "dev" is up: 1 of 5 nodes ready, bounds 3 to 6.');
    expect(text).toContain(`Image ${outputs.image.digest}`);
    expect(text).toContain("  n-1   2      idle        PASS in 4.1 s");
    expect(text).toContain("Rebuild       npx logos run rebuild --wait\n");
    expect(text).toContain("ssh -F build/ssh/dev/config control\n");
    expect(text).not.toContain("canary");
  });
});
