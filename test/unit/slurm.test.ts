import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { flowRules } from "../../core/flow.ts";
import { jobLogPort } from "../../core/jobs/log.ts";
import { largestPool, placeholderAddress, renderSlurmConf, type SlurmConfInput } from "../../core/slurm/conf.ts";
import { renderSlurmJwks } from "../../core/slurm/jwks.ts";
import { isBusy, isPlaceholder, parseNodes } from "../../core/slurm/nodes.ts";
import { slurmPorts, srunPortRange } from "../../core/slurm/ports.ts";
import { parseWaiting } from "../../core/slurm/queue.ts";

const input: SlurmConfInput = { controlAddress: "10.83.0.3", poolMax: 6, node: { cpus: 2, memoryMb: 3072 } };

describe("slurm.conf", () => {
  test("is exactly this", async () => {
    await expect(renderSlurmConf(input)).toMatchFileSnapshot("./slurm-expected.conf");
  });

  test("has one placeholder for each node that the pool may have, of the size that nodes register with", () => {
    const conf = renderSlurmConf({ ...input, poolMax: 4, node: { cpus: 3, memoryMb: 1000 } });
    expect(conf).toContain("NodeName=vacant-[1-4] NodeAddr=192.0.2.1 CPUs=3 RealMemory=950 ");
    expect(conf).toContain("\nDefMemPerCPU=316\n");
  });

  test("leaves room for the placeholders and for twice the largest pool while it is replaced", () => {
    const bound = Number(/^MaxNodeCount=(\d+)$/m.exec(renderSlurmConf({ ...input, poolMax: largestPool }))?.[1]);
    expect(bound).toBeGreaterThan(3 * largestPool);
  });

  test.each([0, -1, 1.5, largestPool + 1, Number.NaN])("refuses a pool of %s", (poolMax) => {
    expect(() => renderSlurmConf({ ...input, poolMax })).toThrow(`poolMax must be 1 to ${largestPool}, not ${poolMax}`);
  });

  test("names the ports that the firewall of the control plane lets in", () => {
    const rules = readFileSync(new URL("../../images/files/control/etc/nftables.conf", import.meta.url), "utf8");
    const range = `${jobLogPort}, ${srunPortRange.first}-${srunPortRange.last}`;
    expect(rules).toContain(`ip saddr $network tcp dport { ${slurmPorts.controller}, ${range} } accept`);
    expect(rules).toContain(`ip daddr $network tcp dport ${slurmPorts.node} accept`);
    expect(flowRules.find((rule) => rule.from === "node")?.ports).toEqual([
      slurmPorts.controller,
      jobLogPort,
      ...slurmPorts.srun,
    ]);
    expect(slurmPorts.srun.length).toBe(63);
  });

  test("has placeholders at an address that the control plane's routes refuse at once", () => {
    const unit = new URL(
      "../../images/files/control/etc/systemd/system/slurmctld.service.d/10-logos.conf",
      import.meta.url,
    );
    expect(readFileSync(unit, "utf8")).toContain(
      `\nExecStartPre=+/usr/sbin/ip route replace unreachable ${placeholderAddress}/32\n`,
    );
  });
});

describe("slurm.jwks", () => {
  const first = { kid: "k1", base64: Buffer.from([0xfb, 0xff, 0]).toString("base64"), default: true };
  const second = { kid: "k2", base64: "AAAA", default: false };

  test("holds every key, in base64url, and marks the default one", () => {
    expect(JSON.parse(renderSlurmJwks([first, second]))).toEqual({
      keys: [
        { alg: "HS256", kty: "oct", kid: "k1", k: "-_8A", use: "default" },
        { alg: "HS256", kty: "oct", kid: "k2", k: "AAAA" },
      ],
    });
  });

  test("refuses none or two defaults, and two keys of one id", () => {
    expect(() => renderSlurmJwks([second])).toThrow("exactly one of 1 keys must be the default");
    expect(() => renderSlurmJwks([first, { ...second, default: true }])).toThrow("exactly one of 2 keys");
    expect(() => renderSlurmJwks([first, { ...second, kid: "k1" }])).toThrow("key ids must differ");
  });
});

describe("scontrol show nodes", () => {
  const node = {
    name: "n-1",
    state: ["MIXED", "DYNAMIC_NORM"],
    reason: "",
    reason_set_by_user: "root",
    address: "10.83.0.64",
    extra: '{"gate":"PASS"}',
    cpus: 2,
    alloc_cpus: 1,
    real_memory: 2918,
    alloc_memory: 1459,
    active_features: ["logos-proof-gated"],
    reason_changed_at: { set: true, infinite: false, number: 1795646280 },
    anything: "else",
  };
  const answer = (...nodes: readonly object[]) => JSON.stringify({ nodes, errors: [], warnings: [], meta: {} });

  test("is read into nodes, whatever else it holds", () => {
    expect(parseNodes(answer(node))).toEqual([
      {
        name: "n-1",
        flags: new Set(["MIXED", "DYNAMIC_NORM"]),
        reason: "",
        reasonSetBy: "root",
        address: "10.83.0.64",
        extra: '{"gate":"PASS"}',
        cpus: 2,
        allocatedCpus: 1,
        memoryMb: 2918,
        allocatedMemoryMb: 1459,
        features: ["logos-proof-gated"],
        reasonSetAt: 1_795_646_280_000,
      },
    ]);
    expect(parseNodes(answer())).toEqual([]);
  });

  test.each([
    ["", "is not JSON"],
    ["[]", "has no list of errors"],
    ['{"errors":[]}', "has no list of nodes"],
    ['{"errors":[{"error":"down"}],"nodes":[]}', 'reports [{"error":"down"}]'],
    [answer({ ...node, state: [] }), "nodes[0]: state has no flag"],
    [answer({ ...node, state: "IDLE" }), "nodes[0]: state is not a list of texts"],
    [answer(node, { ...node, alloc_cpus: null }), "nodes[1]: alloc_cpus is not a number"],
    [answer({ ...node, reason: 1 }), "nodes[0]: reason is not a string"],
  ])("refuses %s, so that it is never taken for an empty or idle pool", (text, reason) => {
    expect(() => parseNodes(text)).toThrow(reason);
  });

  test("a placeholder is known by its name", () => {
    const named = (name: string) => parseNodes(answer({ ...node, name })).map(isPlaceholder);
    expect([named("vacant-1"), named("vacant-12"), named("n-1"), named("n-vacant-1")]).toEqual([
      [true],
      [true],
      [false],
      [false],
    ]);
  });

  test("a node is busy while it has work or cleans up after it", () => {
    const busy = (state: readonly string[], allocated: number) =>
      parseNodes(answer({ ...node, state, alloc_cpus: allocated })).map(isBusy);
    expect(busy(["IDLE"], 0)).toEqual([false]);
    expect(busy(["IDLE", "DRAIN"], 0)).toEqual([false]);
    expect(busy(["IDLE"], 1)).toEqual([true]);
    for (const flag of ["ALLOCATED", "MIXED", "COMPLETING"]) expect(busy([flag, "DRAIN"], 0)).toEqual([true]);
  });
});

describe("jobs that wait", () => {
  const heldBack = (line: string) => parseWaiting(line).map((job) => job.heldBack);

  test("are held back when they ran before and wait for nothing but their time", () => {
    expect([heldBack("5|1||BeginTime|"), heldBack("6|2||None|")]).toEqual([[true], [true]]);
    for (const line of ["7|0||BeginTime|", "8|1||Resources|", "9|1||launch failed requeued held|"])
      expect(heldBack(line)).toEqual([false]);
  });

  test("say which node they were pinned to", () => {
    expect(parseWaiting("5|1|n-abc|BeginTime|\n10|0||ReqNodeNotAvail, UnavailableNodes:vacant-[1-6]|\n")).toEqual([
      { id: "5", pinnedTo: "n-abc", heldBack: true },
      { id: "10", pinnedTo: "", heldBack: false },
    ]);
    expect(parseWaiting("")).toEqual([]);
  });

  test("a line of another shape is an error", () => {
    expect(() => parseWaiting("slurm_load_jobs error")).toThrow("is not id|restarts|nodes|reason");
  });
});
