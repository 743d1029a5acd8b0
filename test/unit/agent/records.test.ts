import { describe, expect, it } from "vitest";
import { renderPeers, renderRuntimeResources, renderSlurmdEnvironment } from "../../../agent/boot/render.ts";
import { parseMachineRecord } from "../../../agent/machine.ts";
import type { MachineRecord } from "../../../core/machine.ts";
import { parseImageRecord, parseManifest, renderManifest } from "../../../core/manifest.ts";
import { parsePins, renderPins } from "../../../core/pins.ts";
import { parseVerdict, requiredChecks, type Verdict } from "../../../core/verdict.ts";

const record: MachineRecord = {
  name: "n-1a2b",
  group: "node",
  instanceId: "i-1",
  address: "10.83.0.64",
  cpus: 2,
  memoryMb: 3072,
  diskMb: 16384,
  bastionAddress: "10.83.0.2",
  controlAddress: "10.83.0.3",
  operatorRanges: ["10.83.0.1/32"],
  imageDigest: "d".repeat(64),
};
const pass: Verdict = {
  schema: 1,
  kind: "boot",
  result: "PASS",
  checks: requiredChecks.boot.map((id) => ({ id, result: "PASS", seconds: 1 })),
  commit: "c".repeat(40),
  imageDigest: "d".repeat(64),
  coqVersion: "8.20.1",
  startedAt: "2026-01-01T00:00:00.000Z",
  seconds: 4.1,
  agentVersion: "abc",
};

describe("a machine record", () => {
  it("is read as it was written", () => {
    expect(parseMachineRecord(JSON.stringify(record), "credential")).toEqual(record);
  });
  it("is refused with every mistake at once", () => {
    const wrong = { ...record, name: "n;drop", group: "king", address: "10.83.0.999", cpus: 0, extra: 1 };
    expect(() => parseMachineRecord(JSON.stringify(wrong), "credential")).toThrow(
      /credential: name must be a host name, .*group must be one of bastion, control, builder, node, .*address must be an IPv4 address, .*cpus must be .*extra is not a known key/,
    );
  });
  it("names the peers for the firewall", () => {
    expect(renderPeers(record)).toBe(
      "define bastion = 10.83.0.2\ndefine control = 10.83.0.3\ndefine operator = { 10.83.0.1/32 }\ndefine network = 10.83.0.0/24\n",
    );
  });
  it("gives the workload the numbers that Slurm gets", () => {
    expect(JSON.parse(renderRuntimeResources(record))).toEqual({ cpu_slots: 2, memory_mb: 2918, disk_mb: 16384 });
  });
});

describe("registration with Slurm", () => {
  it("tells features, size and the verdict", () => {
    expect(renderSlurmdEnvironment(record, pass)).toBe(
      [
        "LOGOS_NODE='n-1a2b'",
        "LOGOS_CONTROL='10.83.0.3'",
        "LOGOS_CONF='Feature=logos-proof-gated,img-dddddddddddd,coq-8.20.1 CPUs=2 RealMemory=2918 State=DRAIN Reason=standby'",
        `LOGOS_EXTRA='{"gate":"PASS","seconds":4.1,"at":"2026-01-01T00:00:00.000Z","commit":"cccccccccccc","image":"dddddddddddd"}'`,
        "",
      ].join("\n"),
    );
  });
  it.each<[string, Partial<Verdict>]>([
    ["a FAIL", { result: "FAIL" }],
    ["a verdict of the bake", { kind: "bake" }],
    ["a verdict of a rebuild", { kind: "rebuild" }],
  ])("is refused with %s", (_name, change) => {
    expect(() => renderSlurmdEnvironment(record, { ...pass, ...change })).toThrow("must not register");
  });
  it("is refused when a value could leave its quotes", () => {
    expect(() => renderSlurmdEnvironment(record, { ...pass, coqVersion: "8' Feature=x" })).toThrow("cannot stand in");
  });
});

describe("a verdict", () => {
  it("is read as it was written", () => {
    expect(parseVerdict(JSON.stringify(pass), "verdict")).toEqual(pass);
  });
  it.each<[string, object, RegExp]>([
    ["a PASS that lacks a check", { ...pass, checks: pass.checks.slice(1) }, /must contain manifest, passed/],
    ["a PASS with no checks", { ...pass, checks: [] }, /must contain manifest, commit/],
    [
      "a PASS with a failure",
      { ...pass, firstFailure: { id: "proofs", message: "x", outputTail: "", couldNotRun: false } },
      /is PASS although/,
    ],
    ["a FAIL without a reason", { ...pass, result: "FAIL" }, /must say what failed/],
    ["another schema", { ...pass, schema: 2 }, /knows no other/],
    ["a shortened commit", { ...pass, commit: "abc" }, /commit must be a commit id/],
  ])("is refused when it is %s", (_name, verdict, message) => {
    expect(() => parseVerdict(JSON.stringify(verdict), "verdict")).toThrow(message);
  });
});

describe("pins", () => {
  const text = renderPins({
    agentHash: "a".repeat(64),
    guardedFiles: new Map([
      ["z.py", "1".repeat(64)],
      ["a.py", "2".repeat(64)],
    ]),
    theorems: new Map([["L.M.t", ["b", "a"]]]),
  });
  it("are written sorted, one line each, and read back", () => {
    const pins = parsePins(text, "pins");
    expect([...pins.guardedFiles.keys()]).toEqual(["a.py", "z.py"]);
    expect(pins.theorems.get("L.M.t")).toEqual(["a", "b"]);
    expect(renderPins(parsePins(text, "pins"))).toBe(renderPins(pins));
  });
  it.each([
    ["a path out of the checkout", "a.py", "../a.py", /\.\.\/a\.py must be a relative path/],
    ["an absolute path", "a.py", "/etc/passwd", /must be a relative path/],
    ["a name that is more than a name", "L.M.t", "L.M.t. Axiom x : False", /must be a qualified Coq name/],
    ["an unqualified name", "L.M.t", "t", /must be a qualified Coq name/],
  ])("are refused with %s", (_name, from, to, message) => {
    expect(() => parsePins(text.replace(`"${from}"`, JSON.stringify(to)), "pins")).toThrow(message);
  });
});

describe("a manifest", () => {
  const entries = [
    { path: "/b c", sha256: "1".repeat(64) },
    { path: "/a", sha256: "2".repeat(64) },
  ];
  it("is in the format of sha256sum, sorted", () => {
    expect(renderManifest(entries)).toBe(`${"2".repeat(64)}  /a\n${"1".repeat(64)}  /b c\n`);
    expect(parseManifest(renderManifest(entries), "m")).toEqual([...entries].reverse());
  });
  it.each([
    ["", /cut off/],
    [`${"1".repeat(64)}  /a`, /cut off/],
    [`${"1".repeat(64)}  a\n`, /line 1 is not/],
    [`${"1".repeat(63)}  /a\n`, /line 1 is not/],
    [`${"1".repeat(64)}  /a\n${"2".repeat(64)}  /a\n`, /line 2 names \/a again/],
  ])("is refused as %j", (text, message) => {
    expect(() => parseManifest(text, "m")).toThrow(message);
  });
  it("belongs to an image record that is complete", () => {
    expect(() => parseImageRecord('{"digest":"d"}', "image.json")).toThrow(
      /digest must be 64 hex digits.*manifestSha256/,
    );
  });
});
